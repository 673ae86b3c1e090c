/** What it means when a database server cannot be reached. */
import { FailureError, failure } from '@switchyard/shared';

/** The failure, where the error tells of the network; undefined for anything else. */
export function networkFailure(error: unknown, what: string): FailureError | undefined {
  const { code = '', message = String(error) } = error as { code?: string; message?: string };
  const said = message.slice(0, 300);
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return made('connection-unreachable', `${what} failed: its host has no address (${said}). Check the address of the connection`, code === 'EAI_AGAIN');
  if (isNetworkCode(code) || /^Connection terminated|^timeout expired|connection is in closed state|Connection lost/i.test(message))
    return made(
      'connection-unreachable',
      `${what} failed: the server cannot be reached or has gone (${said}). See whether it is up and the address is right`,
      true,
    );
  return undefined;
}

function isNetworkCode(code: string): boolean {
  return /^(ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|PROTOCOL_CONNECTION_LOST|PROTOCOL_SEQUENCE)/.test(code);
}

function made(code: string, message: string, mayRetry = false): FailureError {
  return new FailureError(failure(code, `${message}.`, mayRetry ? { retry: 'policy' } : {}));
}
