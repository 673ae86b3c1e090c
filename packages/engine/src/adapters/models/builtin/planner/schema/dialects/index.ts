/** The dialects that the planner writes, by the name that a catalogue gives. */
import { sqlDialects, type SqlDialect } from '@switchyard/shared';
import type { Dialect } from './dialect.ts';
import { duckdb } from './duckdb.ts';
import { mysql } from './mysql.ts';
import { postgres } from './postgres.ts';
import { sqlite } from './sqlite.ts';

export const dialects: Readonly<Record<SqlDialect, Dialect>> = { sqlite, postgres, mysql, mariadb: mysql, duckdb };

/** The dialect that a catalogue names; SQLite where it names none that is known. */
export function readDialect(name: unknown): SqlDialect {
  return sqlDialects.find((one) => one === name) ?? 'sqlite';
}
