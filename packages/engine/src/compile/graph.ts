/** What the rules see: the flow with its kinds, configs and ports resolved, its links and grants bound to their nodes. */
import type { Diagnostic, Flow, FlowNode, Grant, JsonObject, Link, Workspace } from '@switchyard/shared';
import type { FlowPorts, Kind, Ports, Registry } from '../node.ts';
import type { ConfigField } from '../config-fields.ts';

export interface GraphNode {
  id: string;
  node: FlowNode;
  kind?: Kind;
  /** Parsed by the kind, defaults filled; absent where it does not parse. */
  config?: JsonObject;
  ports: Ports;
  /** The flow of this document that it runs. */
  subflow?: string;
  /** Settings that mean more than their JSON type, wherever they stand in the config. */
  fields: ConfigField[];
  linksIn: BoundLink[];
  linksOut: BoundLink[];
  grantsIn: BoundGrant[];
  grantsOut: BoundGrant[];
  isStep: boolean;
  isOnCall: boolean;
}

/** A node whose kind and config are known, so that its ports are certain. */
export type KnownNode = GraphNode & { kind: Kind; config: JsonObject };

export interface LinkEnd {
  /** As the document says; there may be no such node. */
  id: string;
  port: string;
  node?: GraphNode;
}

export interface BoundLink {
  /** Index in `flow.links`. */
  index: number;
  link: Link;
  from: LinkEnd;
  to: LinkEnd;
  /** The same link stands earlier in the list. */
  isRepeated: boolean;
}

export interface BoundGrant {
  /** Index in `flow.grants`. */
  index: number;
  grant: Grant;
  from?: GraphNode;
  to?: GraphNode;
}

/** What a flow is resolved against. */
export interface Surroundings {
  workspace?: Workspace;
  registry: Registry;
  /** The ends of the document's subflows, by name. */
  flows: ReadonlyMap<string, FlowPorts>;
}

export interface Graph extends Surroundings {
  flow: Flow;
  /** In document order. */
  nodes: Map<string, GraphNode>;
  links: BoundLink[];
  grants: BoundGrant[];
  /** Mistakes found while resolving. */
  diagnostics: Diagnostic[];
}

/** One rule: all that it finds in the flow. */
export type Rule = (graph: Graph) => Diagnostic[];

export function isKnown(node: GraphNode | undefined): node is KnownNode {
  return node?.kind !== undefined && node.config !== undefined;
}

export function titleOf(node: GraphNode): string {
  return node.node.title || node.kind?.title || node.node.kind;
}
