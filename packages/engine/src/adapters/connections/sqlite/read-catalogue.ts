/** Reads what a database holds, as help to whoever writes SQL for it. */
import type { DatabaseSync } from 'node:sqlite';
import type { Catalogue } from '@switchyard/shared';
import { sampleCatalogue, type ListedColumn, type ListedTable } from '../../sql/sample-catalogue.ts';
import { tablesWithin } from '../../sql/tables-within.ts';
import { listSchema, type SchemaTable } from './list-schema.ts';

export function readCatalogue(database: DatabaseSync, within?: readonly string[]): Promise<Catalogue> {
  return sampleCatalogue(tablesWithin(listSchema(database).map(listed), within, 'sqlite'), {
    dialect: 'sqlite',
    quote,
    // Any column may hold any value.
    asText: (name) => `CASE WHEN typeof(${name}) <> 'blob' THEN CAST(${name} AS TEXT) END`,
    read: async (sql) => readRows(database, sql),
    // It is at hand: counting as many takes some hundredths of a second.
    mostCounted: 1_000_000,
  });
}

function listed({ name, columns }: SchemaTable): ListedTable {
  return { name, path: ['main', name], sql: quote(name), columns: columns.map((column) => ({ ...column, holds: holdsOf(column.type) })) };
}

/** SQLite's own rules of affinity, with the names by which dates are told. */
function holdsOf(type: string): ListedColumn['holds'] {
  if (/INT/i.test(type)) return 'number';
  if (/CHAR|CLOB|TEXT/i.test(type)) return 'text';
  if (/DATE|TIME/i.test(type)) return 'date';
  return /BLOB/i.test(type) || type === '' ? undefined : 'number';
}

/** Undefined where the table cannot be read, such as a view of a table that is gone. */
function readRows(database: DatabaseSync, sql: string): unknown[][] | undefined {
  try {
    return database.prepare(sql).all() as unknown as unknown[][];
  } catch {
    return undefined;
  }
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
