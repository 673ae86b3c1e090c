/** Turns what DuckDB says into what to do. */
import { DatabaseError } from '../../sql/database-protocol.ts';
import { SqlRefusal } from '../../sql/sql-refusal.ts';

/** By how its messages begin; the first that fits. */
const meanings: readonly [begins: RegExp, (said: string) => DatabaseError][] = [
  [/^Permission Error/, (said) => new DatabaseError('sql-refused', `it reaches what is not allowed here (${said})`)],
  [/configuration has been locked/, (said) => new DatabaseError('sql-refused', `it changes a setting (${said})`)],
  [/^Out of Memory Error/, () => new DatabaseError('sql-too-large', 'it needs more memory than a query may use. Filter or aggregate more')],
  [/Could not set lock|Conflicting lock/, () => new DatabaseError('connection-busy', 'the file is open for writing elsewhere. Try again', true)],
  [/^(IO Error|Serialization Error)/, (said) => new DatabaseError('connection-unreachable', `the file cannot be read (${said})`)],
];

export function explainError(error: unknown, hint = ''): DatabaseError {
  if (error instanceof DatabaseError) return error;
  if (error instanceof SqlRefusal) return new DatabaseError(error.code, error.message);
  const message = error instanceof Error ? error.message : String(error);
  // Its own guesses at names include those of its inside.
  const said = (message.split(/\n(?:Did you mean|Candidate bindings|\s*LINE )/)[0] as string).trim().slice(0, 500).replace(/[.!]$/, '');
  const known = meanings.find(([begins]) => begins.test(message));
  return known ? known[1](said) : new DatabaseError('sql-invalid', `${said}${hint}`);
}
