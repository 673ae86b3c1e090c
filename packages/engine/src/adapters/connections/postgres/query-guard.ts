/**
 * What a read may call. A transaction that is read-only lets functions act that change settings, take locks, end sessions or read the server's files:
 * all of them are volatile by the server's own word, so only functions that are not may be called, and the few volatile ones that do no more than tell.
 */
import { refusal } from '../../sql/sql-refusal.ts';
import { calledNames, type SqlStatement } from '../../sql/sql-statement.ts';

/** Volatile, and harmless: chance, clocks, sizes. */
const harmless: readonly string[] = [
  'random',
  'random_normal',
  'gen_random_uuid',
  'uuidv4',
  'uuidv7',
  'clock_timestamp',
  'timeofday',
  'pg_column_size',
  'pg_database_size',
  'pg_indexes_size',
  'pg_relation_size',
  'pg_table_size',
  'pg_tablespace_size',
  'pg_total_relation_size',
];

/** Ids of new rows come from them. */
const ofWriters: readonly string[] = ['nextval', 'currval', 'lastval'];

/** Longer names are cut by the server, and would be looked up as others. */
const longestName = 63;

/** Names of functions that a statement calls, to be asked for with `volatileSql`. Throws where one cannot be told. */
export function namesToCheck(statement: Pick<SqlStatement, 'tokens'>): string[] {
  const names = calledNames(statement.tokens);
  const long = names.find((name) => Buffer.byteLength(name) > longestName);
  if (long !== undefined) throw refusal(`it calls ${long.slice(0, 20)}…, whose name is too long`);
  return names;
}

/** Gives the names among $1 that may not be called; $2 are those that may although they are volatile. */
export const volatileSql = `SELECT DISTINCT proname::text FROM pg_catalog.pg_proc WHERE proname::text OPERATOR(pg_catalog.=) ANY ($1::text[]) AND provolatile OPERATOR(pg_catalog.=) 'v' AND NOT (pronamespace OPERATOR(pg_catalog.=) 'pg_catalog'::pg_catalog.regnamespace AND proname::text OPERATOR(pg_catalog.=) ANY ($2::text[]))`;

export function permittedVolatile(access: 'read' | 'write'): readonly string[] {
  return access === 'write' ? [...harmless, ...ofWriters] : harmless;
}

export function refuseCall(name: string): never {
  throw refusal(`it calls ${name}(), which may do more than read. Only functions that change nothing are allowed here`);
}
