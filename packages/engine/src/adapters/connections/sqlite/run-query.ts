/** Runs one guarded SELECT and writes its rows as the JSON of a QueryResult, within row and size caps. */
import type { StatementSync } from 'node:sqlite';
import type { Json, JsonObject } from '@switchyard/shared';
import { DatabaseError } from './database-protocol.ts';
import { explainError } from './explain-error.ts';
import type { OpenDatabase } from './open-database.ts';

type Value = null | number | bigint | string | Uint8Array;

const queryCaps = Object.freeze({ rows: 1_000, bytes: 1_000_000 });

/** The JSON text of a QueryResult. Throws a DatabaseError. */
export function runQuery(database: OpenDatabase, sql: string, parameters: JsonObject): string {
  database.guard.takeRefusal();
  try {
    return readRows(prepare(database, sql), parameters);
  } catch (error) {
    throw explainError(error, database);
  }
}

function prepare(database: OpenDatabase, sql: string): StatementSync {
  const statement = database.guarded.prepare(sql);
  // SQLite prepares the first statement and ignores what follows it.
  if (statement.sourceSQL !== sql) throw new DatabaseError('sql-refused', 'it has more than one statement. Send one SELECT at a time');
  if (statement.columns().length === 0) throw new DatabaseError('sql-refused', 'it gives no columns, so it is no query. Send a SELECT');
  return statement;
}

function readRows(statement: StatementSync, parameters: JsonObject): string {
  const columns = uniqueNames(statement.columns().map((column) => column.name));
  const head = `{"columns":${JSON.stringify(columns)},"rows":[`;
  const rows: string[] = [];
  let bytes = head.length;
  let isTruncated = false;
  for (const values of statement.iterate(bind(parameters)) as unknown as Iterable<Value[]>) {
    const row = JSON.stringify(Object.fromEntries(columns.map((name, index) => [name, toJson(values[index] as Value)])));
    bytes += Buffer.byteLength(row) + 1;
    isTruncated = rows.length >= queryCaps.rows || bytes > queryCaps.bytes;
    if (isTruncated) break;
    rows.push(row);
  }
  if (isTruncated && rows.length === 0)
    throw new DatabaseError(
      'sql-too-large',
      `its first row alone is over ${queryCaps.bytes / 1_000_000} MB. Select fewer columns, or parts of them with substr()`,
    );
  return `${head}${rows.join(',')}]${isTruncated ? ',"truncated":true' : ''}}`;
}

/** Equal column names would collapse into one property: the second becomes `name_2`. */
function uniqueNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    let unique = name;
    for (let count = 2; taken.has(unique) || (unique !== name && names.includes(unique)); count += 1) unique = `${name}_${count}`;
    taken.add(unique);
    return unique;
  });
}

/** Whole numbers that a double cannot hold become strings; bytes become `{ "base64": … }`. */
function toJson(value: Value): Json {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (value instanceof Uint8Array) return { base64: Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64') };
  return value;
}

/** Whole numbers are bound as such, or 7 / 2 would be 3.5; true and false as 1 and 0; lists and objects as their JSON. */
function bind(parameters: JsonObject): Record<string, null | number | bigint | string> {
  const bound: Record<string, null | number | bigint | string> = {};
  for (const [name, value] of Object.entries(parameters)) {
    if (typeof value === 'number') bound[name] = Number.isSafeInteger(value) ? BigInt(value) : value;
    else if (typeof value === 'boolean') bound[name] = value ? 1n : 0n;
    else bound[name] = value === null || typeof value === 'string' ? value : JSON.stringify(value);
  }
  return bound;
}
