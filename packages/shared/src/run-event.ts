/** What can happen in a run, in order. The journal stores calls and waits; the other events follow from it. */
import type { Abridged } from './abridged.ts';
import type { Failure } from './failure.ts';
import type { Usage } from './call.ts';
import type { Json, JsonObject } from './json.ts';

export type RunStatus = 'done' | 'failed' | 'cancelled' | 'waiting';

/**
 * `at`: ms since the epoch. `seq`: increasing within the run, without gaps except for deltas, which share the seq space but are not stored.
 * `abridged`: where the event holds only the beginning of a long value.
 */
interface Stamp {
  seq: number;
  at: number;
  abridged?: Abridged[];
}

/** Who was called: the node, its operation, in which turn (from 1) of the calling control node, and for which step of its plan. */
export interface CallTarget {
  node: string;
  operation?: string;
  turn?: number;
  step?: string;
  /** A model that is asked in place of another one, `from`, and why. */
  escalated?: { from: string; why: string };
}

/** A step of what a control node means to do, as it is shown: `needs` are the steps whose results it works on. */
export interface PlannedStep {
  id: string;
  title: string;
  /** The node that is called; absent where the step works on what is there already. */
  node?: string;
  operation: string;
  needs: string[];
}

export type PlannedStepStatus = 'running' | 'done' | 'failed' | 'skipped';

/** An event before it is stamped with seq and time. What is told often has both places from the start: an object that grows is in two pieces. */
export type RunEventBody = Happening & { seq?: number | undefined; at?: number | undefined };

type Happening =
  | { type: 'run-start'; run: string; flow: string; plan: string; inputs: JsonObject }
  /** `parent`: the task that runs the body this one belongs to; absent for a task of the flow itself. */
  | { type: 'task-start'; task: string; node: string; inputs: JsonObject; parent?: string }
  | { type: 'call-start'; key: string; task: string; kind: string; pool: string; request: Json; attempt: number; target: CallTarget }
  | { type: 'call-delta'; key: string; attempt: number; n: number; text: string }
  /** `replayed`: recorded before, not made now; `from`: in the run of this id, which this one was begun from. */
  | { type: 'call-end'; key: string; attempt: number; result?: Json; failure?: Failure; usage?: Usage; ms: number; replayed?: true; from?: string }
  /** A model asked for a call that was not made: of something it was not given, with arguments that do not fit, or above a limit. `request`: what it asked with. */
  | { type: 'call-refused'; key: string; task: string; target: CallTarget; request: Json; failure: Failure }
  | { type: 'wait-start'; key: string; task: string; until: Json }
  | { type: 'wait-end'; key: string; result?: Json }
  /** `pinned`: the node was not run; its outputs were given. */
  | { type: 'task-end'; task: string; outputs: JsonObject; pinned?: true }
  | { type: 'task-skip'; task: string; node: string; why: string; parent?: string }
  /** With `handling` the node's policy deals with the failure: the run goes on with `outputs`. */
  | { type: 'task-failure'; task: string; failure: Failure; handling?: 'continue' | 'port'; outputs?: JsonObject }
  /** What a control node means to do; `key` is that of its conversation, `revision` counts its plans from 0. */
  | { type: 'plan'; task: string; key: string; node: string; revision: number; steps: PlannedStep[] }
  | { type: 'plan-step'; task: string; key: string; step: string; status: PlannedStepStatus; why?: string }
  /** `unusedEdits`: keys of results that were given to it, and that it had no use for. */
  | { type: 'run-end'; status: RunStatus; outputs: JsonObject; failure?: Failure & { node?: string }; usage: Usage; unusedEdits?: string[] };

export type RunEvent = Happening & Stamp;
export type RunEventType = RunEvent['type'];

/** What `run --json` prints and a finished run is kept as. A failed run gives the outputs that were reached. */
export interface RunResult {
  run: string;
  status: RunStatus;
  outputs: JsonObject;
  failure?: Failure & { node?: string };
  usage: Usage;
}
