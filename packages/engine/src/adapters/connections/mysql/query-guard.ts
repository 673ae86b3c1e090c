/** What a read may call: what takes locks, waits, reads the server's files or counts on is refused, and stored functions are unless they say that they only read. */
import { refusal } from '../../sql/sql-refusal.ts';
import { calledNames, type SqlStatement } from '../../sql/sql-statement.ts';

const refused: ReadonlySet<string> = new Set(
  `load_file sleep benchmark get_lock release_lock release_all_locks master_pos_wait source_pos_wait master_gtid_wait wait_for_executed_gtid_set
  wait_until_sql_thread_after_gtids gtid_wait nextval lastval setval last_insert_id sys_exec sys_eval sys_get sys_set load_xml analyse`.split(/\s+/),
);

/** Names that a statement calls, to be looked for among stored functions. Throws for one that may not be called. */
export function namesToCheck(statement: Pick<SqlStatement, 'tokens'>): string[] {
  const { tokens } = statement;
  const names = calledNames(tokens).map((name) => name.toLowerCase());
  const bad = names.find((name) => refused.has(name));
  if (bad !== undefined) refuseCall(bad);
  const words = tokens.map(({ kind, text }) => (kind === 'word' ? text : ''));
  if (words.some((word, index) => (word === 'next' || word === 'previous') && words[index + 1] === 'value' && words[index + 2] === 'for'))
    throw refusal('it takes a value of a sequence. Only functions that change nothing are allowed here');
  if (tokens.some(({ kind, text }) => kind === 'mark' && text === ':=')) throw refusal('it sets a variable with :=. Only SELECT is allowed here');
  return names;
}

export function refuseCall(name: string): never {
  throw refusal(`it calls ${name}(), which may do more than read. Only functions that change nothing are allowed here`);
}

/** Stored functions of these names that do not say that they only read. */
export const storedSql = (count: number) =>
  `SELECT routine_name FROM information_schema.routines WHERE routine_type = 'FUNCTION' AND sql_data_access NOT IN ('NO SQL', 'READS SQL DATA') AND LOWER(routine_name) IN (${Array.from({ length: count }, () => '?').join(', ')})`;
