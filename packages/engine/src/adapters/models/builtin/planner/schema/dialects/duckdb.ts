/** DuckDB: much of PostgreSQL's SQL with date functions of its own. Its time zone is the machine's, so that UTC has to be asked for. */
import type { Column } from '../model.ts';
import type { Moment, TimeUnit } from '../moment.ts';
import { doubleQuoted, epochSeconds, isOneOf, isTextDate, likePattern, singleQuoted, type Dialect } from './dialect.ts';

const forms = { day: '%Y-%m-%d', week: '%Y-W%W', month: '%Y-%m', year: '%Y', weekday: '%A' } as const;
const now = "now() AT TIME ZONE 'UTC'";
const today = `CAST(${now} AS DATE)`;

export const duckdb: Dialect = {
  isTypeless: false,
  always: 'TRUE',
  quote: doubleQuoted,
  text: singleQuoted,
  boolean: (value) => (value ? 'TRUE' : 'FALSE'),
  asText: (value) => `CAST(${value} AS VARCHAR)`,
  joined: (texts) => texts.join(' || '),
  equals: (value, texts, isNot) =>
    `LOWER(CAST(${value} AS VARCHAR)) ${isOneOf(
      texts.map((text) => `LOWER(${singleQuoted(text)})`),
      isNot,
    )}`,
  contains: (value, text) => `CAST(${value} AS VARCHAR) ILIKE ${singleQuoted(likePattern(text))} ESCAPE '\\'`,
  rounded: (value) => `ROUND(${value}, 2)`,
  ascending: (value) => `${value} NULLS FIRST`,
  descending: (value) => `${value} DESC NULLS LAST`,
  figure: (_, name) => name,
  dated,
  moment: momentText,
  period,
};

function dated(column: Column, name: string): string {
  if (column.isYear) return `(LPAD(CAST(CAST(${name} AS INTEGER) AS VARCHAR), 4, '0') || '-01-01')`;
  if (column.isEpoch) return `make_timestamp(CAST((${epochSeconds(name)}) * 1000000.0 AS BIGINT))`;
  return column.storage === 'zoned' ? `(${name} AT TIME ZONE 'UTC')` : name;
}

function momentText(moment: Moment, column: Column): string {
  const isText = isTextDate(column);
  if (moment.kind === 'day') return singleQuoted(moment.day);
  if (moment.kind === 'now') return isText ? `strftime(${now}, '%Y-%m-%d %H:%M:%S')` : `(${now})`;
  const { startOf, change } = moment;
  const start = startOf ? `date_trunc('${startOf}', ${today})` : today;
  const day = change ? `${start} + INTERVAL '${change.count} ${change.unit}'` : start;
  return isText ? `strftime(${day}, '%Y-%m-%d')` : day;
}

function period(column: Column, name: string, unit: TimeUnit): string {
  // A text that is no moment falls into no period; a cast that fails would fail the whole query.
  const moment = isTextDate(column) ? `TRY_CAST(${dated(column, name)} AS TIMESTAMP)` : dated(column, name);
  if (unit === 'quarter') return `strftime(${moment}, '%Y') || '-Q' || quarter(${moment})`;
  return `strftime(${moment}, '${forms[unit]}')`;
}
