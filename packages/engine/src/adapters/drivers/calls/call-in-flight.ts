/**
 * One call until it has its outcome: it waits for a place in its pool, is attempted, and attempted again after a pause where it may be.
 * Its owner is told once, of the outcome of the last attempt; never after `abort`.
 */
import type { Failure } from '@switchyard/shared';
import type { Call, CallKey } from '../../../port.ts';
import { Attempt, type Asker, type Caller, type Outcome } from './attempt.ts';
import type { Entrant, Place, Waiting } from './pools.ts';

/** Whoever asked for calls. */
export interface CallOwner {
  callEnded(call: CallInFlight, outcome: Outcome): void;
}

/** A service may ask for a pause of at most this long; above it the call fails. */
const longestPauseMs = 120_000;

export class CallInFlight implements Entrant, Asker {
  readonly key: CallKey;
  readonly call: Call;
  readonly #caller: Caller;
  readonly #owner: CallOwner;
  #attempts = 0;
  #attempt: Attempt | undefined;
  /** While it waits for a place. */
  #waiting: Waiting | undefined;
  /** Of the pause before the next attempt. */
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(caller: Caller, key: CallKey, call: Call, owner: CallOwner) {
    this.#caller = caller;
    this.key = key;
    this.call = call;
    this.#owner = owner;
  }

  /** At once where the pool has a place. */
  begin(): void {
    const { pools, run } = this.#caller;
    this.#waiting = pools.enter(this.call.pool, run, this);
  }

  abort(): void {
    clearTimeout(this.#timer);
    if (this.#waiting) this.#caller.pools.giveUp(this.#waiting);
    this.#attempt?.abort();
  }

  enter(place: Place): void {
    this.#waiting = undefined;
    this.#attempts += 1;
    this.#attempt = new Attempt(this.#caller, this, this.#attempts);
    this.#attempt.begin(place);
  }

  attemptEnded(outcome: Outcome): void {
    const pause = outcome.failure && pauseBefore(this.call, outcome.attempt, outcome.failure);
    if (pause === undefined) this.#owner.callEnded(this, outcome);
    else this.#timer = setTimeout(() => this.begin(), pause);
  }
}

/** How long to wait before the next attempt; undefined where there is none. */
function pauseBefore({ retry }: Call, attempt: number, cause: Failure): number | undefined {
  if (attempt >= retry.attempts) return undefined;
  if (retry.on ? !retry.on.includes(cause.code) : cause.retry === 'never') return undefined;
  if (typeof cause.retry === 'object') return cause.retry.afterMs <= longestPauseMs ? cause.retry.afterMs : undefined;
  const backoff = Math.min(retry.maxMs, retry.baseMs * 2 ** (attempt - 1));
  return backoff * (0.75 + Math.random() / 2);
}
