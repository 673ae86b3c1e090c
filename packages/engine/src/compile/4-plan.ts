/** Stage 4: the plan, plain JSON addressed by its hash. Only for a flow without errors. */
import { defaultLimits, type FullLimits } from '@switchyard/shared';
import type { Plan, PlanBody, PlanCallee, PlanFlow, PlanGrant, PlanInput, PlanTask } from '../plan.ts';
import { hashed } from '../plan-hash.ts';
import { titleOf, type Graph, type GraphNode, type KnownNode } from './graph.ts';
import { topologicalOrder } from './topological-order.ts';

export function makePlan(graph: Graph, subgraphs: ReadonlyMap<string, Graph>): Plan {
  const flows = makeFlows(graph, subgraphs);
  return hashed({
    protocol: 1,
    flow: graph.flow.name,
    ...makeBody(graph),
    ...(Object.keys(flows).length > 0 && { flows, checksFlowInputs: true }),
    limits: { ...defaultLimits, ...graph.flow.limits } as FullLimits,
  });
}

function makeBody(graph: Graph): PlanBody {
  const steps = topologicalOrder(graph) as KnownNode[];
  const positions = new Map(steps.map((node, index) => [node.id, index]));
  return { tasks: steps.map((node) => makeTask(node, positions)), callees: makeCallees(steps) };
}

/** Every flow that some node runs, and those that these run in turn. */
function makeFlows(graph: Graph, subgraphs: ReadonlyMap<string, Graph>): Record<string, PlanFlow> {
  const flows: Record<string, PlanFlow> = {};
  const graphs = [graph];
  for (const each of graphs) {
    for (const { subflow } of each.nodes.values()) {
      const subgraph = subflow === undefined ? undefined : subgraphs.get(subflow);
      if (subflow === undefined || !subgraph || Object.hasOwn(flows, subflow)) continue;
      flows[subflow] = { ...makeBody(subgraph), ports: graph.flows.get(subflow) as PlanFlow['ports'] };
      graphs.push(subgraph);
    }
  }
  return flows;
}

function makeTask(node: KnownNode, positions: ReadonlyMap<string, number>): PlanTask {
  const optional = new Set(node.ports.optional);
  const collects = new Set(node.ports.collects);
  const inputs: Record<string, PlanInput> = {};
  for (const { from, to, isRepeated } of node.linksIn) {
    if (isRepeated) continue;
    const source = { task: positions.get(from.id) as number, port: from.port };
    if (Object.hasOwn(inputs, to.port)) inputs[to.port]?.sources.push(source);
    else inputs[to.port] = { sources: [source], required: !optional.has(to.port), ...(collects.has(to.port) && { collects: true }) };
  }
  return { id: node.id, kind: node.kind.kind, title: titleOf(node), config: node.config, inputs, grants: makeGrants(node), ...ownWays(node) };
}

/** Every node that a step may call, and those that these may call in turn. */
function makeCallees(steps: readonly KnownNode[]): Record<string, PlanCallee> {
  const callees: Record<string, PlanCallee> = {};
  const callers: GraphNode[] = [...steps];
  for (let caller = callers.pop(); caller; caller = callers.pop()) {
    for (const { to } of caller.grantsOut) {
      if (!to || callees[to.id]) continue;
      const callee = to as KnownNode;
      callees[callee.id] = { kind: callee.kind.kind, title: titleOf(callee), config: callee.config, grants: makeGrants(callee), ...ownWays(callee) };
      callers.push(callee);
    }
  }
  return callees;
}

/** What a node has only where its document says so: absent keys keep the hash of a plan without them. */
function ownWays(node: KnownNode): Pick<PlanTask, 'policy' | 'flow'> {
  const { policy } = node.node;
  return { ...(policy && { policy }), ...(node.subflow !== undefined && { flow: node.subflow }) };
}

function makeGrants(node: GraphNode): PlanGrant[] {
  return node.grantsOut.map(({ grant }) => ({
    node: grant.to,
    ...(grant.operations && { operations: grant.operations }),
    approval: grant.approval ?? 'writes',
    ...(grant.approvalSeconds !== undefined && { approvalSeconds: grant.approvalSeconds }),
  }));
}
