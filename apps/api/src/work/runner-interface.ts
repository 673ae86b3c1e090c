/**
 * What the rest of the server knows of running: the Runner, behind which stands one process here and may stand many later.
 *
 * 1. `start` answers after the commit: an accepted run ends in a final state, whatever dies.
 * 2. `watch` gives what is stored first, then what happens, without a gap and in order of seq, in batches (event-batches.ts) of what is there; it ends after the `run-end` of a run that has ended.
 *    One that waits may have been let go of, with a `run-end` that says so: when it goes on it tells its story anew, from `run-start`.
 * 3. An answer is on disk before it is accepted. Of several to one question the first counts.
 */
import type { JournalEntry, Plan } from '@switchyard/engine';
import type { RunSummary, StoredRun } from '@switchyard/engine/adapters';
import type { Answer, Flow, Json, JsonObject, OpenWait, RunEvent, RunResult, SeedRequest } from '@switchyard/shared';

export type { RunSummary, StoredRun };

export interface RunRequest {
  flow: Flow;
  flowId?: string;
  plan: Plan;
  /** Checked against the entry's fields. */
  inputs: JsonObject;
  /** The run's id; one is made where it is left out. */
  run?: string;
  /** What it is begun from: results of an earlier run, and outputs that are given. */
  seed?: SeedRequest;
}

/** At once where the runs are in this process, later where they are in a database. */
export type Soon<Value> = Value | Promise<Value>;

export interface Runner {
  /** Resolves after the commit. Rejects with the FailureError `run-exists` where the id is taken, with `seed-…` where the run cannot be begun from what is asked. */
  start(request: RunRequest): Promise<{ run: string }>;
  /** False where no such run is under way or waits. */
  cancel(run: string): Promise<boolean>;
  /** Open questions, the oldest first: of one run, or of all. */
  questions(filter?: { run?: string; limit?: number }): Soon<OpenWait[]>;
  /**
   * False where the question was answered before. Rejects with the FailureError `question-missing` where there is no such question, `answer-invalid` where
   * the answer does not fit it, `run-ended` or `run-missing`.
   */
  answer(run: string, key: string, answer: Answer): Promise<boolean>;
  /** Tells a run of an outside event: false where one of that name was told before. Rejects with `signal-refused`, `run-ended` or `run-missing`. */
  signal(run: string, name: string, payload: Json): Promise<boolean>;
  get(run: string): Soon<StoredRun | undefined>;
  /** Newest first; `before` is the id of the run that the page before ended with. */
  list(page: { flowId?: string; limit: number; before?: string }): Soon<RunSummary[]>;
  /** Stored events with a seq above `after`, at most `limit`; fewer where they come to `length` characters, none only where there is none. */
  events(run: string, after: number, limit: number, length?: number): Soon<RunEvent[]>;
  /** What is recorded of the run's calls and waits, in no special order. */
  journal(run: string): Soon<JournalEntry[]>;
  /** Stored events with a seq above `after`, then live ones, deltas included. No batch is empty. */
  watch(run: string, after: number, signal: AbortSignal): AsyncIterable<RunEvent[]>;
  /** The result, once the run has ended or was let go of while it waits. */
  result(run: string): Promise<RunResult>;
  /** Goes on with an interrupted or waiting run from its journal. */
  resume(run: string): Promise<RunResult>;
  /** Stops what is in flight without ending it: its journal stays, and the next start resumes it. */
  close(): Promise<void>;
}

/** A runner that looks nothing up elsewhere, and so answers at once. */
export interface LocalRunner extends Runner {
  questions(filter?: { run?: string; limit?: number }): OpenWait[];
  journal(run: string): JournalEntry[];
  get(run: string): StoredRun | undefined;
  list(page: { flowId?: string; limit: number; before?: string }): RunSummary[];
  events(run: string, after: number, limit: number, length?: number): RunEvent[];
}
