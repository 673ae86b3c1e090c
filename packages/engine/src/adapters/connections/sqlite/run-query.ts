/** Runs one guarded SELECT and writes its rows as the JSON of a QueryResult, within row and size caps. */
import type { StatementSync } from 'node:sqlite';
import type { Json, JsonObject } from '@switchyard/shared';
import { bytesToJson, numberToJson, wholeToJson } from '../../sql/json-values.ts';
import { RowCollector } from '../../sql/row-collector.ts';
import { DatabaseError } from '../../sql/database-protocol.ts';
import { explainError } from './explain-error.ts';
import { keepingTo } from './keep-to-tables.ts';
import type { OpenDatabase } from './open-database.ts';

export type Value = null | number | bigint | string | Uint8Array;

/** What is asked of a database. */
export interface Query {
  sql: string;
  parameters: JsonObject;
  /** The only tables that it may use. */
  tables?: readonly string[];
}

/** The JSON text of a QueryResult. Throws a DatabaseError. */
export function runQuery(database: OpenDatabase, { sql, parameters, tables }: Query): string {
  database.guard.takeRefusal();
  try {
    return keepingTo(database, tables, () => {
      const statement = prepare(database, sql);
      if (statement.columns().length === 0) throw new DatabaseError('sql-refused', 'it gives no columns, so it is no query. Send a SELECT');
      return readRows(statement, parameters);
    });
  } catch (error) {
    throw explainError(error, database, tables);
  }
}

/** One statement, and no more. */
export function prepare(database: OpenDatabase, sql: string): StatementSync {
  const statement = database.guarded.prepare(sql);
  // SQLite prepares the first statement and ignores what follows it.
  if (statement.sourceSQL !== sql) throw new DatabaseError('sql-refused', 'it has more than one statement. Send one at a time');
  return statement;
}

function readRows(statement: StatementSync, parameters: JsonObject): string {
  const rows = new RowCollector(statement.columns().map((column) => column.name));
  for (const values of statement.iterate(bind(parameters)) as unknown as Iterable<Value[]>) if (!rows.add(values.map(toJson))) break;
  return rows.text();
}

export function toJson(value: Value): Json {
  if (typeof value === 'bigint') return wholeToJson(value);
  if (typeof value === 'number') return numberToJson(value);
  return value instanceof Uint8Array ? bytesToJson(value) : value;
}

/** Whole numbers are bound as such, or 7 / 2 would be 3.5; true and false as 1 and 0; lists and objects as their JSON. */
export function bind(parameters: JsonObject): Record<string, null | number | bigint | string> {
  const bound: Record<string, null | number | bigint | string> = {};
  for (const [name, value] of Object.entries(parameters)) {
    if (typeof value === 'number') bound[name] = Number.isSafeInteger(value) ? BigInt(value) : value;
    else if (typeof value === 'boolean') bound[name] = value ? 1n : 0n;
    else bound[name] = value === null || typeof value === 'string' ? value : JSON.stringify(value);
  }
  return bound;
}
