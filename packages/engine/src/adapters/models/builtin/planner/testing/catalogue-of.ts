/** For tests: the catalogue of a SQLite database, and a database made from a catalogue. */
import type { DatabaseSync } from 'node:sqlite';
import type { Catalogue, CatalogueColumn, CatalogueTable, Json } from '@switchyard/shared';
import { doubleQuoted as quoteName } from '../schema/dialects/dialect.ts';

/** Reads what the database holds, with up to 12 values of columns that hold at most 50. */
export function catalogueOf(database: DatabaseSync): Catalogue {
  const names = database
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
    .all()
    .map(({ name }) => String(name));
  return { dialect: 'sqlite', tables: names.map((name) => tableOf(database, name)) };
}

function tableOf(database: DatabaseSync, name: string): CatalogueTable {
  const keys = database.prepare(`PRAGMA foreign_key_list(${quoteName(name)})`).all();
  const columns = database
    .prepare(`PRAGMA table_info(${quoteName(name)})`)
    .all()
    .map((column): CatalogueColumn => {
      const key = keys.find(({ from }) => from === column.name);
      const values = valuesOf(database, name, String(column.name));
      return {
        name: String(column.name),
        type: String(column.type),
        nullable: column.notnull === 0,
        ...(Number(column.pk) > 0 && { primaryKey: true }),
        ...(key && { references: `${String(key.table)}.${String(key.to ?? 'id')}` }),
        ...(values.length > 0 && { values }),
      };
    });
  const rows = database.prepare(`SELECT COUNT(*) AS number FROM ${quoteName(name)}`).get();
  return { name, rows: Number(rows?.number ?? 0), columns };
}

function valuesOf(database: DatabaseSync, table: string, column: string): Json[] {
  const values = database
    .prepare(`SELECT DISTINCT ${quoteName(column)} AS value FROM ${quoteName(table)} WHERE ${quoteName(column)} IS NOT NULL ORDER BY 1 LIMIT 51`)
    .all();
  return values.length > 50 ? [] : values.slice(0, 12).map(({ value }) => value as Json);
}

/** The statements that make empty tables of this catalogue. */
export function schemaSql(catalogue: Catalogue): string {
  return catalogue.tables
    .map((table) => `CREATE TABLE ${quoteName(table.name)} (${table.columns.map((column) => `${quoteName(column.name)} ${column.type}`).join(', ')});`)
    .join('\n');
}
