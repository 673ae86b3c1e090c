/**
 * Refuses a statement that uses more than the tables it is kept to, by what the server itself takes its names for.
 *
 * 1. The server prepares the statement, and so locks every table that it names, and what the views among them read: nothing is run by that.
 *    It must be the first that a transaction does, so that every lock there is comes of it.
 * 2. What was locked is a table of the list, or what a view of the list reads and the statement does not name itself.
 * 3. Functions that are not the server's own may read any table, and some of its own do by a name given as text: none of them may be called.
 */
import type { QueryConfig } from 'pg';
import { refusal } from '../../sql/sql-refusal.ts';
import { calledNames, type SqlStatement } from '../../sql/sql-statement.ts';
import type { SqlToken } from '../../sql/sql-tokens.ts';
import { listedPath, outsideRefusal } from '../../sql/tables-within.ts';
import type { PostgresClient } from './open-client.ts';
import { firstTexts, readRows } from './transaction.ts';

const locksSql = `SELECT DISTINCT relation::pg_catalog.int8::text FROM pg_catalog.pg_lock_status() WHERE locktype OPERATOR(pg_catalog.=) 'relation' AND pid OPERATOR(pg_catalog.=) pg_catalog.pg_backend_pid()`;

/** $1 are names of the schema that is looked in first, $2 and $3 schemas with names; $4 what was locked. Gives what of it is not in the list, and whether a view of the list reads it. */
const outsideSql = `
  WITH RECURSIVE listed(oid) AS (
    SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE (c.relname = ANY ($1::text[]) AND pg_table_is_visible(c.oid))
      OR EXISTS (SELECT FROM unnest($2::text[], $3::text[]) AS named(schema, name) WHERE named.schema = n.nspname AND named.name = c.relname)
  ), reached(oid) AS (
    SELECT oid FROM listed
    UNION SELECT d.refobjid FROM reached v JOIN pg_rewrite r ON r.ev_class = v.oid AND r.ev_type = '1'
      JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid AND d.refclassid = 'pg_class'::regclass
  )
  SELECT COALESCE((SELECT c.relname::text FROM pg_class c WHERE c.oid = locked.oid), locked.oid::text), locked.oid IN (SELECT oid FROM reached)
  FROM unnest($4::oid[]) AS locked(oid) WHERE locked.oid NOT IN (SELECT oid FROM listed)`;

/** Functions of the server that give a table by its name as text, or tell of one, and those of such names that tell of nothing but values. */
const ofTables =
  /^(?:pg_|has_|lo_|to_reg|row_security_active|(?:col|obj|shobj)_description|ts_stat|ts_rewrite|currval|lastval|nextval|setval|reg\w+(?:in|out|recv|send)$)|_to_xml/;
const harmless: readonly string[] = ['pg_typeof', 'pg_column_size', 'pg_size_pretty', 'pg_size_bytes'];
const typesOfNames = /^reg(?:class|collation|config|dictionary|namespace|oper|operator|proc|procedure|role|type)$/;
/** $1 are names that are called, $2 those behind a dot: `o.peek` calls a function of the row `o` where no column has that name. */
const ownSql = `SELECT DISTINCT proname::text FROM pg_catalog.pg_proc WHERE pronamespace OPERATOR(pg_catalog.<>) 'pg_catalog'::pg_catalog.regnamespace
  AND (proname::text OPERATOR(pg_catalog.=) ANY ($1::text[]) OR (proname::text OPERATOR(pg_catalog.=) ANY ($2::text[]) AND pronargs OPERATOR(pg_catalog.=) 1
    AND EXISTS (SELECT FROM pg_catalog.pg_type t WHERE t.oid OPERATOR(pg_catalog.=) proargtypes[0] AND t.typtype OPERATOR(pg_catalog.=) ANY ('{c,p,d}'::"char"[]))))`;

const probed = new WeakSet<PostgresClient>();

/** Throws a SqlRefusal. Begins the work of its transaction. */
export async function keepToTables(client: PostgresClient, statement: SqlStatement, within: readonly string[]): Promise<void> {
  checkNames(statement);
  await probe(client);
  const prepare: QueryConfig & { queryMode: 'extended' } = { text: `PREPARE switchyard_tables AS ${statement.text}`, queryMode: 'extended' };
  await client.client.query(prepare);
  const locked = await firstTexts(client, locksSql);
  await client.client.query('DEALLOCATE switchyard_tables');
  const called = calledNames(statement.tokens);
  const dotted = namesBehindDots(statement.tokens);
  const [foreign] = called.length + dotted.length > 0 ? await firstTexts(client, ownSql, [called, dotted]) : [];
  if (foreign !== undefined) throw refusal(`it calls ${foreign}(), which may read other tables than those of the node`);
  if (locked.length === 0) return;
  const paths = within.map((entry) => listedPath(entry, 'postgres'));
  const named = paths.filter((path) => path.length === 2);
  const others = await readRows(client, outsideSql, [
    paths.filter((path) => path.length === 1).map(([name]) => name),
    named.map(([schema]) => schema),
    named.map(([, name]) => name),
    locked,
  ]);
  const names = new Set(statement.tokens.filter(isName).map(({ text }) => text.toLowerCase()));
  const outside = others.find(([name, isReached]) => isReached !== true || names.has(String(name).toLowerCase()));
  if (outside) throw outsideRefusal(String(outside[0]), within);
}

function namesBehindDots(tokens: readonly SqlToken[]): string[] {
  const behind = tokens.filter((token, index) => isName(token) && tokens[index - 1]?.kind === 'mark' && tokens[index - 1]?.text === '.');
  return [...new Set(behind.map(({ text }) => text))];
}

function isName({ kind }: SqlToken): boolean {
  return kind === 'word' || kind === 'name';
}

function checkNames({ tokens }: SqlStatement): void {
  // The server cuts it, and then it is another one.
  const long = tokens.find((token) => isName(token) && Buffer.byteLength(token.text) > 63);
  if (long) throw refusal(`it has the name ${long.text.slice(0, 20)}…, which is too long`);
  const called = calledNames(tokens).find((name) => ofTables.test(name) && !harmless.includes(name));
  if (called !== undefined) throw refusal(`it calls ${called.slice(0, 80)}(), which may tell of other tables than those of the node`);
  const type = tokens.find((token) => isName(token) && typesOfNames.test(token.text));
  if (type) throw refusal(`it uses the type ${type.text}, by which any table can be named`);
}

/** A server that does not tell locks as PostgreSQL does would let everything through. */
async function probe(client: PostgresClient): Promise<void> {
  if (probed.has(client)) return;
  await client.client.query('SAVEPOINT switchyard_probe');
  await client.client.query('PREPARE switchyard_probe AS TABLE pg_catalog.pg_class');
  const locked = await readRows(client, locksSql);
  await client.client.query('DEALLOCATE switchyard_probe; ROLLBACK TO SAVEPOINT switchyard_probe; RELEASE SAVEPOINT switchyard_probe');
  const left = await readRows(client, locksSql);
  if (locked.length !== 1 || left.length !== 0)
    throw refusal('this server does not tell which tables a statement uses, so a node cannot be kept to some. Empty the list of tables of the node');
  probed.add(client);
}
