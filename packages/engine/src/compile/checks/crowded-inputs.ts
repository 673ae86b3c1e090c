/** Several links end at one input only where at most one of them can carry a value: they hang on different ways of one branch. */
import { pointer, type Diagnostic } from '@switchyard/shared';
import { isKnown, titleOf, type BoundLink, type Graph, type GraphNode } from '../graph.ts';
import { waysOf, type Ways } from '../ways.ts';

export function checkCrowdedInputs(graph: Graph): Diagnostic[] {
  let ways: ((link: BoundLink) => Ways) | undefined;
  const found: Diagnostic[] = [];
  for (const node of graph.nodes.values()) {
    for (const links of groups(node)) {
      if (links.some(({ from }) => !isKnown(from.node))) continue;
      ways ??= waysOf(graph);
      const clash = firstClash(links, ways);
      if (clash) found.push(told(node, clash));
    }
  }
  return found;
}

/** The links of each input that has several; repeated ones are another rule's. */
function groups(node: GraphNode): BoundLink[][] {
  if (node.linksIn.length < 2 || !isKnown(node)) return [];
  const byPort = new Map<string, BoundLink[]>();
  for (const link of node.linksIn) {
    if (link.isRepeated || node.ports.collects?.includes(link.to.port)) continue;
    const group = byPort.get(link.to.port);
    if (group) group.push(link);
    else byPort.set(link.to.port, [link]);
  }
  return [...byPort.values()].filter((group) => group.length > 1);
}

/** Two links that could both carry a value in one run. */
export function firstClash(links: readonly BoundLink[], ways: (link: BoundLink) => Ways): [BoundLink, BoundLink] | undefined {
  // Thousands of links at one input would make millions of pairs; the first hundred tell the mistake as well.
  const compared = links.slice(0, 100).map((link) => ({ link, ways: ways(link) }));
  for (const [index, first] of compared.entries()) {
    for (const second of compared.slice(index + 1)) if (!first.ways.excludes(second.ways)) return [first.link, second.link];
  }
  return undefined;
}

function told(node: GraphNode, [first, second]: [BoundLink, BoundLink]): Diagnostic {
  const path = pointer(['links', second.index]);
  return {
    code: 'port-crowded',
    severity: 'error',
    path,
    node: node.id,
    field: second.to.port,
    message: `Both "${first.link.from}" and "${second.link.from}" can give a value to "${second.to.port}" of "${titleOf(node)}" (${node.id}), which takes one. Take a link out, or let them come from different ways of one branch.`,
    fix: { title: `Take out the link from "${second.link.from}"`, patch: [{ op: 'remove', path }] },
  };
}
