/** What a MongoDB server's or driver's error means, in words that help whoever reads them: a person, or a model that asked. */
import { FailureError, failure, type Retry } from '@switchyard/shared';
import { networkFailure } from '../../servers/network-failure.ts';

interface Meaning {
  codes: readonly number[];
  code: string;
  say(said: string): string;
  retry?: Retry;
}

const meanings: readonly Meaning[] = [
  { codes: [18], code: 'connection-denied', say: (said) => `the server does not let the user in (${said}). Check user, password and the database of the user` },
  { codes: [13], code: 'connection-denied', say: (said) => `the connection's user may not do it (${said})` },
  { codes: [50, 262], code: 'timeout', say: () => 'the server stopped it when its time was up. Filter more, or use fields that have an index' },
  { codes: [11_000, 121], code: 'document-constraint', say: (said) => `a rule of the collection forbids it (${said})` },
  { codes: [292, 146, 16_819], code: 'document-too-large', say: (said) => `it needs more memory than the server gives (${said}). Filter or group more` },
  {
    codes: [10_107, 13_435, 10_058],
    code: 'connection-invalid',
    say: (said) => `the server is not the primary of its replica set (${said}). Name the primary in the address`,
  },
  { codes: [91, 189, 11_600, 11_602, 112, 246], code: 'connection-busy', say: (said) => `the server is busy or changing (${said})`, retry: 'policy' },
];

interface DriverError {
  name?: string;
  message?: string;
  code?: number | string;
  cause?: unknown;
  /** Nothing had been sent. */
  beforeHandshake?: boolean;
  /** Of several documents: how many were added before the one that was not. */
  result?: { insertedCount?: number };
}

/** The failure of a call. `isWrite`: something may have been written before the way to the server was lost. */
export function explain(error: unknown, what: string, { isWrite = false }: { isWrite?: boolean } = {}): FailureError {
  if (error instanceof FailureError) return error;
  const { name = '', message = String(error), code, cause, beforeHandshake = false, result } = error as DriverError;
  const added = result?.insertedCount ?? 0;
  const said = `${message.slice(0, 500)}${added > 0 ? `; ${added} before it were added` : ''}`;
  if (typeof code === 'number') {
    const known = meanings.find(({ codes }) => codes.includes(code));
    if (known) return new FailureError(failure(known.code, `${what} failed: ${known.say(said)}.`, known.retry ? { retry: known.retry } : {}));
    return new FailureError(failure('action-failed', `${what} failed. The server says: ${said}.`));
  }
  if (/BSON|InvalidArgument/.test(name)) return new FailureError(failure('request-invalid', `${what} failed: ${said}.`));
  if (isWrite && !beforeHandshake)
    return new FailureError(
      failure('outcome-unknown', `${what} failed: the way to the server was lost (${said}), and whether it was done is not known. Look before trying again.`),
    );
  const network = networkFailure(cause ?? error, what);
  if (network) return network;
  if (/Network|ServerSelection|Topology|PoolCleared|NotConnected/.test(name))
    return new FailureError(
      failure('connection-unreachable', `${what} failed: the server cannot be reached or has gone (${said}). See whether it is up and the address is right.`, {
        retry: 'policy',
      }),
    );
  return new FailureError(failure('action-failed', `${what} failed: ${said}.`));
}
