/**
 * A strict replay: the run's journal is handed over again and nothing is performed. The first key that is missing or differs is the first divergence.
 *
 * 1. `next` gives what is recorded and nothing else: where no more is recorded, the replay is over.
 * 2. What was under way when the recorded run ended was asked for and has no record: it is no divergence where it was asked for then too. A call that
 *    had not begun by then was told by nobody: it is none where its task was under way.
 */
import { stableText, type Failure, type Json, type RunResult } from '@switchyard/shared';
import type { Call, CallKey, Completion, Handle, JournalEntry, RunPort, Until } from '../port.ts';

/** Where a replay first took another way than the recorded run. */
export interface Divergence {
  /** `missing`: asked for now, not recorded; `unasked`: recorded, not asked for now; `differs`: asked for with another request; `result`: the run ends otherwise. */
  what: 'missing' | 'unasked' | 'differs' | 'result';
  key?: CallKey;
  node?: string;
  /** The recorded request, or end. */
  expected?: Json;
  /** What is asked for now, or how it ends now. */
  actual?: Json;
}

export interface Replay extends RunPort {
  /** Compares how the replay ended with how the run had. */
  compare(expected: RecordedEnd, actual: RunResult): Divergence | undefined;
}

/** How the recorded run ended; undefined parts were not reached. */
export type RecordedEnd = Pick<RunResult, 'outputs'> & { status: RunResult['status'] | 'running'; failure?: Failure };

export interface RecordedCalls {
  entries: readonly JournalEntry[];
  /** The recorded requests of calls, those that had not completed included. */
  requests: ReadonlyMap<CallKey, Json>;
  /** Tasks that had begun and not ended. */
  underWay: ReadonlySet<string>;
}

/** `port` holds the entries as recorded and must not perform anything itself: it is only asked while it replays. */
export function createReplay(port: RunPort & { readonly isReplaying: boolean }, recorded: RecordedCalls): Replay {
  return new StrictReplay(port, recorded);
}

class ReplayIsOver extends Error {}

class StrictReplay implements Replay {
  readonly #port: RunPort & { readonly isReplaying: boolean };
  readonly #recorded: RecordedCalls;
  /** Keys that have been asked for. */
  readonly #asked = new Set<CallKey>();
  /** Calls that are waited for. */
  readonly #open = new Map<CallKey, Call>();
  /** What waits waited for. */
  readonly #untils = new Map<CallKey, Until>();
  #first: Divergence | undefined;
  #isOver = false;

  constructor(port: RunPort & { readonly isReplaying: boolean }, recorded: RecordedCalls) {
    this.#port = port;
    this.#recorded = recorded;
  }

  start(key: CallKey, call: Call): Handle {
    this.#asked.add(key);
    this.#open.set(key, call);
    return this.#port.start(key, call);
  }

  wait(key: CallKey, until: Until): Handle {
    this.#asked.add(key);
    this.#untils.set(key, until);
    return this.#port.wait(key, until);
  }

  async next(): Promise<Completion[]> {
    if (!this.#port.isReplaying) {
      this.#isOver = true;
      this.#first ??= this.#missing();
      throw new ReplayIsOver('Nothing more was recorded');
    }
    let batch: Completion[];
    try {
      batch = await this.#port.next();
    } catch (error) {
      this.#first ??= this.#missing() ?? this.#unasked();
      throw error;
    }
    for (const { key, failure } of batch) {
      const call = this.#open.get(key);
      this.#open.delete(key);
      if (failure?.code !== 'replay-diverged') continue;
      this.#first ??= this.#at('differs', key, call);
      throw new ReplayIsOver('The replay has diverged');
    }
    return batch;
  }

  cancel(handle: Handle): void {
    this.#open.delete(handle.key);
    this.#port.cancel(handle);
  }

  now(): number {
    return this.#port.now();
  }

  random(): number {
    return this.#port.random();
  }

  compare(expected: RecordedEnd, actual: RunResult): Divergence | undefined {
    const diverged = this.#first ?? this.#unasked();
    if (diverged) return diverged;
    const hadEnded = expected.status === 'done' || expected.status === 'failed';
    if (this.#isOver) {
      const [waiting] = this.#open;
      return hadEnded ? { what: 'missing', ...(waiting && this.#at('missing', ...waiting)) } : undefined;
    }
    // It was broken off: as far as it is recorded, it is the same.
    if (!hadEnded) return undefined;
    const told = ({ status, outputs, failure }: RecordedEnd) => ({ status, outputs, ...(failure && { failure: failure.code }) });
    const [before, now] = [told(expected), told(actual)] as [Json, Json];
    return stableText(before) === stableText(now) ? undefined : { what: 'result', expected: before, actual: now };
  }

  /** The first call that is waited for and was not recorded, unless it was under way then too. */
  #missing(): Divergence | undefined {
    const { requests, underWay } = this.#recorded;
    for (const [key, call] of this.#open) if (!requests.has(key) && !underWay.has(call.task)) return this.#at('missing', key, call);
    return undefined;
  }

  #unasked(): Divergence | undefined {
    const completed = this.#recorded.entries.filter(({ key, completion }) => completion !== undefined && !this.#asked.has(key));
    const [first] = completed.sort((a, b) => (a.completion as number) - (b.completion as number));
    return first && this.#at('unasked', first.key, undefined);
  }

  #at(what: Divergence['what'], key: CallKey, call: Call | undefined): Divergence {
    const expected = what === 'missing' ? undefined : this.#recorded.requests.get(key);
    const actual = call ? call.request : (this.#untils.get(key) as Json | undefined);
    return { what, key, ...(call && { node: call.target.node }), ...(expected !== undefined && { expected }), ...(actual !== undefined && { actual }) };
  }
}
