/** Mistakes that only the kind itself can tell. */
import { pointer, type Diagnostic } from '@switchyard/shared';
import type { Problem } from '../../node.ts';
import { isKnown, type Graph, type GraphNode, type KnownNode } from '../graph.ts';

export function checkKindProblems(graph: Graph): Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const node of graph.nodes.values()) {
    if (!isKnown(node)) continue;
    const flow = node.subflow === undefined ? undefined : graph.flows.get(node.subflow);
    for (const problem of node.kind.problems?.(node.config, flow, wiredTo(node)) ?? []) found.push(told(node, problem));
    const lacking = node.isStep ? node.kind.stepProblem?.(node.config) : undefined;
    if (lacking) found.push(told(node, lacking));
  }
  return found;
}

/** A link that is drawn twice carries one value. */
function wiredTo({ linksIn }: GraphNode): Map<string, number> {
  const wired = new Map<string, number>();
  for (const { to, isRepeated } of linksIn) if (!isRepeated) wired.set(to.port, (wired.get(to.port) ?? 0) + 1);
  return wired;
}

function told({ id }: KnownNode, { field, message, isHint, instead }: Problem): Diagnostic {
  const path = pointer(['nodes', id, 'config', field]);
  return {
    code: 'config-invalid',
    severity: isHint ? 'warning' : 'error',
    path,
    node: id,
    field,
    message,
    ...(instead && { fix: { title: instead.title, patch: [{ op: 'add', path, value: instead.value }] } }),
  };
}
