/** The tables and views of a database with their columns, as DuckDB's own catalogue tells them. */
import type { DuckDBConnection } from '@duckdb/node-api';
import type { ListedColumn, ListedTable } from '../../sql/sample-catalogue.ts';
import { mostTables } from '../../sql/sample-catalogue.ts';
import { tableName } from '../../sql/table-name.ts';
import { quote } from './open-database.ts';

const columnsSql = `
  SELECT table_schema, table_name, column_name, data_type, is_nullable = 'YES'
  FROM information_schema.columns WHERE table_catalog = current_database() AND table_schema NOT IN ('information_schema', 'pg_catalog')
  ORDER BY table_schema <> 'main', table_schema, table_name, ordinal_position LIMIT 20000`;
const keysSql = `
  SELECT schema_name, table_name, constraint_type, constraint_column_names[1], referenced_table, referenced_column_names[1], len(constraint_column_names)
  FROM duckdb_constraints() WHERE database_name = current_database() AND constraint_type IN ('PRIMARY KEY', 'FOREIGN KEY')`;

interface Keys {
  primary: Set<string>;
  references: Map<string, string>;
}

export async function listTables(connection: DuckDBConnection): Promise<ListedTable[]> {
  const keys = await readKeys(connection);
  const tables = new Map<string, ListedTable>();
  for (const [schema, table, column, type, isNullable] of (await connection.runAndReadAll(columnsSql)).getRows()) {
    const path = pathOf(schema, table);
    const name = tableName(path, quote);
    const listed = tables.get(name) ?? { name, path: [String(schema), String(table)], columns: [], sql: path.map(quote).join('.') };
    listed.columns.push(describe(`${name}.${String(column)}`, { name: String(column), type: String(type), isNullable: isNullable === true }, keys));
    tables.set(name, listed);
  }
  return [...tables.values()].slice(0, mostTables);
}

/** What is in the schema that is looked in first needs no other name than its own. */
function pathOf(schema: unknown, table: unknown): string[] {
  return schema === 'main' ? [String(table)] : [String(schema), String(table)];
}

function describe(place: string, column: Pick<ListedColumn, 'name' | 'type' | 'isNullable'>, { primary, references }: Keys): ListedColumn {
  const isPrimaryKey = primary.has(place);
  const target = references.get(place);
  return { ...column, isPrimaryKey, holds: holdsOf(column.type), ...(target !== undefined && { references: target }) };
}

function holdsOf(type: string): ListedColumn['holds'] {
  if (/^(VARCHAR$|ENUM\()/.test(type)) return 'text';
  if (/^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|FLOAT|DOUBLE|DECIMAL\(.*\))$/.test(type)) return 'number';
  return /^(DATE|TIME|TIMESTAMP)\b/.test(type) && !type.endsWith(']') ? 'date' : undefined;
}

/** Keys of one column. */
async function readKeys(connection: DuckDBConnection): Promise<Keys> {
  const keys: Keys = { primary: new Set(), references: new Map() };
  for (const [schema, table, type, column, target, to, count] of (await connection.runAndReadAll(keysSql)).getRows()) {
    if (Number(count) !== 1) continue;
    const place = `${tableName(pathOf(schema, table), quote)}.${String(column)}`;
    if (type === 'PRIMARY KEY') keys.primary.add(place);
    else keys.references.set(place, `${tableName(pathOf(schema, target), quote)}.${String(to)}`);
  }
  return keys;
}
