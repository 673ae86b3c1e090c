/** The compiled flow: what compile makes and run executes. Plain JSON, addressed by its hash; knows kinds only as names into the registry. */
import type { Approval, FullLimits, JsonObject, NodePolicy } from '@switchyard/shared';
import type { FlowPorts } from './node.ts';

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
  /** Each source is an arrival of its own; the task starts at the first. */
  collects?: true;
}

export interface PlanGrant {
  /** The node that may be called; its config is in `granted`. */
  node: string;
  /** Names of the operations granted; absent means all. */
  operations?: string[];
  approval: Approval;
  /** How long a person has to approve a call. */
  approvalSeconds?: number;
}

/** A node that is called by grants; the same node may be a task as well. */
export interface PlanCallee {
  kind: string;
  title: string;
  config: JsonObject;
  grants: PlanGrant[];
  /** Only its `retry` counts: what a failed call means is the caller's affair. */
  policy?: NodePolicy;
  /** The flow it runs, by its name in `flows`. */
  flow?: string;
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
  policy?: NodePolicy;
  /** The flow it runs, by its name in `flows`. */
  flow?: string;
}

/** What is executed as a whole: the flow itself, or a subflow each time a task runs it. */
export interface PlanBody {
  /** In topological order. */
  tasks: PlanTask[];
  /** Every node that some grant reaches, by id. */
  callees: Record<string, PlanCallee>;
}

export interface PlanFlow extends PlanBody {
  ports: FlowPorts;
}

export interface Plan extends PlanBody {
  /** SHA-256 of the rest, hex. */
  hash: string;
  /** Protocol of interpreter and keys; a run of another protocol is not resumed. */
  protocol: 1;
  flow: string;
  /** Every flow of the document that some node of the plan runs, by name. */
  flows?: Record<string, PlanFlow>;
  /** What enters a flow has to fit its input. Absent in plans from before: their runs go on, and are replayed, as they began. */
  checksFlowInputs?: true;
  limits: FullLimits;
}
