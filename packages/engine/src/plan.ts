/** The compiled flow: what compile makes and run executes. Plain JSON, addressed by its hash; knows kinds only as names into the registry. */
import type { Approval, FullLimits, JsonObject } from '@switchyard/shared';

export interface PlanSource {
  /** Index of the task in `tasks`. */
  task: number;
  port: string;
}

export interface PlanInput {
  /** Several only where at most one can carry a value. */
  sources: PlanSource[];
  /** A task whose required input was pruned is skipped. */
  required: boolean;
}

export interface PlanGrant {
  /** The node that may be called; its config is in `granted`. */
  node: string;
  /** Names of the operations granted; absent means all. */
  operations?: string[];
  approval: Approval;
}

/** A node that is called by grants; the same node may be a task as well. */
export interface PlanCallee {
  kind: string;
  title: string;
  config: JsonObject;
  grants: PlanGrant[];
}

/** One node that runs as a step. */
export interface PlanTask {
  /** The node's id; also the prefix of its call keys. */
  id: string;
  kind: string;
  title: string;
  config: JsonObject;
  /** Wired inputs by port. */
  inputs: Record<string, PlanInput>;
  grants: PlanGrant[];
}

export interface Plan {
  /** SHA-256 of the rest, hex. */
  hash: string;
  /** Protocol of interpreter and keys; a run of another protocol is not resumed. */
  protocol: 1;
  flow: string;
  /** In topological order. */
  tasks: PlanTask[];
  /** Every node that some grant reaches, by id. */
  callees: Record<string, PlanCallee>;
  limits: FullLimits;
}
