/** What a MySQL or MariaDB server's or driver's error means, in words that help whoever reads them: a person, or a model that asked. */
import { FailureError, failure, type Retry } from '@switchyard/shared';
import { networkFailure } from '../../servers/network-failure.ts';
import { SqlRefusal } from '../../sql/sql-refusal.ts';

interface Meaning {
  is: readonly number[];
  code: string;
  say(said: string): string;
  retry?: Retry;
}

/** By the server's number. */
const meanings: readonly Meaning[] = [
  {
    is: [1045, 1698, 1524, 1251],
    code: 'connection-denied',
    say: (said) => `the server does not let the user in (${said}). Check user and password of the connection`,
  },
  { is: [1044, 1142, 1143, 1227, 1370], code: 'connection-denied', say: (said) => `the connection's user may not do it (${said})` },
  { is: [1049, 1046], code: 'connection-invalid', say: (said) => `${said}. Check the end of the connection's address` },
  {
    is: [1040, 1203, 1226],
    code: 'connection-busy',
    say: (said) => `the server has no connection left (${said}). Lower the connection's limit of calls at once, or raise the server's`,
    retry: 'policy',
  },
  { is: [1969, 3024, 1317], code: 'timeout', say: () => 'the server stopped it when its time was up. Give it less to do' },
  { is: [1205, 1213], code: 'connection-busy', say: (said) => `another transaction was in its way (${said})`, retry: 'policy' },
  { is: [1927, 1053, 1080, 3169], code: 'connection-unreachable', say: (said) => `the server ended the connection (${said})`, retry: 'policy' },
  { is: [1792, 1290], code: 'sql-refused', say: (said) => `it would write (${said}). Only SELECT is allowed here` },
  { is: [1048, 1062, 1451, 1452, 3819, 4025, 1364], code: 'sql-constraint', say: (said) => `a rule of the database forbids it (${said})` },
  { is: [1114, 1021, 1037, 1038, 1041], code: 'sql-too-large', say: (said) => `it needs more than the server has (${said}). Filter or aggregate more` },
];

export function explain(error: unknown, what: string): FailureError {
  if (error instanceof FailureError) return error;
  if (error instanceof SqlRefusal) return new FailureError(failure(error.code, `${what} failed: ${error.message}.`));
  const { errno = 0, message = String(error) } = error as { errno?: number; message?: string };
  const said = message.slice(0, 500);
  const known = meanings.find(({ is }) => is.includes(errno));
  if (known) return new FailureError(failure(known.code, `${what} failed: ${known.say(said)}.`, known.retry ? { retry: known.retry } : {}));
  if (errno >= 1_000) return new FailureError(failure('sql-invalid', `${what} failed: ${said}.`));
  return networkFailure(error, what) ?? new FailureError(failure('connection-unreachable', `${what} failed: ${said}.`, { retry: 'policy' }));
}
