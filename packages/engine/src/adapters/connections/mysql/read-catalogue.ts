/** Reads what a MySQL or MariaDB server holds, as far as the connection's user may read it: of the address's database, or of all. */
import type { Catalogue } from '@switchyard/shared';
import type { Deadline } from '../../deadline.ts';
import { mostTables, sampleCatalogue, type ListedColumn, type ListedTable } from '../../sql/sample-catalogue.ts';
import { tableName } from '../../sql/table-name.ts';
import { tablesWithin } from '../../sql/tables-within.ts';
import type { MysqlClient } from './open-client.ts';
import { inTransaction, listRows } from './transaction.ts';

const within = (column: string) =>
  `${column} NOT IN ('mysql', 'information_schema', 'performance_schema', 'sys') AND (DATABASE() IS NULL OR ${column} = DATABASE())`;

const tablesSql = `SELECT table_schema, table_name, table_type, table_rows, table_comment, DATABASE() IS NOT NULL FROM information_schema.tables
  WHERE ${within('table_schema')} ORDER BY table_schema, table_name LIMIT ${mostTables}`;
const columnsSql = `SELECT table_schema, table_name, column_name, column_type, is_nullable, column_key, data_type FROM information_schema.columns
  WHERE ${within('table_schema')} ORDER BY table_schema, table_name, ordinal_position LIMIT 20000`;
const keysSql = `SELECT table_schema, table_name, column_name, referenced_table_schema, referenced_table_name, referenced_column_name
  FROM information_schema.key_column_usage WHERE referenced_table_name IS NOT NULL AND ${within('table_schema')} LIMIT 20000`;

const typesThatHold: Readonly<Record<NonNullable<ListedColumn['holds']>, readonly string[]>> = {
  text: ['char', 'varchar', 'tinytext', 'text', 'mediumtext', 'longtext', 'enum', 'set'],
  number: ['tinyint', 'smallint', 'mediumint', 'int', 'bigint', 'decimal', 'float', 'double', 'year'],
  date: ['date', 'datetime', 'timestamp', 'time'],
};
/** The server's estimate is off by so much that few rows are better counted. */
const estimatedFrom = 10_000;
const listingMs = 5_000;

export async function readCatalogue(client: MysqlClient, deadline: Deadline, within?: readonly string[]): Promise<Catalogue> {
  const tables = tablesWithin(await listTables(client, deadline.endsAt - Date.now()), within, client.dialect);
  return await sampleCatalogue(tables, {
    dialect: client.dialect,
    quote,
    asText: (name) => `CAST(${name} AS CHAR)`,
    read: async (sql, ms) => {
      try {
        return await inTransaction(client, { isWrite: false, ms }, () => listRows(client, sql));
      } catch (error) {
        if (!client.isUsable) throw error;
        return undefined;
      }
    },
  });
}

/** Tables and views with their columns. */
export async function listTables(client: MysqlClient, ms = listingMs): Promise<ListedTable[]> {
  return await inTransaction(client, { isWrite: false, ms }, async () => {
    const tables = await listRows(client, tablesSql);
    const columns = await listRows(client, columnsSql);
    const isSingle = Number(tables[0]?.[5]) === 1;
    const nameOf = (schema: unknown, table: unknown) => tableName(isSingle ? [String(table)] : [String(schema), String(table)], quote);
    const references = new Map(
      (await listRows(client, keysSql)).map(([schema, table, column, toSchema, toTable, toColumn]) => [
        JSON.stringify([schema, table, column]),
        `${nameOf(toSchema, toTable)}.${String(toColumn)}`,
      ]),
    );
    return tables.map(
      ([schema, table, type, rows, comment]): ListedTable => ({
        name: nameOf(schema, table),
        path: [String(schema), String(table)],
        sql: `${quote(String(schema))}.${quote(String(table))}`,
        ...(type === 'BASE TABLE' && Number(rows) >= estimatedFrom && { rows: Number(rows) }),
        ...(typeof comment === 'string' && comment !== '' && type === 'BASE TABLE' && { description: comment.slice(0, 300) }),
        columns: columns
          .filter((column) => column[0] === schema && column[1] === table)
          .map(([, , name, columnType, isNullable, key, dataType]) => {
            const target = references.get(JSON.stringify([schema, table, name]));
            return {
              name: String(name),
              type: String(columnType),
              isNullable: isNullable === 'YES',
              isPrimaryKey: key === 'PRI',
              holds: holdsOf(String(dataType).toLowerCase()),
              ...(target !== undefined && { references: target }),
            };
          }),
      }),
    );
  });
}

function holdsOf(type: string): ListedColumn['holds'] {
  return (['text', 'number', 'date'] as const).find((kind) => typesThatHold[kind].includes(type));
}

function quote(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}
