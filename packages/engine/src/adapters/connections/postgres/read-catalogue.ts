/** Reads what a PostgreSQL database holds, as far as the connection's user may read it. */
import type { Catalogue } from '@switchyard/shared';
import type { Deadline } from '../../deadline.ts';
import { mostTables, sampleCatalogue, type ListedColumn, type ListedTable } from '../../sql/sample-catalogue.ts';
import { tableName } from '../../sql/table-name.ts';
import { tablesWithin } from '../../sql/tables-within.ts';
import type { PostgresClient } from './open-client.ts';
import { inTransaction, readRows } from './transaction.ts';

/** Relations that are read like tables, by the letter that the server has for them. */
const tablesSql = `
  SELECT c.oid::text AS id, n.nspname AS schema, c.relname AS name, pg_table_is_visible(c.oid) AS "isVisible",
    CASE WHEN c.relkind IN ('r', 'p', 'm') AND c.reltuples >= 1000 THEN c.reltuples::bigint::text END AS rows, obj_description(c.oid, 'pg_class') AS description
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\\_%'
    AND has_schema_privilege(n.oid, 'USAGE') AND (has_table_privilege(c.oid, 'SELECT') OR has_any_column_privilege(c.oid, 'SELECT'))
  ORDER BY NOT pg_table_is_visible(c.oid), n.nspname, c.relname LIMIT ${mostTables}`;

const columnsSql = `
  SELECT a.attrelid::text AS id, a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type, NOT a.attnotnull AS "isNullable",
    CASE t.typcategory WHEN 'S' THEN 'text' WHEN 'E' THEN 'text' WHEN 'N' THEN 'number' WHEN 'D' THEN 'date' END AS holds,
    EXISTS (SELECT 1 FROM pg_index i WHERE i.indrelid = a.attrelid AND i.indisprimary AND a.attnum = ANY (i.indkey)) AS "isPrimaryKey",
    f.confrelid::text AS target, fa.attname AS "targetColumn"
  FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
    LEFT JOIN LATERAL (
      SELECT k.confrelid, k.confkey[array_position(k.conkey, a.attnum)] AS number FROM pg_constraint k
      WHERE k.conrelid = a.attrelid AND k.contype = 'f' AND a.attnum = ANY (k.conkey) ORDER BY cardinality(k.conkey), k.oid LIMIT 1
    ) f ON true
    LEFT JOIN pg_attribute fa ON fa.attrelid = f.confrelid AND fa.attnum = f.number
  WHERE a.attrelid = ANY ($1::oid[]) AND a.attnum > 0 AND NOT a.attisdropped AND has_column_privilege(a.attrelid, a.attnum, 'SELECT')
  ORDER BY a.attrelid, a.attnum`;

interface TableRow {
  id: string;
  schema: string;
  name: string;
  isVisible: boolean;
  rows: string | null;
  description: string | null;
}
interface ColumnRow {
  id: string;
  name: string;
  type: string;
  isNullable: boolean;
  holds: NonNullable<ListedColumn['holds']> | null;
  isPrimaryKey: boolean;
  target: string | null;
  targetColumn: string | null;
}

export async function readCatalogue(client: PostgresClient, deadline: Deadline, within?: readonly string[]): Promise<Catalogue> {
  const tables = tablesWithin(await listTables(client, deadline.endsAt - Date.now()), within, 'postgres');
  return await sampleCatalogue(tables, {
    dialect: 'postgres',
    quote,
    asText: (name) => `${name}::text`,
    read: async (sql, timeoutMs) => {
      try {
        return await inTransaction(client, { isWrite: false, ms: timeoutMs }, () => readRows(client, sql));
      } catch (error) {
        if (!client.isUsable) throw error;
        return undefined;
      }
    },
  });
}

/** Tables and views with their columns. */
export async function listTables(client: PostgresClient, ms: number): Promise<ListedTable[]> {
  return await inTransaction(client, { isWrite: false, ms }, async () => {
    const { rows: tables } = await client.client.query<TableRow>(tablesSql);
    const { rows: columns } = await client.client.query<ColumnRow>(columnsSql, [tables.map(({ id }) => id)]);
    const names = new Map(tables.map((table) => [table.id, nameOf(table)]));
    return tables.map(
      (table): ListedTable => ({
        name: nameOf(table),
        path: [table.schema, table.name],
        sql: `${quote(table.schema)}.${quote(table.name)}`,
        ...(table.rows !== null && { rows: Number(table.rows) }),
        ...(table.description !== null && { description: table.description.slice(0, 300) }),
        columns: columns
          .filter(({ id }) => id === table.id)
          .map((column) => ({
            name: column.name,
            type: column.type,
            isNullable: column.isNullable && !column.isPrimaryKey,
            isPrimaryKey: column.isPrimaryKey,
            holds: column.holds ?? undefined,
            ...referenceOf(column, names),
          })),
      }),
    );
  });
}

function referenceOf({ target, targetColumn }: ColumnRow, names: ReadonlyMap<string, string>): { references?: string } {
  const table = target === null ? undefined : names.get(target);
  return table === undefined || targetColumn === null ? {} : { references: `${table}.${targetColumn}` };
}

function nameOf({ schema, name, isVisible }: TableRow): string {
  return tableName(isVisible ? [name] : [schema, name], quote);
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
