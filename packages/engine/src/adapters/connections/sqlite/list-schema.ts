/** The tables and views of a database with their columns, as SQLite's own schema functions tell them. Internal and shadow tables are left out. */
import type { DatabaseSync } from 'node:sqlite';

export interface SchemaColumn {
  name: string;
  type: string;
  isNullable: boolean;
  isPrimaryKey: boolean;
  /** `table.column` that a foreign key points to. */
  references?: string;
}

export interface SchemaTable {
  name: string;
  columns: SchemaColumn[];
}

/** Connections here return arrays and BigInts. */
type Row = (string | bigint | null)[];

const mostTables = 500;

export function listSchema(database: DatabaseSync): SchemaTable[] {
  const tables = all(
    database,
    `SELECT name FROM pragma_table_list WHERE schema = 'main' AND type IN ('table', 'view', 'virtual') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name LIMIT ${mostTables}`,
  );
  return tables.map(([name]) => ({ name: String(name), columns: readableColumns(database, String(name)) }));
}

/** None where SQLite cannot tell, such as a view of a table that is gone. */
function readableColumns(database: DatabaseSync, table: string): SchemaColumn[] {
  try {
    return columnsOf(database, table);
  } catch {
    return [];
  }
}

function columnsOf(database: DatabaseSync, table: string): SchemaColumn[] {
  const references = new Map<string, string>();
  const rows = all(database, 'SELECT name, type, "notnull", pk, hidden FROM pragma_table_xinfo(?)', table);
  for (const [from, target, to] of all(database, 'SELECT "from", "table", "to" FROM pragma_foreign_key_list(?)', table)) {
    references.set(String(from), `${target}.${to ?? primaryKeyOf(database, String(target)) ?? 'rowid'}`);
  }
  // Hidden columns (1) are the arguments of virtual tables; generated ones (2, 3) are columns like any other.
  return rows
    .filter(([, , , , hidden]) => Number(hidden) !== 1)
    .map(([name, type, notnull, pk]) => {
      const target = references.get(String(name));
      return {
        name: String(name),
        type: String(type),
        isNullable: Number(notnull) === 0 && Number(pk) === 0,
        isPrimaryKey: Number(pk) > 0,
        ...(target !== undefined && { references: target }),
      };
    });
}

function primaryKeyOf(database: DatabaseSync, table: string): string | undefined {
  const row = all(database, 'SELECT name FROM pragma_table_info(?) WHERE pk = 1', table)[0];
  return row && String(row[0]);
}

function all(database: DatabaseSync, sql: string, ...parameters: string[]): Row[] {
  return database.prepare(sql).all(...parameters) as unknown as Row[];
}
