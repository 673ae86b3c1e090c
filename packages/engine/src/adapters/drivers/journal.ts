/** What a durable driver keeps of each call, and how the port hands it over. */
import type { FailureError } from '@switchyard/shared';
import type { JournalEntry } from '../../port.ts';

export type { JournalEntry };

export interface Journal {
  /**
   * Calls back once the entry is durable, or with the failure that prevented it: then the run goes no further in this process. Entries may share a
   * commit; they become durable in the order given. One that is not urgent may be held back for some milliseconds.
   */
  record(entry: JournalEntry, whenDurable: (error?: FailureError) => void, isUrgent: boolean): void;
  /** Somebody waits for what was recorded. A journal that holds nothing back has none. */
  hasten?(): void;
}
