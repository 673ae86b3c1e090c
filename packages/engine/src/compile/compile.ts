/**
 * Flow -> Plan. Pure, also in the browser; never throws for a user's mistake. The stages in order:
 * read (a current document), resolve (kinds, configs, ports, links and grants bound), check (one rule per file), plan.
 */
import { hasErrors, type Diagnostic, type Flow, type Requires, type Workspace } from '@switchyard/shared';
import { portsOfFlows } from '../flow-ports.ts';
import type { Kind, Ports, Registry } from '../node.ts';
import type { Plan } from '../plan.ts';
import { readSource } from './1-read.ts';
import { resolve } from './2-resolve.ts';
import { check } from './3-check.ts';
import { checkCostLimit } from './checks/cost-limit.ts';
import { makePlan } from './4-plan.ts';
import type { Graph } from './graph.ts';
import { requiresOf } from './requires.ts';
import { asFlow, checkFlowCycles, withinFlow } from './subflows.ts';

/** A node as it was resolved: of an unknown kind or an unfinished config, its ports are those that its links name. */
export interface CompiledNode {
  kind?: Kind;
  ports: Ports;
  /** Runs as a step of the flow. */
  isStep: boolean;
  /** Is called by grants. */
  isOnCall: boolean;
}

export interface Compiled {
  /** The document as it was read; absent where it could not be. Paths of diagnostics and patches of fixes are within it. */
  flow?: Flow;
  /** Only where no diagnostic is an error. */
  plan?: Plan;
  /** By node id. */
  nodes: Record<string, CompiledNode>;
  /** Nodes of the document's other flows, by flow name and node id. */
  flows: Record<string, Record<string, CompiledNode>>;
  /** Names of the workspace that the flow uses. */
  requires: Requires;
  diagnostics: Diagnostic[];
}

/** Compiles JSON text or a document. Without a workspace, names of models and connections are not checked. */
export function compile(source: unknown, workspace: Workspace | undefined, registry: Registry): Compiled {
  const { document: flow, diagnostics } = readSource(source);
  if (!flow) return { nodes: {}, flows: {}, requires: { connections: [], models: [], secrets: [] }, diagnostics };
  const surroundings = { ...(workspace && { workspace }), registry, flows: portsOfFlows(flow, registry) };
  const graph = resolve(flow, surroundings);
  const subgraphs = new Map(Object.entries(flow.flows ?? {}).map(([name, subflow]) => [name, resolve(asFlow(name, subflow), surroundings)]));
  const found = [...diagnostics, ...graph.diagnostics, ...check(graph)];
  for (const [name, subgraph] of subgraphs) for (const each of withinFlow(name, [...subgraph.diagnostics, ...check(subgraph)])) found.push(each);
  found.push(...checkFlowCycles(subgraphs), ...checkCostLimit(graph, subgraphs.values()));
  return {
    flow,
    ...(!hasErrors(found) && { plan: makePlan(graph, subgraphs) }),
    nodes: nodesOf(graph),
    flows: Object.fromEntries([...subgraphs].map(([name, subgraph]) => [name, nodesOf(subgraph)])),
    requires: requiresOf([graph, ...subgraphs.values()]),
    diagnostics: found,
  };
}

function nodesOf(graph: Graph): Record<string, CompiledNode> {
  return Object.fromEntries([...graph.nodes].map(([id, { kind, ports, isStep, isOnCall }]) => [id, { ...(kind && { kind }), ports, isStep, isOnCall }]));
}
