/**
 * What the rest of the server knows of running: the Runner, behind which stands one process here and may stand many later.
 *
 * 1. `start` answers after the commit: an accepted run ends in a final state, whatever dies.
 * 2. `watch` gives what is stored first, then what happens, without a gap and in order of seq; it ends after `run-end`.
 */
import type { Plan } from '@switchyard/engine';
import type { Failure, Flow, JsonObject, RunEvent, RunResult, RunStatus, Usage } from '@switchyard/shared';

/** A run as it is kept: exactly the flow and plan that ran. Times in ms since the epoch. */
export interface StoredRun {
  run: string;
  flowId?: string;
  flow: Flow;
  plan: Plan;
  status: RunStatus | 'running';
  inputs: JsonObject;
  outputs?: JsonObject;
  failure?: Failure & { node?: string };
  usage?: Usage;
  startedAt: number;
  endedAt?: number;
}

/** A run in a list, without its flow and plan. */
export type RunSummary = Omit<StoredRun, 'flow' | 'plan'> & { flowName: string };

export interface RunRequest {
  flow: Flow;
  flowId?: string;
  plan: Plan;
  /** Checked against the entry's fields. */
  inputs: JsonObject;
  /** The run's id; one is made where it is left out. */
  run?: string;
}

/** At once where the runs are in this process, later where they are in a database. */
export type Soon<Value> = Value | Promise<Value>;

export interface Runner {
  /** Resolves after the commit. Rejects with the FailureError `run-exists` where the id is taken. */
  start(request: RunRequest): Promise<{ run: string }>;
  /** False where no such run is in flight. */
  cancel(run: string): Soon<boolean>;
  get(run: string): Soon<StoredRun | undefined>;
  /** Newest first; `before` is the id of the run that the page before ended with. */
  list(page: { flowId?: string; limit: number; before?: string }): Soon<RunSummary[]>;
  /** Stored events with a seq above `after`, at most `limit`. */
  events(run: string, after: number, limit: number): Soon<RunEvent[]>;
  /** Stored events with a seq above `after`, then live ones, deltas included; ends after `run-end`. */
  watch(run: string, after: number, signal: AbortSignal): AsyncIterable<RunEvent>;
  /** The result, once the run has ended or waits for a person. */
  result(run: string): Promise<RunResult>;
  /** Goes on with an interrupted run from its journal. */
  resume(run: string): Promise<RunResult>;
  /** Stops what is in flight without ending it: its journal stays, and the next start resumes it. */
  close(): Promise<void>;
}

/** A runner that looks nothing up elsewhere, and so answers at once. */
export interface LocalRunner extends Runner {
  cancel(run: string): boolean;
  get(run: string): StoredRun | undefined;
  list(page: { flowId?: string; limit: number; before?: string }): RunSummary[];
  events(run: string, after: number, limit: number): RunEvent[];
}
