/** What a node offers to whoever is granted it, as far as it can be told without asking anything outside. */
import type { Operation } from '../node.ts';
import { titleOf, type Graph, type KnownNode } from './graph.ts';

export function offeredOperations(node: KnownNode, { flows }: Graph): Operation[] {
  const flow = node.subflow === undefined ? undefined : flows.get(node.subflow);
  return node.kind.operations?.(node.config, { granted: [], title: titleOf(node), ...(flow && { flow }) }) ?? [];
}
