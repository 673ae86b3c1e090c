/** Knots of a directed graph: its strongly connected parts that hold a cycle (Tarjan's algorithm with an explicit stack; linear). */

export interface Edge {
  /** Where it stands in the document. */
  path: string;
  from: string;
  to: string;
}

interface Mark {
  index: number;
  low: number;
  isOpen: boolean;
}

/** One shortest way round each knot, from the first of its nodes that is met; the edges follow one another. */
export function knots(edges: readonly Edge[]): Edge[][] {
  const outgoing = new Map<string, Edge[]>();
  for (const edge of edges) {
    const list = outgoing.get(edge.from);
    if (list) list.push(edge);
    else outgoing.set(edge.from, [edge]);
  }
  return components(outgoing).flatMap((component) => {
    const round = wayRound(component, outgoing);
    return round ? [round] : [];
  });
}

function components(outgoing: ReadonlyMap<string, Edge[]>): string[][] {
  const marks = new Map<string, Mark>();
  const open: string[] = [];
  const found: string[][] = [];
  const enter = (id: string) => {
    const mark: Mark = { index: marks.size, low: marks.size, isOpen: true };
    marks.set(id, mark);
    open.push(id);
    return { id, mark, next: 0 };
  };
  for (const root of outgoing.keys()) {
    if (marks.has(root)) continue;
    const stack = [enter(root)];
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const edge = outgoing.get(top.id)?.[top.next];
      top.next += 1;
      if (edge) {
        const seen = marks.get(edge.to);
        if (!seen) stack.push(enter(edge.to));
        else if (seen.isOpen) top.mark.low = Math.min(top.mark.low, seen.index);
        continue;
      }
      stack.pop();
      const parent = stack.at(-1);
      if (parent) parent.mark.low = Math.min(parent.mark.low, top.mark.low);
      if (top.mark.low === top.mark.index) found.push(close(top.id, open, marks));
    }
  }
  return found;
}

/** Takes the component that began with `first` off the open nodes. */
function close(first: string, open: string[], marks: ReadonlyMap<string, Mark>): string[] {
  const component = open.splice(open.lastIndexOf(first));
  for (const id of component) (marks.get(id) as Mark).isOpen = false;
  return component;
}

/** Breadth first within the component, from its first node back to it. */
function wayRound(component: readonly string[], outgoing: ReadonlyMap<string, Edge[]>): Edge[] | undefined {
  const start = component[0] as string;
  const within = new Set(component);
  const reachedBy = new Map<string, Edge>();
  const queue = [start];
  for (const id of queue) {
    for (const edge of outgoing.get(id) ?? []) {
      if (!within.has(edge.to) || reachedBy.has(edge.to)) continue;
      reachedBy.set(edge.to, edge);
      if (edge.to === start) return retrace(start, reachedBy);
      queue.push(edge.to);
    }
  }
  return undefined;
}

function retrace(start: string, reachedBy: ReadonlyMap<string, Edge>): Edge[] {
  const round: Edge[] = [];
  let at = start;
  do {
    const edge = reachedBy.get(at) as Edge;
    round.push(edge);
    at = edge.from;
  } while (at !== start);
  return round.reverse();
}
