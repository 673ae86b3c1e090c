/** Several exits may give an output of the same name, as the ways of a branch do; where two of them could in one run, what is given would hang on which comes later. */
import { pointer, type Diagnostic } from '@switchyard/shared';
import { isKnown, titleOf, type BoundLink, type Graph, type GraphNode } from '../graph.ts';
import { waysOf } from '../ways.ts';
import { firstClash } from './crowded-inputs.ts';

export function checkCrowdedOutputs(graph: Graph): Diagnostic[] {
  const exits = [...graph.nodes.values()].filter((node) => isKnown(node) && node.kind.role === 'exit');
  if (exits.length < 2) return [];
  const ways = waysOf(graph);
  return [...linksByOutput(exits).values()].flatMap((links) => {
    const clash = links.every(({ from }) => isKnown(from.node)) && firstClash(links, ways);
    // Two that end at one exit are told by the rule of crowded inputs.
    return clash && clash[0].to.node !== clash[1].to.node ? [told(clash)] : [];
  });
}

function linksByOutput(exits: readonly GraphNode[]): Map<string, BoundLink[]> {
  return Map.groupBy(
    exits.flatMap(({ linksIn }) => linksIn.filter(({ isRepeated }) => !isRepeated)),
    ({ to }) => to.port,
  );
}

function told([first, second]: [BoundLink, BoundLink]): Diagnostic {
  const { to } = second;
  const places = [first, second].map((link) => `"${link.to.node ? titleOf(link.to.node) : ''}" (${link.to.id})`).join(' and ');
  return {
    code: 'output-crowded',
    severity: 'warning',
    path: pointer(['links', second.index]),
    node: to.id,
    field: to.port,
    message: `Both ${places} can give the output "${to.port}" in one run: the one that comes later counts, and the other is lost. Name one of them otherwise, or let them come from different ways of one branch.`,
  };
}
