/**
 * CONTRACT 3: RunPort, how a run's calls are recorded and ordered. Everything that can happen to a run passes these verbs.
 *
 * 1. `start` and `wait` are synchronous and idempotent by (run, key): a key names one effect for the life of the run.
 * 2. `next` resolves with at least one completion, in the order that is journaled; it is all that the interpreter waits for. With none, the driver lets go
 *    of a run that only waits: it goes on in another life.
 * 3. A completion is handed over once the driver has given it its place in the record, and no call begins before what was handed over by then is durable.
 * 4. A wait is recorded when it ends; a moment follows from completions before it, so a resumed run waits only for the rest. A signal is kept until
 *    the run ends, so it may come before its wait; of several under one name the first counts.
 * 5. A key whose call differs from the recorded one (by input hash) completes with the failure `replay-diverged`.
 */
import type { Ask, CallTarget, Failure, Json, Usage } from '@switchyard/shared';

/** A name, not a position: `orders`, `planner#t2.model`, `planner#t2.orders.query.0`. */
export type CallKey = string;

export interface Handle {
  readonly key: CallKey;
}

/** Exponential backoff with jitter between `baseMs` and `maxMs`; a failure with `afterMs` waits that long instead. */
export interface RetryPolicy {
  /** Tries in all, at least 1. */
  attempts: number;
  baseMs: number;
  maxMs: number;
  /** Exactly these failure codes are tried again; absent, the failure itself says whether it may be. */
  on?: readonly string[];
}

/** One effect, as asked: `kind` picks the performer, `pool` the queue it waits in. */
export interface Call {
  kind: string;
  pool: string;
  request: Json;
  effect: 'read' | 'write';
  idempotencyKey?: string;
  /** Of one attempt. */
  timeoutMs: number;
  retry: RetryPolicy;
  /** The task that asks, and who is asked. For the trace only: not part of the input hash. */
  task: string;
  target: CallTarget;
}

/** `failure` where the call failed for good; else `result`. */
export interface Completion {
  key: CallKey;
  result?: Json;
  failure?: Failure;
  usage?: Partial<Usage>;
  /** A seed answered it: this run did not make it. */
  seeded?: true;
  /** When it came to be, ms since the epoch, never before the completion handed over before it. */
  at?: number;
}

/** Kind of a journal entry for a wait. */
export const waitKind = 'wait';

/** What is kept of one call or wait. */
export interface JournalEntry {
  key: CallKey;
  kind: string;
  /** SHA-256 of the call's kind and request, hex. */
  inputHash: string;
  /** Its place in the order of completions, from 0; undefined for the mere intent of a write whose outcome is unknown. */
  completion?: number;
  result?: Json;
  failure?: Failure;
  usage?: Partial<Usage>;
  /** A seed answered it: the run that has this journal did not make it. */
  seeded?: true;
  attempt: number;
  /** ms since the epoch. */
  startedAt: number;
  endedAt?: number;
}

/** Recorded results laid under a run: a call that asks for the same is answered from them and not made. */
export interface Seed {
  /** The run that they were recorded in; absent for those of a test. */
  of?: string;
  /**
   * In the order in which they are handed over. One without a completion is a call that may have taken effect, or not, perhaps with the failure that
   * says why: asked for as a write it ends with `outcome-unknown`, as a read it is made anew.
   */
  entries: readonly JournalEntry[];
  /** Keys of entries whose results somebody gave: such a call is answered whatever it asks for. A question is not: an answer counts for what was asked. */
  edited?: ReadonlySet<CallKey>;
  /** A call that asks for something else than was recorded is made anew, or fails with `replay-diverged`. */
  differing: 'anew' | 'fail';
}

/**
 * A moment (ms since the epoch), or an outside event by name: the completion's result is what came with it. With `time` as well, the wait fails with
 * `wait-lapsed` where the event has not come by then. `ask` is what a person is to answer.
 */
export type Until = { time: number } | { signal: string; time?: number; ask?: Ask };

/** The event that cancels a run; every run listens to it from its start. */
export const cancelSignal = 'cancel';

export interface RunPort {
  start(key: CallKey, call: Call): Handle;
  wait(key: CallKey, until: Until): Handle;
  next(): Promise<Completion[]>;
  /** Forgets a handle: its effect is aborted where possible and never completes. */
  cancel(handle: Handle): void;
  /** ms since the epoch; recorded, so that a replay sees the same. */
  now(): number;
  /** In [0, 1); recorded through the run's seed, so that a replay sees the same. */
  random(): number;
}
