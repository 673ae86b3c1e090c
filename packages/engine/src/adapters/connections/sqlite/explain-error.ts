/** Turns what SQLite says into what to do: which code, and for a wrong name the nearest real ones. */
import { nameHint } from '../../sql/nearest-names.ts';
import { isListed } from '../../sql/tables-within.ts';
import { SqlRefusal } from '../../sql/sql-refusal.ts';
import { DatabaseError } from '../../sql/database-protocol.ts';
import { listSchema } from './list-schema.ts';
import type { OpenDatabase } from './open-database.ts';

/** SQLite's primary result codes that mean something else than wrong SQL. */
const meanings: Readonly<Record<number, (said: string) => DatabaseError>> = {
  5: (said) => new DatabaseError('connection-busy', `the database is locked by a writer (${said}). Try again`, true),
  6: (said) => new DatabaseError('connection-busy', `a table is locked by a writer (${said}). Try again`, true),
  7: () => new DatabaseError('sql-too-large', 'it needs more memory than a query may use. Filter or aggregate more'),
  10: (said) => new DatabaseError('connection-unreachable', `the file cannot be read (${said})`, true),
  11: (said) => new DatabaseError('connection-unreachable', `the file is damaged (${said})`),
  13: () => new DatabaseError('sql-too-large', 'it needs more space than a query may use. Filter or aggregate more'),
  14: (said) => new DatabaseError('connection-unreachable', `the file cannot be opened (${said}). Check its permissions, and those of its folder`),
  18: () => new DatabaseError('sql-too-large', 'a value in it is over 1 MB. Select parts of it with substr()'),
  26: () => new DatabaseError('connection-unreachable', 'the file is no SQLite database. Check the URL of the connection'),
};
const constraint = 19;
const authorization = 23;
const readOnly = 8;

export function explainError(error: unknown, database: OpenDatabase | undefined, within?: readonly string[]): DatabaseError {
  if (error instanceof DatabaseError) return error;
  if (error instanceof SqlRefusal) return new DatabaseError(error.code, error.message);
  const { errcode, message } = error as { errcode?: number; message?: string };
  const said = message ?? String(error);
  const refusal = database?.guard.takeRefusal();
  const code = (errcode ?? 0) & 0xff;
  const isWriter = database?.guard.access === 'write';
  if (isWriter && refusal === undefined && code === readOnly)
    return new DatabaseError('connection-unreachable', `the file cannot be written (${said}). Check its permissions, and those of its folder`);
  if (refusal !== undefined || code === authorization || code === readOnly) {
    const allowed = isWriter ? 'One INSERT, UPDATE or DELETE is allowed here' : 'Only SELECT is allowed here';
    return new DatabaseError('sql-refused', `it uses ${refusal ?? 'what is not allowed'}. ${allowed}`);
  }
  if (code === constraint) return new DatabaseError('sql-constraint', `a rule of the database forbids it (${said})`);
  return meanings[code]?.(said) ?? new DatabaseError('sql-invalid', `${said}${hint(said, database, within)}`);
}

function hint(said: string, database: OpenDatabase | undefined, within: readonly string[] | undefined): string {
  const missing = /^no such (table|column): (.+)$/.exec(said);
  if (!missing || !database) return '';
  return nameHint(
    missing[1] as 'table' | 'column',
    missing[2] as string,
    listSchema(database.plain).filter(({ name }) => !within || isListed({ path: ['main', name], isFirst: true }, within, 'sqlite')),
  );
}
