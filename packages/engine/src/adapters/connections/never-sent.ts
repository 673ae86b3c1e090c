/**
 * A write that failed before anything of it was sent: told as data, so that a run that is begun from this one makes it, and asks nobody what became of it.
 *
 * 1. Said only where it is certain: no client could be opened for the call, or the system refused to connect. Whatever else is silent may have been done.
 * 2. Never of a write that may be repeated: an attempt before this one, or a life before a crash, may have sent it.
 */
import { FailureError, failure } from '@switchyard/shared';
import type { ConnectorCall } from './connector.ts';

/** Why no client could be opened for a call. */
export class NeverOpened extends Error {
  readonly why: unknown;
  constructor(why: unknown) {
    super('No client could be opened');
    this.why = why;
  }
}

/** What the error of a call with a client of a pool means; `explain` says it of what the driver says. */
export function explained(error: unknown, call: ConnectorCall, explain: (error: unknown) => FailureError): FailureError {
  return error instanceof NeverOpened ? neverSent(explain(error.why), call) : explain(error);
}

/** The failure of a call of which nothing was sent. */
export function neverSent(known: FailureError, { effect, idempotencyKey }: ConnectorCall): FailureError {
  if (known.failure.code !== 'connection-unreachable' || effect !== 'write' || idempotencyKey !== undefined) return known;
  return new FailureError({ ...known.failure, cause: failure('not-sent', 'Nothing of it was sent, so it was not made.') });
}
