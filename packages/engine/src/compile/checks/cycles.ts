/** Neither links nor grants lead back to where they start. Each knot of nodes is told once, by one way round it. */
import { pointer, type Diagnostic } from '@switchyard/shared';
import type { Graph, GraphNode } from '../graph.ts';
import { knots, type Edge } from '../knots.ts';

export function checkCycles(graph: Graph): Diagnostic[] {
  const links = graph.links.flatMap(({ index, from, to }) => edge(['links', index], from.node, to.node));
  const grants = graph.grants.flatMap(({ index, from, to }) => edge(['grants', index], from, to));
  return [
    ...knots(links).map((round) => told(round, 'The links', 'a value would wait for itself')),
    ...knots(grants).map((round) => told(round, 'The grants', 'these nodes could call one another without end')),
  ];
}

function edge(path: (string | number)[], from: GraphNode | undefined, to: GraphNode | undefined): Edge[] {
  return from && to ? [{ path: pointer(path), from: from.id, to: to.id }] : [];
}

function told(round: Edge[], what: string, why: string): Diagnostic {
  const ids = round.map((each) => each.from);
  const shown = ids.length > 12 ? [...ids.slice(0, 12), `… (${ids.length} nodes)`] : ids;
  const last = round.at(-1) as Edge;
  return {
    code: 'cycle',
    severity: 'error',
    path: last.path,
    node: last.to,
    message: `${what} lead back to where they start: ${[...shown, ids[0]].join(' → ')}; ${why}. Take one of them out.`,
    fix: { title: `Take out the one from "${last.from}" to "${last.to}"`, patch: [{ op: 'remove', path: last.path }] },
  };
}
