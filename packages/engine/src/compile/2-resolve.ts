/** Stage 2: kinds, parsed configs, ports, links and grants bound to their nodes. What is unknown stays as a placeholder. */
import { errorPort, linkEnd, mostTold, pointer, type Diagnostic, type Flow, type FlowNode, type JsonObject, type Schema } from '@switchyard/shared';
import type { Ports, Registry } from '../node.ts';
import { configFields } from '../config-fields.ts';
import type { BoundGrant, BoundLink, Graph, GraphNode, Surroundings } from './graph.ts';
import { nearestName, quotedList } from './nearest-name.ts';
import { settingMistakes } from './setting-mistakes.ts';

/** What an error port gives. */
const failureSchema: Schema = {
  type: 'object',
  properties: { code: { type: 'string' }, message: { type: 'string' }, item: { type: 'integer' } },
  required: ['code', 'message'],
};

export function resolve(flow: Flow, surroundings: Surroundings): Graph {
  const diagnostics: Diagnostic[] = [];
  const nodes = new Map<string, GraphNode>();
  for (const [id, node] of Object.entries(flow.nodes)) nodes.set(id, resolveNode({ id, node }, surroundings, diagnostics));
  const graph: Graph = {
    ...surroundings,
    flow,
    nodes,
    diagnostics,
    links: bindLinks(flow, nodes),
    grants: bindGrants(flow, nodes),
  };
  for (const node of nodes.values()) settleRole(node);
  return graph;
}

function resolveNode({ id, node }: { id: string; node: FlowNode }, { registry, flows }: Surroundings, diagnostics: Diagnostic[]): GraphNode {
  const resolved: GraphNode = {
    id,
    node,
    ports: { inputs: {}, outputs: {} },
    fields: [],
    linksIn: [],
    linksOut: [],
    grantsIn: [],
    grantsOut: [],
    isStep: false,
    isOnCall: false,
  };
  const kind = registry.get(node.kind);
  if (!kind) {
    diagnostics.push(unknownKind(id, node.kind, registry));
    return resolved;
  }
  resolved.kind = kind;
  resolved.fields = configFields(kind, node.config);
  const parsed = kind.config.safeParse(node.config);
  if (parsed.success) {
    const subflow = kind.subflow?.(parsed.data);
    // Without the flow that it runs a node's ports are not known: it stays a placeholder.
    if (subflow !== undefined && !flows.has(subflow)) return resolved;
    if (subflow !== undefined) resolved.subflow = subflow;
    resolved.config = parsed.data as JsonObject;
    resolved.ports = withErrorPort(kind.ports(parsed.data, subflow === undefined ? undefined : flows.get(subflow)), node);
  } else {
    for (const issue of parsed.error.issues.slice(0, mostTold)) diagnostics.push(...settingMistakes(kind, id, issue));
  }
  return resolved;
}

/** A kind's own port of that name stays as it is; a rule tells of the clash. */
function withErrorPort(ports: Ports, node: FlowNode): Ports {
  if (node.policy?.onFailure !== 'port') return ports;
  return { ...ports, outputs: { [errorPort]: failureSchema, ...ports.outputs } };
}

function unknownKind(id: string, name: string, registry: Registry): Diagnostic {
  const near = nearestName(name, registry.keys());
  const path = pointer(['nodes', id, 'kind']);
  return {
    code: 'kind-unknown',
    severity: 'error',
    path,
    node: id,
    message: `No node kind "${name}" is known here. The node is kept as it is and cannot run. The kinds are ${quotedList(registry.keys())}.`,
    ...(near !== undefined && { fix: { title: `Make it "${near}"`, patch: [{ op: 'replace', path, value: near }] } }),
  };
}

function bindLinks(flow: Flow, nodes: Map<string, GraphNode>): BoundLink[] {
  const seen = new Set<string>();
  return flow.links.map((link, index) => {
    const text = `${link.from} ${link.to}`;
    const bound: BoundLink = { index, link, from: bindEnd(link.from, nodes), to: bindEnd(link.to, nodes), isRepeated: seen.has(text) };
    seen.add(text);
    bound.from.node?.linksOut.push(bound);
    bound.to.node?.linksIn.push(bound);
    return bound;
  });
}

function bindEnd(end: string, nodes: Map<string, GraphNode>): BoundLink['from'] {
  const { node: id, port } = linkEnd(end);
  const node = nodes.get(id);
  return { id, port, ...(node && { node }) };
}

function bindGrants(flow: Flow, nodes: Map<string, GraphNode>): BoundGrant[] {
  return flow.grants.map((grant, index) => {
    const from = nodes.get(grant.from);
    const to = nodes.get(grant.to);
    const bound: BoundGrant = { index, grant, ...(from && { from }), ...(to && { to }) };
    from?.grantsOut.push(bound);
    to?.grantsIn.push(bound);
    return bound;
  });
}

/** Step and on call follow from what is drawn; a placeholder has the ports that its links name, so that they stay drawn. */
function settleRole(node: GraphNode): void {
  const isLinked = node.linksIn.length + node.linksOut.length > 0;
  node.isStep = isLinked || node.kind?.role !== undefined;
  node.isOnCall = node.grantsIn.length > 0;
  if (node.config) return;
  node.ports = {
    inputs: Object.fromEntries(node.linksIn.map((link) => [link.to.port, {}])),
    outputs: Object.fromEntries(node.linksOut.map((link) => [link.from.port, {}])),
  };
}
