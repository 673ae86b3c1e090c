/**
 * What one life of a run records, and what may not happen before that is durable.
 *
 * 1. Completions are numbered in the order they come. Where there is no journal, nothing is kept and nothing waits.
 * 2. The run goes on from a completion at once, but no effect begins before everything that was recorded when it was asked for is durable: whoever
 *    sees a call of a run may rely on what came before it. Decision 29.
 * 3. An effect of a lost record never begins.
 */
import type { FailureError } from '@switchyard/shared';
import type { CallKey, JournalEntry } from '../../../port.ts';
import type { Journal } from '../journal.ts';

export class Recording {
  readonly #journal: Journal | undefined;
  readonly #onLost: (error: FailureError) => void;
  #completions: number;
  /** Of the latest entry, while it is on its way to the disk: the keys of the effects that wait for it. Entries become durable in order. */
  #latest: CallKey[] | undefined;
  /** Cancelled meanwhile, an effect is not begun. */
  readonly #waiting = new Map<CallKey, () => void>();

  /** `completions`: how many earlier lives have recorded. `onLost` is told of each entry that cannot be written. */
  constructor(journal: Journal | undefined, completions: number, onLost: (error: FailureError) => void) {
    this.#journal = journal;
    this.#completions = completions;
    this.#onLost = onLost;
  }

  get isOn(): boolean {
    return this.#journal !== undefined;
  }

  get isDurable(): boolean {
    return this.#latest === undefined;
  }

  /** Whether an effect waits. */
  get isWaitedFor(): boolean {
    return this.#waiting.size > 0;
  }

  /** One that is urgent is brought to the disk at once: an intent, or the outcome of a write, which would be unknown after a crash. */
  complete(entry: JournalEntry, isUrgent: boolean): void {
    if (!this.#journal) return;
    entry.completion = this.#completions;
    this.#completions += 1;
    this.#record(entry, isUrgent);
  }

  /** Records that the effect is to be made; it begins once that is durable. */
  intend(entry: JournalEntry, effect: () => void): void {
    this.#record(entry, true);
    this.begin(entry.key, effect);
  }

  /** Begins the effect once everything recorded so far is durable. */
  begin(key: CallKey, effect: () => void): void {
    if (!this.#latest) {
      effect();
      return;
    }
    this.#waiting.set(key, effect);
    this.#latest.push(key);
    if (this.#latest.length === 1) this.#journal?.hasten?.();
  }

  /** Resolves once everything recorded is durable; never where it is lost. */
  settled(): Promise<void> {
    return new Promise((resolve) => this.begin('', resolve));
  }

  cancel(key: CallKey): void {
    this.#waiting.delete(key);
  }

  /** No effect begins any more; what was recorded goes on to the disk. */
  close(): void {
    this.#waiting.clear();
  }

  #record(entry: JournalEntry, isUrgent: boolean): void {
    const keys: CallKey[] = [];
    this.#latest = keys;
    this.#journal?.record(entry, (error) => this.#recorded(keys, error), isUrgent);
  }

  #recorded(keys: readonly CallKey[], error: FailureError | undefined): void {
    if (this.#latest === keys) this.#latest = undefined;
    if (error) this.#onLost(error);
    for (const key of keys) {
      const effect = this.#waiting.get(key);
      this.#waiting.delete(key);
      if (!error) effect?.();
    }
  }
}
