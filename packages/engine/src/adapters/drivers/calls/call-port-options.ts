/** What the run port of one process is made from, and what it can do besides the verbs of every port. */
import type { Json, RunEventBody } from '@switchyard/shared';
import type { Host } from '../../../host.ts';
import type { JournalEntry, RunPort, Seed } from '../../../port.ts';
import type { Redact } from './attempt.ts';
import type { Journal } from '../journal.ts';
import type { Pools } from './pools.ts';

export interface CallPortOptions {
  run: string;
  /** ms since the epoch at which the run was first accepted. */
  startedAt: number;
  host: Host;
  pools: Pools;
  redact: Redact;
  /** `at`: ms since the epoch, where the event happened in an earlier life of the run. */
  emit(event: RunEventBody, at?: number): void;
  journal?: Journal;
  /** Entries of an earlier life of this run. */
  recorded?: readonly JournalEntry[];
  /** What came with each signal that was kept for the run, by name. */
  signals?: ReadonlyMap<string, Json>;
  /** When the run is let go of while it waits: `asked`, where somebody outside is waited for; `always`, for moments far away too. Absent, never. */
  parks?: 'asked' | 'always';
  /** Results of another run, laid under this one. */
  seed?: Seed;
}

export interface CallPort extends RunPort {
  /** Whether completions of an earlier life are still to be handed over. */
  readonly isReplaying: boolean;
  /** When that took place which the run tells now, ms since the epoch: as long as it goes through what was recorded, at the latest completion of that, and before any at its start. */
  readonly toldAt: number;
  /** Set once the run was let go of: when it is to be woken, ms since the epoch; absent where only somebody outside can. */
  readonly parked: { wakeAt?: number } | undefined;
  /** Keys of given results in the seed that have been of no use as yet. */
  readonly unusedEdits: readonly string[];
  /** Completes the waits on an outside event, now and later; a second one of the same name changes nothing. Throws the FailureError `run-ended` after `close`. */
  signal(name: string, payload?: Json): void;
  close(): void;
  /** Resolves once everything that was recorded is durable; never where another process has the run now. */
  settled(): Promise<void>;
}
