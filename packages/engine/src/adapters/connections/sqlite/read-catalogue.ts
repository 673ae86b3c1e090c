/** Reads what a database holds, as help to whoever writes SQL for it. Bounded: large tables are counted in part, and time ends the extras first. */
import type { DatabaseSync } from 'node:sqlite';
import type { Catalogue, CatalogueColumn, CatalogueTable } from '@switchyard/shared';
import { listSchema, type SchemaColumn, type SchemaTable } from './list-schema.ts';

/** Rows counted at most; a larger table tells this many. */
const countedRows = 1_000_000;
/** Rows in which distinct values are looked for. */
const sampledRows = 20_000;
const mostDistinct = 50;
const shownValues = 12;
const longestValue = 60;
const budgetMs = 1_500;

export function readCatalogue(database: DatabaseSync): Catalogue {
  const endsAt = Date.now() + budgetMs;
  const tables = listSchema(database).map((table): CatalogueTable => {
    const rows = Date.now() < endsAt ? countRows(database, table.name) : 0;
    return { name: table.name, rows, columns: table.columns.map((column) => describeColumn(database, { table, column, hasTime: Date.now() < endsAt })) };
  });
  return { dialect: 'sqlite', tables };
}

function countRows(database: DatabaseSync, table: string): number {
  return Number(firstValues(database, `SELECT count(*) FROM (SELECT 1 FROM ${quote(table)} LIMIT ${countedRows})`)[0] ?? 0);
}

function describeColumn(database: DatabaseSync, place: { table: SchemaTable; column: SchemaColumn; hasTime: boolean }): CatalogueColumn {
  const { column } = place;
  const values = place.hasTime && isText(column) ? distinctValues(database, place.table.name, column.name) : undefined;
  return {
    name: column.name,
    type: column.type,
    nullable: column.isNullable,
    ...(column.isPrimaryKey && { primaryKey: true }),
    ...(column.references !== undefined && { references: column.references }),
    ...(values && { values }),
  };
}

/** SQLite's own rule for text affinity. A key's values are names, not kinds. */
function isText({ type, isPrimaryKey }: SchemaColumn): boolean {
  return !isPrimaryKey && /CHAR|CLOB|TEXT/i.test(type) && !/INT/i.test(type);
}

function distinctValues(database: DatabaseSync, table: string, column: string): string[] | undefined {
  const found = firstValues(
    database,
    `SELECT DISTINCT ${quote(column)} FROM (SELECT ${quote(column)} FROM ${quote(table)} LIMIT ${sampledRows}) WHERE ${quote(column)} IS NOT NULL LIMIT ${mostDistinct + 1}`,
  );
  const texts = found.filter((value): value is string => typeof value === 'string');
  if (texts.length === 0 || texts.length > mostDistinct || texts.some((text) => text.length > longestValue)) return undefined;
  return texts.sort().slice(0, shownValues);
}

/** The first column of each row; none where the table cannot be read, such as a view of a table that is gone. */
function firstValues(database: DatabaseSync, sql: string): unknown[] {
  try {
    return (database.prepare(sql).all() as unknown as unknown[][]).map((row) => row[0]);
  } catch {
    return [];
  }
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
