/** What a durable driver keeps of each call, and how the port hands it over. */
import type { JournalEntry } from '../../port.ts';

export type { JournalEntry };

export interface Journal {
  /** Calls back once the entry is durable. Entries of one tick may share a commit; they become durable in the order given. */
  record(entry: JournalEntry, whenDurable: () => void): void;
}
