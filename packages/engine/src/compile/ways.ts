/**
 * Under which ways of which branches a value comes to be. A node runs only if its required inputs arrive, so the ways of its
 * inputs are its own; where several links end at one input, any of them will do.
 */
import { errorPort } from '@switchyard/shared';
import type { BoundLink, Graph, GraphNode } from './graph.ts';
import { topologicalOrder } from './topological-order.ts';

/** Branches remembered at one node. Beyond it the nearest stay: links of deeper trees may be told as crowded, never the other way. */
const mostBranches = 32;

/** For some branches, the ports of which one must have been emitted; says nothing of other branches. */
export class Ways {
  private readonly ports: ReadonlyMap<string, ReadonlySet<string>>;
  constructor(ports: ReadonlyMap<string, ReadonlySet<string>> = new Map()) {
    this.ports = ports;
  }

  /** Can the two never hold in one run? */
  excludes(other: Ways): boolean {
    for (const [branch, ports] of this.ports) {
      const others = other.ports.get(branch);
      if (others && ![...ports].some((port) => others.has(port))) return true;
    }
    return false;
  }

  /** Both must hold. */
  and(other: Ways): Ways {
    if (other.ports.size === 0) return this;
    if (this.ports.size === 0) return other;
    const joined = new Map(this.ports);
    for (const [branch, ports] of other.ports) {
      const own = joined.get(branch);
      joined.set(branch, own ? new Set([...ports].filter((port) => own.has(port))) : ports);
    }
    return new Ways(new Map([...joined].slice(-mostBranches)));
  }

  /** One of the two holds. */
  or(other: Ways): Ways {
    const joined = new Map<string, ReadonlySet<string>>();
    for (const [branch, ports] of this.ports) {
      const others = other.ports.get(branch);
      if (others) joined.set(branch, new Set([...ports, ...others]));
    }
    return new Ways(joined);
  }
}

/** The ways under which each link carries a value. */
export function waysOf(graph: Graph): (link: BoundLink) => Ways {
  const ways = new Map<GraphNode, Ways>();
  const ofLink = ({ from }: BoundLink): Ways => {
    const source = from.node && ways.get(from.node);
    if (!from.node || !source) return new Ways();
    const port = isExclusive(from.node, from.port) ? from.port : from.node.node.policy?.onFailure === 'port' ? outcomeOf(from.port) : undefined;
    return port === undefined ? source : source.and(new Ways(new Map([[from.id, new Set([port])]])));
  };
  for (const node of topologicalOrder(graph)) ways.set(node, waysOfNode(node, ofLink));
  return ofLink;
}

function isExclusive({ ports: { exclusive } }: GraphNode, port: string): boolean {
  return exclusive === true || (exclusive?.includes(port) ?? false);
}

/** A node with an error port gives either its failure or its other outputs. */
function outcomeOf(port: string): string {
  return port === errorPort ? port : 'no failure';
}

function waysOfNode(node: GraphNode, ofLink: (link: BoundLink) => Ways): Ways {
  const optional = new Set(node.ports.optional);
  const byPort = new Map<string, Ways>();
  for (const link of node.linksIn) {
    if (optional.has(link.to.port)) continue;
    const before = byPort.get(link.to.port);
    byPort.set(link.to.port, before ? before.or(ofLink(link)) : ofLink(link));
  }
  return [...byPort.values()].reduce((all, each) => all.and(each), new Ways());
}
