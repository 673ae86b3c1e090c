/** What a durable driver keeps of each call, and how the port hands it over. */
import type { Failure, FailureError, Json, Usage } from '@switchyard/shared';
import type { CallKey } from '../../port.ts';

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
  attempt: number;
  /** ms since the epoch. */
  startedAt: number;
  endedAt?: number;
}

export interface Journal {
  /**
   * Calls back once the entry is durable, or with the failure that prevented it: then the run goes no further in this process. Entries may share a
   * commit; they become durable in the order given.
   */
  record(entry: JournalEntry, whenDurable: (error?: FailureError) => void): void;
}
