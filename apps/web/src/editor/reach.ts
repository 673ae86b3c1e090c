/** Who lies upstream of whom. Remembered per list of wires: a drag asks about every port of the flow, of the same lists. */
import { linkEnd, type Flow, type Link } from '@switchyard/shared';

type Wires = Flow['links'] | Flow['grants'];

/** Does a way lead from `before` along the wires to `after`? A node lies upstream of itself. */
export function isUpstream(wires: Wires, before: string, after: string): boolean {
  if (before === after) return true;
  const { followers, reached } = graphOf(wires);
  let found = reached.get(before);
  if (!found) {
    found = reach(before, followers);
    reached.set(before, found);
  }
  return found.has(after);
}

/** Is exactly this link there? */
export function hasLink(flow: Flow, link: Pick<Link, 'from' | 'to'>): boolean {
  let names = linkNames.get(flow.links);
  if (!names) {
    names = new Set(flow.links.map((each) => `${each.from}>${each.to}`));
    linkNames.set(flow.links, names);
  }
  return names.has(`${link.from}>${link.to}`);
}

interface Graph {
  followers: ReadonlyMap<string, readonly string[]>;
  reached: Map<string, ReadonlySet<string>>;
}

const graphs = new WeakMap<Wires, Graph>();
const linkNames = new WeakMap<Flow['links'], Set<string>>();

function graphOf(wires: Wires): Graph {
  const known = graphs.get(wires);
  if (known) return known;
  const followers = new Map<string, string[]>();
  for (const wire of wires) {
    const [before, after] = [nodeOf(wire.from), nodeOf(wire.to)];
    const list = followers.get(before);
    if (list) list.push(after);
    else followers.set(before, [after]);
  }
  const graph = { followers, reached: new Map() };
  graphs.set(wires, graph);
  return graph;
}

/** A link's end is "node.port", a grant's is the node. */
function nodeOf(end: string): string {
  return end.includes('.') ? linkEnd(end).node : end;
}

function reach(start: string, followers: Graph['followers']): Set<string> {
  const seen = new Set<string>();
  const queue = [start];
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    for (const next of followers.get(id) ?? []) {
      if (seen.has(next)) continue;
      seen.add(next);
      queue.push(next);
    }
  }
  return seen;
}
