/**
 * The waits of one run in this process: on moments, and on outside events by name.
 *
 * 1. A signal is heard once per name: the first that comes counts. It is kept, so that a wait which begins later ends at once.
 * 2. A wait ends once: with the signal, or when its time is up.
 * 3. What has ended or was cancelled holds no timer.
 */
import { failure, type Failure, type Json } from '@switchyard/shared';
import { cancelSignal, type CallKey, type Until } from '../../../port.ts';

/** A longer timer would fire at once in Node. */
const longestTimerMs = 2 ** 31 - 1;

export interface EndedWait {
  key: CallKey;
  until: Until;
  result?: Json;
  failure?: Failure;
  startedAt: number;
  endedAt: number;
}

interface Waiting {
  until: Until;
  startedAt: number;
  timer?: ReturnType<typeof setTimeout>;
}

export class Waits {
  readonly #end: (ended: EndedWait) => void;
  readonly #heard: Map<string, Json>;
  readonly #waiting = new Map<CallKey, Waiting>();
  readonly #listening = new Map<string, Set<CallKey>>();

  /** `heard`: signals that came before. */
  constructor(heard: ReadonlyMap<string, Json>, end: (ended: EndedWait) => void) {
    this.#heard = new Map(heard);
    this.#end = end;
  }

  begin(key: CallKey, until: Until): void {
    const waiting: Waiting = { until, startedAt: Date.now() };
    this.#waiting.set(key, waiting);
    if ('signal' in until) {
      const { signal } = until;
      if (this.#heard.has(signal)) {
        this.#settle(key, { result: this.#heard.get(signal) ?? null });
        return;
      }
      this.#listening.set(signal, (this.#listening.get(signal) ?? new Set()).add(key));
    }
    if (until.time !== undefined) this.#setTimer(key, waiting, until.time);
  }

  /** False where a signal of this name was heard before: then nothing happens. */
  hear(name: string, payload: Json): boolean {
    if (this.#heard.has(name)) return false;
    this.#heard.set(name, payload);
    for (const key of [...(this.#listening.get(name) ?? [])]) this.#settle(key, { result: payload });
    return true;
  }

  cancel(key: CallKey): void {
    const waiting = this.#waiting.get(key);
    if (!waiting) return;
    this.#waiting.delete(key);
    clearTimeout(waiting.timer);
    if (!('signal' in waiting.until)) return;
    const { signal } = waiting.until;
    const listening = this.#listening.get(signal);
    listening?.delete(key);
    if (listening?.size === 0) this.#listening.delete(signal);
  }

  close(): void {
    for (const { timer } of this.#waiting.values()) clearTimeout(timer);
    this.#waiting.clear();
    this.#listening.clear();
  }

  /** The earliest moment that something ends at, ms since the epoch. */
  earliest(): number | undefined {
    let earliest: number | undefined;
    for (const { until } of this.#waiting.values()) if (until.time !== undefined && !(until.time >= (earliest ?? Infinity))) earliest = until.time;
    return earliest;
  }

  /** Whether an outside event is waited for, other than the one that cancels the run. */
  hasListeners(): boolean {
    return this.#listening.size > (this.#listening.has(cancelSignal) ? 1 : 0);
  }

  #setTimer(key: CallKey, waiting: Waiting, time: number): void {
    const rest = Math.max(0, time - Date.now());
    waiting.timer = setTimeout(
      () => {
        // A timer may fire a little early, and a long one is cut: nothing ends before its moment.
        if (Date.now() < time) this.#setTimer(key, waiting, time);
        else this.#settle(key, 'signal' in waiting.until ? { failure: lapsed(key) } : {});
      },
      Math.min(rest, longestTimerMs),
    );
  }

  #settle(key: CallKey, outcome: { result?: Json; failure?: Failure }): void {
    const { until, startedAt } = this.#waiting.get(key) as Waiting;
    this.cancel(key);
    this.#end({ key, until, ...outcome, startedAt, endedAt: Date.now() });
  }
}

function lapsed(key: CallKey): Failure {
  return failure('wait-lapsed', `What "${key}" waits for did not come in time. Give it more time, or see who was to answer.`);
}
