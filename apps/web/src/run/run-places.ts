/**
 * Places in a run: a node of one execution of a flow. A body is such an execution, of the flow itself or of a flow that a node runs, once or many
 * times; a place is named as the task there is, `each[3].topic`. Pure.
 *
 * 1. The body of the flow itself is named by the empty string, so a place in it is named by its node alone.
 * 2. Which body is looked at follows from the level that is open: at each step the one chosen, else the latest that was begun.
 */
import type { TaskView } from '@switchyard/shared';

export interface RunBody {
  /** The node that runs it, in the body around it. */
  node: string;
  /** The body around it. */
  outer: string;
}

/** The bodies of a run: each by its key, and the keys of those that a place has run, in the order they were begun. */
export interface RunBodies {
  byKey: Map<string, RunBody>;
  byPlace: Map<string, string[]>;
}

export function emptyBodies(): RunBodies {
  return { byKey: new Map(), byPlace: new Map() };
}

/** A node in a body. */
export function placeOf(body: string, node: string): string {
  return body === '' ? node : `${body}.${node}`;
}

/** The body that a task belongs to. */
export function bodyOfTask({ task, node, parent }: Pick<TaskView, 'task' | 'node' | 'parent'>): string {
  return parent === undefined ? '' : task.slice(0, -node.length - 1);
}

/** Notes the body of a task that has begun; `outer` is the task that runs it. */
export function noteBody(bodies: RunBodies, body: string, outer: Pick<TaskView, 'task' | 'node' | 'parent'>): void {
  if (body === '' || bodies.byKey.has(body)) return;
  const around = bodyOfTask(outer);
  const node = runnerOf(body, outer);
  bodies.byKey.set(body, { node, outer: around });
  const place = placeOf(around, node);
  const list = bodies.byPlace.get(place);
  if (list) list.push(body);
  else bodies.byPlace.set(place, [body]);
}

/** The task's own node, or the one whose operation it called: `planner#t1.pricing.run.0` is run by `pricing`. */
function runnerOf(body: string, outer: Pick<TaskView, 'task' | 'node'>): string {
  const called = /[.]([a-z][a-z0-9_]*)[.]\w+[.]\d+$/.exec(body.slice(outer.task.length));
  return called?.[1] ?? outer.node;
}

/** The bodies from the outermost to this one, without that of the flow itself. */
export function bodiesAbove(bodies: RunBodies, body: string): ({ key: string } & RunBody)[] {
  const way: ({ key: string } & RunBody)[] = [];
  for (let key = body, at = bodies.byKey.get(key); at; key = at.outer, at = bodies.byKey.get(key)) way.unshift({ key, ...at });
  return way;
}

/** The body that is seen where these nodes were entered one after the other; undefined where the run has none there. */
export function bodyAt(bodies: RunBodies, nodes: readonly (string | undefined)[], chosen: string | undefined): string | undefined {
  if (nodes.length === 0) return '';
  const wanted = chosen === undefined ? [] : bodiesAbove(bodies, chosen);
  let body = '';
  for (const [index, node] of nodes.entries()) {
    const begun = node === undefined ? undefined : bodies.byPlace.get(placeOf(body, node));
    const wish = wanted[index]?.key;
    const next = wish !== undefined && begun?.includes(wish) ? wish : begun?.at(-1);
    if (next === undefined) return undefined;
    body = next;
  }
  return body;
}

/** The places that what happens at a task concerns, from its own outward: there, and at each node that runs the body around. */
export function placesAround(bodies: RunBodies, task: Pick<TaskView, 'task' | 'node' | 'parent'>): { body: string; node: string }[] {
  const places = [{ body: bodyOfTask(task), node: task.node }];
  for (let at = bodies.byKey.get(places[0]?.body ?? ''); at; at = bodies.byKey.get(at.outer)) places.push({ body: at.outer, node: at.node });
  return places;
}
