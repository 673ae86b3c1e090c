/** Mistakes that only the kind itself can tell. */
import { pointer, type Diagnostic } from '@switchyard/shared';
import { isKnown, type Graph } from '../graph.ts';

export function checkKindProblems(graph: Graph): Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const node of graph.nodes.values()) {
    if (!isKnown(node)) continue;
    for (const { field, message } of node.kind.problems?.(node.config, node.subflow === undefined ? undefined : graph.flows.get(node.subflow)) ?? []) {
      found.push({ code: 'config-invalid', severity: 'error', path: pointer(['nodes', node.id, 'config', field]), node: node.id, field, message });
    }
  }
  return found;
}
