/** Runs one SELECT and writes its rows as the JSON of a QueryResult, within row and size caps. */
import {
  BIGINT,
  BOOLEAN,
  DOUBLE,
  SQLNULL,
  StatementType,
  VARCHAR,
  type DuckDBConnection,
  type DuckDBPreparedStatement,
  type DuckDBType,
  type DuckDBValue,
} from '@duckdb/node-api';
import type { Json, JsonObject } from '@switchyard/shared';
import { nameHint } from '../../sql/nearest-names.ts';
import { RowCollector } from '../../sql/row-collector.ts';
import { refusal } from '../../sql/sql-refusal.ts';
import { calledNames, readStatement, type StatementStyle } from '../../sql/sql-statement.ts';
import { tablesWithin } from '../../sql/tables-within.ts';
import { explainError } from './explain-error.ts';
import { keepToTables } from './keep-to-tables.ts';
import { listTables } from './list-tables.ts';
import { toJson } from './values.ts';

const style: StatementStyle = { syntax: 'standard', placeholder: (_, number) => `$${number}` };

/** They act on the database, though they read nothing else that is not allowed. */
const refusedFunctions: ReadonlySet<string> = new Set(['checkpoint', 'force_checkpoint', 'write_log', 'setseed']);

/** The JSON text of a QueryResult. Throws a DatabaseError. */
export async function runQuery(
  connection: DuckDBConnection,
  { sql, parameters, tables }: { sql: string; parameters: JsonObject; tables?: readonly string[] },
): Promise<string> {
  try {
    const statement = readStatement(sql, parameters, style);
    const refused = calledNames(statement.tokens).find((name) => refusedFunctions.has(name.toLowerCase()));
    if (refused !== undefined) throw refusal(`it calls ${refused}, which is not allowed here`);
    if (tables) await keepToTables(connection, statement.text, tables);
    return await readRows(connection, statement);
  } catch (error) {
    const missing = /(Table with name|Referenced column) "?([^\s"]+)"?/.exec((error as Error).message);
    const hint = missing
      ? nameHint(missing[1] === 'Referenced column' ? 'column' : 'table', missing[2] as string, tablesWithin(await listTables(connection), tables, 'duckdb'))
      : '';
    throw explainError(error, hint);
  }
}

async function readRows(connection: DuckDBConnection, { text, values }: { text: string; values: Json[] }): Promise<string> {
  const extracted = await connection.extractStatements(text);
  if (extracted.count !== 1) throw refusal('it is not one statement. Send one SELECT at a time');
  const prepared = await extracted.prepare(0);
  try {
    // The database's own word for what it is.
    if (prepared.statementType !== StatementType.SELECT) throw refusal('it is no query. Only SELECT is allowed here');
    return await collectRows(prepared, values);
  } finally {
    // Else what it holds is given back when garbage is collected, which may be hundreds of queries later.
    prepared.destroySync();
  }
}

async function collectRows(prepared: DuckDBPreparedStatement, values: readonly Json[]): Promise<string> {
  if (values.length > 0) {
    const bound = values.map(bindable);
    prepared.bind(
      bound.map(([value]) => value),
      bound.map(([, type]) => type),
    );
  }
  const result = await prepared.stream();
  const rows = new RowCollector(result.columnNames());
  for (let chunk = await result.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
    for (const row of chunk.getRows()) if (!rows.add(row.map(toJson))) return rows.text();
  }
  return rows.text();
}

/** Lists and objects as their JSON. */
function bindable(value: Json): [value: DuckDBValue, type: DuckDBType] {
  if (value === null) return [null, SQLNULL];
  if (typeof value === 'boolean') return [value, BOOLEAN];
  if (typeof value === 'number') return Number.isSafeInteger(value) ? [BigInt(value), BIGINT] : [value, DOUBLE];
  return [typeof value === 'string' ? value : JSON.stringify(value), VARCHAR];
}
