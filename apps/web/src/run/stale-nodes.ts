/** Which nodes are not as they were when the run on screen started, or build on one that is not, and why: their results are stale. Pure. */
import type { Registry } from '@switchyard/engine';
import { flowNamed, flowReferences, isSameFlow } from '../editor/flow-references.ts';
import { linkEnd, stableText, type Flow, type FlowNode, type Grant, type Json } from '@switchyard/shared';

interface Compared {
  ran: Flow;
  now: Flow;
  title(node: string): string;
  registry: Registry;
}

const nothingStale: ReadonlyMap<string, string> = new Map();

/** One sentence by node. Nodes that came later have no result, and are not told. */
export function staleNodes({ ran, now, title, registry }: Compared): ReadonlyMap<string, string> {
  if (ran === now || (ran.nodes === now.nodes && ran.links === now.links && ran.grants === now.grants && ran.flows === now.flows)) return nothingStale;
  const reasons = new Map<string, string>();
  const links = { ran: linksInto(ran), now: linksInto(now) };
  const grants = { ran: grantsOf(ran), now: grantsOf(now) };
  const isChangedFlow = changedFlow({ ran, now, registry });
  for (const [id, node] of Object.entries(now.nodes)) {
    const before = Object.hasOwn(ran.nodes, id) ? ran.nodes[id] : undefined;
    if (!before) continue;
    if (isChanged(before, node)) reasons.set(id, 'Its settings were changed since this result.');
    else if (!isSame(links.ran.get(id), links.now.get(id))) reasons.set(id, 'Its wires were changed since this result.');
    else if (!isSame(grants.ran.get(id), grants.now.get(id))) reasons.set(id, 'What it may call was changed since this result.');
    else if (flowReferences({ nodes: { [id]: node } }, registry).some(({ name }) => isChangedFlow(name)))
      reasons.set(id, 'The flow that it runs was changed since this result.');
  }
  passOn(reasons, grants.now, (called) => `"${title(called)}", which it may call, was changed since this result.`);
  const sources = new Map([...links.now].map(([id, ends]) => [id, ends.map((end) => linkEnd(end.split(' ')[0] as string).node)]));
  passOn(reasons, new Map([...sources].map(([id, from]) => [id, from.map((to) => ({ to }))])), (source) => `"${title(source)}", which it builds on, is stale.`);
  for (const id of reasons.keys()) if (!Object.hasOwn(ran.nodes, id)) reasons.delete(id);
  return reasons;
}

/** Whether a flow of the document, or one that it runs, does something else now; asked of each once. Where its cards stand changes no result. */
function changedFlow({ ran, now, registry }: Omit<Compared, 'title'>): (name: string) => boolean {
  const known = new Map<string, boolean>();
  return (name) => {
    if (ran.flows === now.flows) return false;
    const [before, after] = [flowNamed(ran.flows ?? {}, name), flowNamed(now.flows ?? {}, name)];
    if (!known.has(name)) {
      const isSameNow =
        before && after ? isSameFlow({ body: before, flows: ran.flows ?? {} }, { body: after, flows: now.flows ?? {} }, registry) : before === after;
      known.set(name, !isSameNow);
    }
    return known.get(name) ?? false;
  };
}

/** What is stale makes stale what depends on it, however far away. */
function passOn(reasons: Map<string, string>, needs: ReadonlyMap<string, readonly Pick<Grant, 'to'>[]>, say: (node: string) => string): void {
  const dependants = new Map<string, string[]>();
  for (const [id, ends] of needs) for (const { to } of ends) dependants.set(to, [...(dependants.get(to) ?? []), id]);
  const open = [...reasons.keys()];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (const dependant of dependants.get(at) ?? []) {
      if (reasons.has(dependant)) continue;
      reasons.set(dependant, say(at));
      open.push(dependant);
    }
  }
}

/** Settings that were not touched are the same object; what was typed and taken back means the same. */
function isChanged(before: FlowNode, node: FlowNode): boolean {
  if (before === node || (before.kind === node.kind && before.config === node.config && before.policy === node.policy)) return false;
  return before.kind !== node.kind || !isSame(before.config, node.config) || !isSame(before.policy, node.policy);
}

function isSame(one: unknown, other: unknown): boolean {
  return one === other || stableText((one ?? null) as Json) === stableText((other ?? null) as Json);
}

/** Ends of the links into each node, in a fixed order. */
function linksInto({ links }: Flow): Map<string, string[]> {
  const into = new Map<string, string[]>();
  for (const { from, to } of links) {
    const { node } = linkEnd(to);
    into.set(node, [...(into.get(node) ?? []), `${from} ${to}`].sort());
  }
  return into;
}

/** When a person is asked changes no result: what may be called does. */
function grantsOf({ grants }: Flow): Map<string, Pick<Grant, 'to' | 'operations'>[]> {
  const of = new Map<string, Pick<Grant, 'to' | 'operations'>[]>();
  for (const { from, to, operations } of grants) of.set(from, [...(of.get(from) ?? []), { to, ...(operations && { operations }) }]);
  return of;
}
