/** The column of each node, from the links: one further right than whatever it waits for. */
import { linkEnd, type Flow } from '@switchyard/shared';
import { homeBand, type FaceOf } from './bands.ts';

/** Columns by node, in document order. Data nodes that are only called have none; exits stand in the last column. */
export function rankNodes(flow: Flow, faceOf: FaceOf): Map<string, number> {
  const followers = new Map<string, Set<string>>();
  const waiting = new Map<string, number>();
  for (const id of Object.keys(flow.nodes)) {
    followers.set(id, new Set());
    waiting.set(id, 0);
  }
  const follow = (before: string, after: string) => {
    const set = followers.get(before);
    if (!set || !waiting.has(after) || set.has(after) || before === after) return;
    set.add(after);
    waiting.set(after, (waiting.get(after) ?? 0) + 1);
  };
  const linked = new Set<string>();
  for (const link of flow.links) {
    const [before, after] = [linkEnd(link.from).node, linkEnd(link.to).node];
    linked.add(before).add(after);
    follow(before, after);
  }
  // A control node that only other control nodes call stands beside its caller, not among the data.
  for (const grant of flow.grants) if (!linked.has(grant.to) && isControl(flow, grant.to, faceOf)) follow(grant.from, grant.to);
  const columns = longestPaths(followers, waiting);
  const ranks = new Map<string, number>();
  const last = Math.max(0, ...columns.values());
  for (const [id, node] of Object.entries(flow.nodes)) {
    const isOnlyCalled = !linked.has(id) && homeBand(faceOf(node)) === 'data';
    if (!isOnlyCalled) ranks.set(id, faceOf(node).kind?.role === 'exit' ? last : (columns.get(id) ?? 0));
  }
  return ranks;
}

function isControl(flow: Flow, id: string, faceOf: FaceOf): boolean {
  const node = flow.nodes[id];
  return node !== undefined && homeBand(faceOf(node)) === 'control';
}

/** Nodes within a cycle are let go in document order, so that every node gets a column. */
function longestPaths(followers: ReadonlyMap<string, ReadonlySet<string>>, waiting: Map<string, number>): Map<string, number> {
  const columns = new Map<string, number>();
  const ready = [...waiting].filter(([, count]) => count === 0).map(([id]) => id);
  const rest = [...waiting.keys()];
  const isDone = new Set<string>();
  for (let head = 0, next = 0; isDone.size < waiting.size; ) {
    const id = head < ready.length ? (ready[head++] as string) : (rest[next++] as string);
    if (isDone.has(id)) continue;
    isDone.add(id);
    const column = columns.get(id) ?? 0;
    columns.set(id, column);
    for (const follower of followers.get(id) ?? []) {
      if (isDone.has(follower)) continue;
      columns.set(follower, Math.max(columns.get(follower) ?? 0, column + 1));
      const left = (waiting.get(follower) ?? 0) - 1;
      waiting.set(follower, left);
      if (left === 0) ready.push(follower);
    }
  }
  return columns;
}
