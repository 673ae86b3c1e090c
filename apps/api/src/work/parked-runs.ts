/**
 * Runs of a store that were let go of while they wait: woken when their time comes or a signal was kept for them.
 *
 * 1. They cost their rows alone: one timer stands for all of them, set to the earliest.
 * 2. Many that are due at once are woken in portions, so that they do not fill the memory together.
 * 3. One that cannot be woken is told of once, and is left for the next start.
 */
import type { RunStore } from '@switchyard/engine/adapters';

/** A longer timer would fire at once in Node. */
const longestTimerMs = 2 ** 31 - 1;
const portion = 100;
const portionEveryMs = 50;

export class ParkedRuns {
  readonly #store: RunStore;
  readonly #wake: (run: string) => void;
  readonly #onTrouble: (run: string, error: unknown) => void;
  readonly #stuck = new Set<string>();
  /** Who waits for a parked run to go on, by run. */
  readonly #watchers = new Map<string, Set<() => void>>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isClosed = false;

  constructor(store: RunStore, wake: (run: string) => void, onTrouble: (run: string, error: unknown) => void) {
    this.#store = store;
    this.#wake = wake;
    this.#onTrouble = onTrouble;
  }

  /** Sets the timer to the next that is due; to be called whenever that may have changed. */
  schedule(soonestMs = 0): void {
    clearTimeout(this.#timer);
    if (this.#isClosed) return;
    this.#store.flush();
    const next = this.#store.waits.nextWake();
    if (next === undefined) return;
    this.#timer = setTimeout(() => this.#wakeDue(), Math.min(Math.max(soonestMs, next - Date.now()), longestTimerMs));
  }

  /** Wakes the run, or tells why it cannot be. */
  tryWake(run: string): void {
    if (this.#stuck.has(run)) return;
    try {
      this.#wake(run);
    } catch (error) {
      this.#stuck.add(run);
      this.#onTrouble(run, error);
    }
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Resolves when the run goes on; with false when nothing does any more, or when `signal` aborts. */
  async goesOn(run: string, signal: AbortSignal): Promise<boolean> {
    if (this.#isClosed || signal.aborted) return false;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#watchers.set(run, (this.#watchers.get(run) ?? new Set()).add(resolve));
    signal.addEventListener('abort', () => resolve(), { once: true });
    await promise;
    const watchers = this.#watchers.get(run);
    watchers?.delete(resolve);
    if (watchers?.size === 0) this.#watchers.delete(run);
    return !this.#isClosed && !signal.aborted;
  }

  /** The run goes on. */
  tell(run: string): void {
    for (const resolve of this.#watchers.get(run) ?? []) resolve();
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    for (const run of [...this.#watchers.keys()]) this.tell(run);
  }

  #wakeDue(): void {
    const due = this.#store.waits.due(Date.now(), portion + this.#stuck.size).filter((run) => !this.#stuck.has(run));
    for (const run of due) this.tryWake(run);
    // Those that are stuck stay due: a timer set to them would never rest.
    if (due.length > 0 || this.#stuck.size === 0) this.schedule(portionEveryMs);
    else this.#timer = setTimeout(() => this.#wakeDue(), 60_000);
  }
}
