/**
 * One call until it has its outcome: it waits for a place in its pool, is attempted, and attempted again after a pause where it may be.
 * `done` is called once, with the outcome of the last attempt; never after `abort`.
 */
import type { Failure } from '@switchyard/shared';
import type { Call } from '../../port.ts';
import { Attempt, type Asked, type Caller, type Outcome } from './attempt.ts';

/** A service may ask for a pause of at most this long; above it the call fails. */
const longestPauseMs = 120_000;

export class CallInFlight {
  readonly #caller: Caller;
  readonly #asked: Asked;
  readonly #done: (outcome: Outcome) => void;
  #attempts = 0;
  #attempt: Attempt | undefined;
  /** Ends the wait for a place. */
  #leaveQueue: (() => void) | undefined;
  /** Of the pause before the next attempt. */
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Begins at once where the pool has a place. */
  constructor(caller: Caller, asked: Asked, done: (outcome: Outcome) => void) {
    this.#caller = caller;
    this.#asked = asked;
    this.#done = done;
    this.#enter();
  }

  abort(): void {
    clearTimeout(this.#timer);
    this.#leaveQueue?.();
    this.#attempt?.abort();
  }

  #enter(): void {
    const { pools, run } = this.#caller;
    this.#leaveQueue = pools.enter(this.#asked.call.pool, run, (release) => this.#perform(release));
  }

  #perform(release: () => void): void {
    this.#attempts += 1;
    const { key, call } = this.#asked;
    this.#attempt = new Attempt(this.#caller, { key, call, attempt: this.#attempts }, (outcome) => this.#end(outcome));
    this.#attempt.begin(release);
  }

  #end(outcome: Outcome): void {
    const pause = outcome.failure && pauseBefore(this.#asked.call, outcome.attempt, outcome.failure);
    if (pause === undefined) this.#done(outcome);
    else this.#timer = setTimeout(() => this.#enter(), pause);
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
