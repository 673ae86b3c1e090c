/** What a PostgreSQL server's or driver's error means, in words that help whoever reads them: a person, or a model that asked. */
import { FailureError, failure, type Retry } from '@switchyard/shared';
import { networkFailure } from '../../servers/network-failure.ts';
import { SqlRefusal } from '../../sql/sql-refusal.ts';

interface Meaning {
  /** A beginning of SQLSTATE. */
  is: string;
  code: string;
  say(said: string): string;
  retry?: Retry;
}

/** The first that fits. */
const meanings: readonly Meaning[] = [
  { is: '28', code: 'connection-denied', say: (said) => `the server does not let the user in (${said}). Check user and password of the connection` },
  { is: '3D000', code: 'connection-invalid', say: (said) => `${said}. Check the end of the connection's address` },
  {
    is: '53300',
    code: 'connection-busy',
    say: (said) => `the server has no connection left (${said}). Lower the connection's limit of calls at once, or raise the server's`,
    retry: 'policy',
  },
  { is: '57014', code: 'timeout', say: () => 'the server stopped it when its time was up. Give it less to do' },
  { is: '57P', code: 'connection-unreachable', say: (said) => `the server is shutting down or starting (${said})`, retry: 'policy' },
  { is: '08', code: 'connection-unreachable', say: (said) => `the server ended the connection (${said})`, retry: 'policy' },
  { is: '42501', code: 'connection-denied', say: (said) => `the connection's user may not do it (${said})` },
  { is: '25006', code: 'sql-refused', say: (said) => `it would write (${said}). Only SELECT is allowed here` },
  { is: '40', code: 'connection-busy', say: (said) => `another transaction was in its way (${said})`, retry: 'policy' },
  { is: '55P03', code: 'connection-busy', say: (said) => `another transaction holds what it needs (${said})`, retry: 'policy' },
  { is: '53', code: 'sql-too-large', say: (said) => `it needs more than the server has (${said}). Filter or aggregate more` },
  { is: '54', code: 'sql-too-large', say: (said) => `it goes beyond a limit of the server (${said})` },
  { is: '23', code: 'sql-constraint', say: (said) => `a rule of the database forbids it (${said})` },
];

export function explain(error: unknown, what: string): FailureError {
  if (error instanceof FailureError) return error;
  if (error instanceof SqlRefusal) return new FailureError(failure(error.code, `${what} failed: ${error.message}.`));
  const { code = '', message = String(error), hint } = error as { code?: string; message?: string; hint?: string };
  if (/^[0-9A-Z]{5}$/.test(code) && !/^E[A-Z]+$/.test(code)) {
    const said = message.slice(0, 500);
    const known = meanings.find(({ is }) => code.startsWith(is));
    if (known) return new FailureError(failure(known.code, `${what} failed: ${known.say(said)}.`, known.retry ? { retry: known.retry } : {}));
    return new FailureError(failure('sql-invalid', `${what} failed: ${said}${hint ? `. ${hint.slice(0, 300).replace(/\.$/, '')}` : ''}.`));
  }
  if (/^SASL/.test(message))
    return new FailureError(failure('connection-denied', `${what} failed: the server asks for a password (${message}). Give the connection one.`));
  return networkFailure(error, what) ?? new FailureError(failure('connection-unreachable', `${what} failed: ${message}.`, { retry: 'policy' }));
}
