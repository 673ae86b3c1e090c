/** A run as the durable drivers keep it: what is told to them of it, and what they tell. */
import type { Failure, Flow, JsonObject, RunStatus, SeedRequest, Usage } from '@switchyard/shared';
import type { Plan } from '../../plan.ts';

export interface StoredRun {
  run: string;
  /** The saved flow that the run was started from; undefined for a file's. */
  flowId?: string;
  /** The flow as it ran. */
  flow: Flow;
  plan: Plan;
  inputs: JsonObject;
  /** What it was begun from. */
  seed?: SeedRequest;
  status: RunStatus | 'running';
  outputs?: JsonObject;
  failure?: Failure & { node?: string };
  usage?: Usage;
  /** ms since the epoch. */
  startedAt: number;
  endedAt?: number;
}

/** A run in a list: without the bodies of its flow and plan. */
export type RunSummary = Omit<StoredRun, 'flow' | 'plan'> & { flowName: string };

/** How a run ended. */
export interface RunEnd {
  status: RunStatus;
  outputs: JsonObject;
  failure?: Failure & { node?: string };
  usage: Usage;
  endedAt: number;
}

/** A run that is let go of while it waits. */
export interface Parking {
  /** ms since the epoch; absent where only a signal wakes it. */
  wakeAt?: number;
  /** How many signals the life that ends knew of. */
  heard: number;
  outputs: JsonObject;
  usage: Usage;
}
