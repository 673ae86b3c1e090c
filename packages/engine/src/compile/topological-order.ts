/** An order in which every node stands after those that its links come from. */
import type { Graph, GraphNode } from './graph.ts';

/** Steps in topological order; what is not bound by links keeps document order. Links that close a cycle are passed over. */
export function topologicalOrder(graph: Graph): GraphNode[] {
  const order: GraphNode[] = [];
  const entered = new Set<GraphNode>();
  for (const root of graph.nodes.values()) {
    if (!root.isStep || entered.has(root)) continue;
    // An explicit stack: a chain may be as long as the flow.
    const stack = [{ node: root, next: 0 }];
    entered.add(root);
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const source = top.node.linksIn[top.next]?.from.node;
      if (top.next >= top.node.linksIn.length) {
        order.push(top.node);
        stack.pop();
      } else if (source && !entered.has(source)) {
        entered.add(source);
        stack.push({ node: source, next: 0 });
      }
      top.next += 1;
    }
  }
  return order;
}
