/**
 * Refuses a statement that uses more than the tables it is kept to, by the statement as DuckDB itself parses it.
 *
 * 1. A table is one of the list, or a WITH of the statement, and then only where no table has that name: which of both is meant depends on the place.
 * 2. What reads tables or files by other ways is refused: functions that are read like tables, but for a few, macros of the database, DESCRIBE and SHOW.
 * 3. A kind of source that is not known here is refused, as is what DuckDB cannot tell.
 */
import type { DuckDBConnection } from '@duckdb/node-api';
import { isJsonObject, type Json, type JsonObject } from '@switchyard/shared';
import { refusal } from '../../sql/sql-refusal.ts';
import { isListed, outsideRefusal } from '../../sql/tables-within.ts';

const sources: ReadonlySet<Json | undefined> = new Set([
  'SELECT_NODE',
  'BASE_TABLE',
  'SUBQUERY',
  'JOIN',
  'TABLE_FUNCTION',
  'EMPTY',
  'EXPRESSION_LIST',
  'PIVOT',
]);
const tableFunctions: ReadonlySet<string> = new Set(['range', 'generate_series', 'unnest', 'json_each', 'json_tree']);
/** They take SQL as a text. */
const refusedFunctions: ReadonlySet<string> = new Set(['json_serialize_plan', 'json_execute_serialized_sql']);

const parseSql = 'SELECT json_serialize_sql($1::VARCHAR)';
/** Every name that a statement could mean, DuckDB's own included. */
const relationsSql = 'SELECT lower(table_name) FROM duckdb_tables() UNION SELECT lower(view_name) FROM duckdb_views()';
const macrosSql = 'SELECT DISTINCT lower(function_name) FROM duckdb_functions() WHERE NOT internal';

interface Uses {
  tables: { schema: string; name: string; isElsewhere: boolean }[];
  /** Names of WITH. */
  named: Set<string>;
  functions: Set<string>;
}

export async function keepToTables(connection: DuckDBConnection, sql: string, within: readonly string[]): Promise<void> {
  const [[text] = []] = (await connection.runAndReadAll(parseSql, [sql])).getRows();
  const parsed = JSON.parse(String(text)) as JsonObject;
  if (parsed.error !== false) throw refusal(`its tables cannot be told (${String(parsed.error_message).slice(0, 300)}). Write it as a plain SELECT`);
  const uses: Uses = { tables: [], named: new Set(), functions: new Set() };
  gather(parsed, uses);
  await checkFunctions(connection, uses);
  const names = uses.named.size > 0 ? await firstTexts(connection, relationsSql) : new Set<string>();
  for (const { schema, name, isElsewhere } of uses.tables) {
    const isFirst = schema === '' || schema.toLowerCase() === 'main';
    if (!isElsewhere && isListed({ path: [isFirst ? 'main' : schema, name], isFirst }, within, 'duckdb')) continue;
    if (!isElsewhere && schema === '' && uses.named.has(name.toLowerCase()) && !names.has(name.toLowerCase())) continue;
    throw outsideRefusal(schema === '' ? name : `${schema}.${name}`, within);
  }
}

async function checkFunctions(connection: DuckDBConnection, { functions }: Uses): Promise<void> {
  if (functions.size === 0) return;
  const macros = await firstTexts(connection, macrosSql);
  const refused = [...functions].find((name) => macros.has(name) || refusedFunctions.has(name));
  if (refused !== undefined) throw refusal(`it calls ${refused}, which may read other tables than those of the node`);
}

function gather(value: Json, uses: Uses): void {
  if (Array.isArray(value)) for (const item of value) gather(item, uses);
  if (!isJsonObject(value)) return;
  // Every source has a sample, taken or not.
  if ('sample' in value && !sources.has(value.type)) throw refusal(`it has a ${String(value.type)}, which is not allowed where a node is kept to some tables`);
  if (value.type === 'SHOW_REF') throw refusal('it describes or lists tables, which is not allowed where a node is kept to some of them');
  if (value.type === 'BASE_TABLE')
    uses.tables.push({ schema: String(value.schema_name), name: String(value.table_name), isElsewhere: value.catalog_name !== '' });
  if (value.type === 'TABLE_FUNCTION') checkTableFunction(value);
  if (typeof value.function_name === 'string') uses.functions.add(value.function_name.toLowerCase());
  if (isJsonObject(value.cte_map)) for (const entry of value.cte_map.map as JsonObject[]) addNamed(String(entry.key), uses);
  for (const part of Object.values(value)) gather(part, uses);
}

function checkTableFunction({ function: called }: JsonObject): void {
  const name = isJsonObject(called) ? String(called.function_name).toLowerCase() : '';
  if (!tableFunctions.has(name)) throw refusal(`it reads from ${name || 'a function'}(), which is not allowed where a node is kept to some tables`);
}

function addNamed(name: string, { named }: Uses): void {
  // A name with a dot may be that of a file.
  if (!/^[\p{L}\p{N}_ ]+$/u.test(name)) throw refusal(`its WITH has the name ${name.slice(0, 60)}. Name it with letters, digits and _ only`);
  named.add(name.toLowerCase());
}

async function firstTexts(connection: DuckDBConnection, sql: string): Promise<Set<string>> {
  return new Set((await connection.runAndReadAll(sql)).getRows().map(([name]) => String(name)));
}
