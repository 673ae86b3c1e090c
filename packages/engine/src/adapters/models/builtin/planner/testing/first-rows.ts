/** For tests: what the planner's first query gives, to be compared with SQL written by hand. */
import type { DatabaseSync } from 'node:sqlite';
import { isJsonObject, type Json, type JsonObject } from '@switchyard/shared';
import { drive, queryTool, runQuery } from './drive.ts';

/** Rows of the first query that the planner makes for the request; undefined where it makes none. */
export async function firstRows(database: DatabaseSync, request: string): Promise<JsonObject[] | undefined> {
  const { turns } = await drive(request, [queryTool(database, 'data', 'Data')]);
  return rowsOf(turns[0]?.[0]?.result);
}

/** Rows of SQL written by hand. */
export function handRows(database: DatabaseSync, sql: string): JsonObject[] {
  const rows = rowsOf(runQuery(database, sql, {}));
  if (!rows) throw new Error(`The test's own SQL fails: ${sql}`);
  return rows;
}

/** Does each planned row hold the values of the row written by hand, in the same order and number? */
export function isSameResult(planned: readonly JsonObject[], byHand: readonly JsonObject[]): boolean {
  return (
    planned.length === byHand.length && byHand.every((row, index) => Object.values(row).every((value) => holds(Object.values(planned[index] ?? {}), value)))
  );
}

function holds(values: readonly Json[], wanted: Json): boolean {
  return values.some((value) => value === wanted || (typeof value === 'number' && typeof wanted === 'number' && Math.abs(value - wanted) < 0.006));
}

function rowsOf(result: Json | undefined): JsonObject[] | undefined {
  return isJsonObject(result) && Array.isArray(result.rows) ? result.rows.filter(isJsonObject) : undefined;
}
