/** What a column's declared type says of its values. */
import type { SqlDialect } from '@switchyard/shared';

/** `zoned` is a moment with a time zone, `textlike` what has a text that people know (an enum, a UUID, a domain), `other` what has none. */
export type Storage = 'number' | 'boolean' | 'date' | 'moment' | 'zoned' | 'text' | 'textlike' | 'other';

export interface ColumnType {
  storage: Storage;
  isWhole: boolean;
  /** People may name its values by their text. */
  isText: boolean;
  /** Holds dates or moments by its type alone. */
  isDated: boolean;
  /** May hold dates or moments, if its name says so. */
  mayBeDated: boolean;
}

const wholeType = /(?<!PO)INT(?:EGER|\d+)?\b|\b(?:BIG|SMALL)?SERIAL\d?\b|^YEAR$/;
const fractionType = /(?:REAL|(?<!E)NUM(?:BER|ERIC)?|DEC(?:IMAL)?|FLOAT(?:ING|\d+)?|DOUBLE|MONEY)\b/;
const textType = /CHAR|TEXT|STRING|CLOB|ENUM|^SET$|^NAME$/;
/** Types without an order or a text that people know. Any type that is not told here has been made by somebody: an enum or a domain, as a rule. */
const otherType =
  /\[|^(?:STRUCT|MAP|UNION|LIST|ARRAY)\b|JSON|XML|BYTEA|BLOB|BINARY|\bBIT\b|INTERVAL|^TIME\b|^TIMETZ|RANGE|POINT|LINE|LSEG|^BOX|PATH|POLYGON|CIRCLE|GEO|VECTOR|^TSQUERY|^HSTORE/;

export function readType(declared: string, dialect: SqlDialect): ColumnType {
  const full = declared.toUpperCase();
  // "decimal(8,2)" and "timestamp(3) with time zone" without what stands in brackets: the values of an enum may be any words.
  const type = full.replace(/\(.*\)/s, '').trim();
  const storage = storageOf(type, full, dialect);
  const isNumber = storage === 'number';
  const isWhole = isNumber && wholeType.test(type);
  // SQLite keeps any value in any column: its types are no more than words.
  if (dialect === 'sqlite')
    return { storage, isWhole, isText: !isNumber && !/BOOL|BLOB/.test(type), isDated: /DATE|TIME/.test(type), mayBeDated: storage !== 'boolean' };
  return {
    storage,
    isWhole,
    isText: storage === 'text' || storage === 'textlike',
    isDated: storage === 'date' || storage === 'moment' || storage === 'zoned',
    mayBeDated: storage === 'text' || isNumber,
  };
}

function storageOf(type: string, full: string, dialect: SqlDialect): Storage {
  // A list holds numbers, and is none.
  if (type.includes('[')) return 'other';
  // BOOLEAN is told so by MySQL and MariaDB.
  if (/BOOL/.test(type) || ((dialect === 'mysql' || dialect === 'mariadb') && /^(?:TINYINT|BIT)\(1\)/.test(full))) return 'boolean';
  if (wholeType.test(type) || fractionType.test(type)) return 'number';
  if (/^(?:TIMESTAMP|DATETIME)/.test(type)) return /TZ$|WITH TIME ZONE/.test(type) ? 'zoned' : 'moment';
  if (type === 'DATE') return 'date';
  if (textType.test(type)) return 'text';
  return otherType.test(type) ? 'other' : 'textlike';
}
