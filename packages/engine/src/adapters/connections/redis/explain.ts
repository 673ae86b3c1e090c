/** What a driver's or server's error means, in words that help whoever reads them: a person, or a model that asked. */
import { FailureError, failure, type Retry } from '@switchyard/shared';

const server: readonly { is: RegExp; code: string; say: string; retry?: Retry }[] = [
  { is: /^WRONGTYPE/, code: 'key-type', say: 'the key holds another type of value than this action works on. Read the key with get, which takes any type' },
  {
    is: /^(NOAUTH|WRONGPASS|ERR AUTH|ERR invalid password)/,
    code: 'connection-denied',
    say: 'it wants a user and a password, and those given are missing or wrong',
  },
  { is: /^NOPERM/, code: 'connection-denied', say: 'its user may not run this command or not see this key' },
  { is: /^READONLY/, code: 'connection-denied', say: 'it is a replica that takes no writes' },
  { is: /^(LOADING|BUSY|TRYAGAIN|CLUSTERDOWN|MASTERDOWN)/, code: 'connection-busy', say: 'it is busy and takes no commands now', retry: 'policy' },
  { is: /^OOM/, code: 'connection-full', say: 'it has no memory left for a write' },
  { is: /^ERR DB index/, code: 'connection-invalid', say: 'it has no database of the number in its address' },
  { is: /^MOVED|^ASK/, code: 'connection-invalid', say: 'it is one node of a cluster and the key is on another, which is not supported' },
];

/** The failure of a call. */
export function explain(error: unknown, name: string): FailureError {
  if (error instanceof FailureError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const known = server.find(({ is }) => is.test(message));
  if (known) {
    const text = `Connection "${name}" did not do it: ${known.say}. The server says: ${message}`;
    return new FailureError(failure(known.code, text, known.retry ? { retry: known.retry } : {}));
  }
  if (/^(ERR|[A-Z]{3,}) /.test(message)) return new FailureError(failure('action-failed', `Connection "${name}" did not do it. The server says: ${message}`));
  return new FailureError(
    failure('connection-unreachable', `Connection "${name}" cannot be reached: ${message}. See whether the server is up and its address is right.`, {
      retry: 'policy',
    }),
  );
}
