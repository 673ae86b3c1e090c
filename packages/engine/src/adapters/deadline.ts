/** The time one call may take, and the signal that ends it early: whichever comes first. */
import { FailureError, failure, type Retry } from '@switchyard/shared';
import type { Aborting, PerformScope } from '../host.ts';
import type { Call } from '../port.ts';

export interface Deadline {
  /** Aborts when the call's time is up or its scope aborts. */
  readonly signal: AbortSignal;
  /** The same as `signal`, for who needs no signal. */
  readonly aborting: Aborting;
  /** The moment it ends at the latest, ms since the epoch. */
  endsAt: number;
  /** The failure that an abort means; undefined while it has not aborted. `what` is the subject of its sentence; `retry` is for the time being up. */
  failure(what: string, retry?: Retry): FailureError | undefined;
}

/** Runs `work` under the call's time limit. Where the scope watches the time already, no second timer and signal are made: they cost as much as a local exchange. */
export function withDeadline<T>(call: Pick<Call, 'timeoutMs'>, scope: PerformScope, work: (deadline: Deadline) => Promise<T>): Promise<T> {
  return scope.endsAt === undefined ? withTimer(call, scope, work) : work(new ScopeDeadline(call, scope, scope.endsAt));
}

class ScopeDeadline implements Deadline {
  readonly endsAt: number;
  readonly #call: Pick<Call, 'timeoutMs'>;
  readonly #scope: PerformScope;

  constructor(call: Pick<Call, 'timeoutMs'>, scope: PerformScope, endsAt: number) {
    this.endsAt = endsAt;
    this.#call = call;
    this.#scope = scope;
  }

  /** Made by the scope when it is looked at. */
  get signal(): AbortSignal {
    return this.#scope.signal;
  }

  get aborting(): Aborting {
    return this.#scope.aborting ?? this.#scope.signal;
  }

  failure(what: string, retry?: Retry): FailureError | undefined {
    return failureOf(this.aborting, { call: this.#call, what, retry });
  }
}

/** The timer is forgotten when the work is done. */
async function withTimer<T>(call: Pick<Call, 'timeoutMs'>, scope: PerformScope, work: (deadline: Deadline) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const { signal } = controller;
  const end = () => controller.abort(scope.signal.aborted ? scope.signal.reason : new DOMException('The time is up', 'TimeoutError'));
  const timer = setTimeout(end, call.timeoutMs);
  if (scope.signal.aborted) end();
  else scope.signal.addEventListener('abort', end, { once: true });
  try {
    return await work({ signal, aborting: signal, endsAt: Date.now() + call.timeoutMs, failure: (what, retry) => failureOf(signal, { call, what, retry }) });
  } finally {
    clearTimeout(timer);
    scope.signal.removeEventListener('abort', end);
  }
}

function failureOf(signal: Aborting, { call, what, retry = 'policy' }: { call: Pick<Call, 'timeoutMs'>; what: string; retry: Retry | undefined }) {
  if (!signal.aborted) return undefined;
  if (signal.reason instanceof FailureError) return signal.reason;
  if (!isTimeout(signal.reason)) return new FailureError(failure('cancelled', `${what} was cancelled before it had ended.`));
  return new FailureError(
    failure('timeout', `${what} did not end within ${call.timeoutMs / 1000} s and was stopped. Give it less to do, or see whether what it waits for is up.`, {
      retry,
    }),
  );
}

function isTimeout(reason: unknown): boolean {
  return (reason as { name?: string } | undefined)?.name === 'TimeoutError';
}
