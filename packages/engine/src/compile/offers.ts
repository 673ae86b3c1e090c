/** What a node offers to whoever is granted it, as far as it can be told without asking anything outside. */
import type { Operation } from '../node.ts';
import { titleOf, type Graph, type KnownNode } from './graph.ts';

/** All that can be told of what a node offers: by name, and what the others may do at most, where only its connection names them. */
export interface Offered {
  operations: Operation[];
  unlisted?: 'read' | 'write';
}

export function offeredBy(node: KnownNode, graph: Graph): Offered {
  const unlisted = node.kind.unlisted?.(node.config);
  return { operations: offeredOperations(node, graph), ...(unlisted && { unlisted }) };
}

function offeredOperations(node: KnownNode, { flows }: Graph): Operation[] {
  const flow = node.subflow === undefined ? undefined : flows.get(node.subflow);
  return node.kind.operations?.(node.config, { granted: [], title: titleOf(node), ...(flow && { flow }) }) ?? [];
}
