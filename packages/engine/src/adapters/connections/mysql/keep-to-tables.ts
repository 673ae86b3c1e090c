/**
 * Refuses a statement that uses more than the tables it is kept to. MySQL and MariaDB tell nobody which tables a statement uses, so every name in it is
 * taken for one that could be a table's.
 *
 * 1. A name that a table of the address's database has must be in the list, wherever it stands: a column that is called like another table is refused too.
 * 2. Another database is named only before a table of it that is in the list.
 * 3. Names are compared as no server compares more loosely: without case and accents.
 * 4. Names that the server would read otherwise than the checks, since they begin with a digit or $, are refused without backquotes.
 * 5. Stored functions may read any table: none may be called.
 */
import { refusal } from '../../sql/sql-refusal.ts';
import { calledNames, type SqlStatement } from '../../sql/sql-statement.ts';
import type { SqlToken } from '../../sql/sql-tokens.ts';
import { isListed, outsideRefusal } from '../../sql/tables-within.ts';
import type { MysqlClient } from './open-client.ts';
import { listRows } from './transaction.ts';

const mostNames = 1_000;
/** There even where they are not told. */
const ownSchemas: readonly string[] = ['information_schema', 'mysql', 'performance_schema', 'sys'];

const loosely = (column: string, count: number) =>
  `CONVERT(${column} USING utf8mb4) COLLATE utf8mb4_general_ci IN (${Array.from({ length: count }, () => 'CONVERT(? USING utf8mb4)').join(', ')})`;
const tablesSql = (count: number) =>
  `SELECT table_schema, table_name FROM information_schema.tables WHERE table_schema = DATABASE() AND ${loosely('table_name', count)}`;
const schemasSql = (count: number) =>
  `SELECT schema_name FROM information_schema.schemata WHERE NOT (schema_name <=> DATABASE()) AND ${loosely('schema_name', count)}`;
const qualifiedSql = `SELECT table_schema, table_name FROM information_schema.tables WHERE ${loosely('table_schema', 1)} AND ${loosely('table_name', 1)}`;
const routinesSql = (count: number) => `SELECT routine_name FROM information_schema.routines WHERE ${loosely('routine_name', count)}`;

/** Throws a SqlRefusal. */
export async function keepToTables(
  client: MysqlClient,
  { tokens, sql }: Pick<SqlStatement, 'tokens'> & { sql: string },
  within: readonly string[],
): Promise<void> {
  checkSpelling(tokens, sql);
  const names = [...new Set(tokens.filter(isName).map(({ text }) => text.toLowerCase()))];
  if (names.length > mostNames) throw refusal(`it has over ${mostNames} names, too many to tell its tables`, 'sql-too-large');
  if (names.length === 0) return;
  await checkCalls(client, tokens);
  for (const [schema, table] of await listRows(client, tablesSql(names.length), names)) checkListed([schema, table], true);
  const others = (await listRows(client, schemasSql(names.length), names)).map(([schema]) => String(schema));
  const known = await schemasNamed(client, tokens, [...others, ...ownSchemas]);
  for (const index of known) {
    const [schema, dot, table] = tokens.slice(index, index + 3);
    const found = dot?.text === '.' && table && isName(table) ? await listRows(client, qualifiedSql, [schema?.text ?? '', table.text]) : [];
    if (found.length === 0) throw outsideRefusal(String(schema?.text), within);
    for (const path of found) checkListed(path, false);
  }

  function checkListed(path: readonly unknown[], isFirst: boolean): void {
    const parts = path.map(String);
    if (!isListed({ path: parts, isFirst }, within, client.dialect)) throw outsideRefusal(parts.join('.'), within);
  }
}

function isName({ kind }: SqlToken): boolean {
  return kind === 'word' || kind === 'name';
}

/** Where one of these databases is named that is not the address's own. */
async function schemasNamed(client: MysqlClient, tokens: readonly SqlToken[], schemas: readonly string[]): Promise<number[]> {
  const [[own] = []] = await listRows(client, 'SELECT DATABASE()');
  const wanted = new Set(schemas.map(plain).filter((name) => own === null || name !== plain(String(own))));
  return tokens.flatMap((token, index) => (isName(token) && wanted.has(plain(token.text)) ? [index] : []));
}

/** Without case and accents. */
function plain(name: string): string {
  return name.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase().trimEnd();
}

async function checkCalls(client: MysqlClient, tokens: readonly SqlToken[]): Promise<void> {
  const called = calledNames(tokens);
  if (called.length === 0) return;
  const qualified = tokens.findIndex(({ text, kind }, index) => kind === 'mark' && text === '.' && isCalled(tokens, index + 1));
  const [stored] = qualified >= 0 ? [[tokens[qualified + 1]?.text]] : await listRows(client, routinesSql(called.length), called);
  if (stored) throw refusal(`it calls ${String(stored[0])}(), which may read other tables than those of the node`);
}

function isCalled(tokens: readonly SqlToken[], index: number): boolean {
  const [name, paren] = tokens.slice(index, index + 2);
  return name !== undefined && isName(name) && paren?.kind === 'mark' && paren.text === '(';
}

function checkSpelling(tokens: readonly SqlToken[], sql: string): void {
  const namePart = /[\w$\u0080-\uffff]+/y;
  for (const [index, token] of tokens.entries()) {
    if (token.kind !== 'mark' || !/^[\d$]$/.test(token.text)) continue;
    const before = tokens[index - 1];
    if (before?.kind === 'mark' && before.end === token.start && /^[\d$]$/.test(before.text)) continue;
    namePart.lastIndex = token.start;
    const run = namePart.exec(sql)?.[0] ?? '';
    const qualifier = before?.kind === 'mark' && before.text === '.' ? tokens[index - 2] : undefined;
    const isPart = qualifier !== undefined && isName(qualifier) && qualifier.end === before?.start;
    const isNumber = /^(?:\d+(?:[eE]\d+)?|0x[0-9a-fA-F]+|0b[01]+)$/.test(run) || (/^\d+[eE]$/.test(run) && /^[+-]\d/.test(sql.slice(token.start + run.length)));
    if (isPart || !isNumber) throw refusal(`it has ${run.slice(0, 60)}. A name that begins with a digit or $ stands in backquotes`);
  }
}
