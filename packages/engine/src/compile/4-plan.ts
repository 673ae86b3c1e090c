/** Stage 4: the plan, plain JSON addressed by its hash. Only for a flow without errors. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { defaultLimits, stableText, type FullLimits, type Json } from '@switchyard/shared';
import type { Plan, PlanCallee, PlanGrant, PlanInput, PlanTask } from '../plan.ts';
import { titleOf, type Graph, type GraphNode, type KnownNode } from './graph.ts';
import { topologicalOrder } from './topological-order.ts';

export function makePlan(graph: Graph): Plan {
  const steps = topologicalOrder(graph) as KnownNode[];
  const positions = new Map(steps.map((node, index) => [node.id, index]));
  const rest: Omit<Plan, 'hash'> = {
    protocol: 1,
    flow: graph.flow.name,
    tasks: steps.map((node) => makeTask(node, positions)),
    callees: makeCallees(steps),
    limits: { ...defaultLimits, ...graph.flow.limits } as FullLimits,
  };
  return { hash: bytesToHex(sha256(utf8ToBytes(stableText(rest as unknown as Json)))), ...rest };
}

function makeTask(node: KnownNode, positions: ReadonlyMap<string, number>): PlanTask {
  const optional = new Set(node.ports.optional);
  const inputs: Record<string, PlanInput> = {};
  for (const { from, to, isRepeated } of node.linksIn) {
    if (isRepeated) continue;
    const source = { task: positions.get(from.id) as number, port: from.port };
    if (Object.hasOwn(inputs, to.port)) inputs[to.port]?.sources.push(source);
    else inputs[to.port] = { sources: [source], required: !optional.has(to.port) };
  }
  return { id: node.id, kind: node.kind.kind, title: titleOf(node), config: node.config, inputs, grants: makeGrants(node) };
}

/** Every node that a step may call, and those that these may call in turn. */
function makeCallees(steps: readonly KnownNode[]): Record<string, PlanCallee> {
  const callees: Record<string, PlanCallee> = {};
  const callers: GraphNode[] = [...steps];
  for (let caller = callers.pop(); caller; caller = callers.pop()) {
    for (const { to } of caller.grantsOut) {
      if (!to || callees[to.id]) continue;
      const callee = to as KnownNode;
      callees[callee.id] = { kind: callee.kind.kind, title: titleOf(callee), config: callee.config, grants: makeGrants(callee) };
      callers.push(callee);
    }
  }
  return callees;
}

function makeGrants(node: GraphNode): PlanGrant[] {
  return node.grantsOut.map(({ grant }) => ({
    node: grant.to,
    ...(grant.operations && { operations: grant.operations }),
    approval: grant.approval ?? 'writes',
  }));
}
