/** What a run recorded in its earlier lives, handed over again in the recorded order as it is asked for. */
import type { Call, CallKey, JournalEntry } from '../../../port.ts';

interface AskedEntry {
  entry: JournalEntry;
  /** A wait has none. */
  call: Call | undefined;
}

export class RecordedCompletions {
  readonly #entries: readonly JournalEntry[];
  /** What is to be handed over next. */
  #head = 0;
  /** Keys that have been asked for; a wait has no call. */
  readonly #asked = new Map<CallKey, Call | undefined>();
  #isFolded: boolean;

  /** `recorded` is absent in a run's first life. In a further one, what it tells before anything is handed over took place as the run began. */
  constructor(recorded: readonly JournalEntry[] | undefined) {
    this.#isFolded = recorded === undefined;
    this.#entries = (recorded ?? []).filter((entry) => entry.completion !== undefined).sort((a, b) => (a.completion ?? 0) - (b.completion ?? 0));
  }

  /** The number of the completion that comes after them. */
  get nextNumber(): number {
    return (this.#entries.at(-1)?.completion ?? -1) + 1;
  }

  /** Whether there are more to hand over. */
  get isOpen(): boolean {
    return this.#head < this.#entries.length;
  }

  /** Whether the run has gone through all that was taken, and everything else that it tells is new. */
  get isFolded(): boolean {
    return this.#isFolded && !this.isOpen;
  }

  get head(): JournalEntry | undefined {
    return this.#entries[this.#head];
  }

  ask(key: CallKey, call?: Call): void {
    this.#asked.set(key, call);
  }

  /** What can be handed over now: those in order that have been asked for. */
  take(): AskedEntry[] {
    const taken: AskedEntry[] = [];
    for (let entry = this.head; entry && this.#asked.has(entry.key); entry = this.head) {
      taken.push({ entry, call: this.#asked.get(entry.key) });
      this.#head += 1;
    }
    this.#isFolded = taken.length === 0;
    return taken;
  }
}
