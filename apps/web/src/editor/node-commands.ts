/** Commands on nodes: each takes a document and gives the changed one. None leaves a link, grant or position without its node. */
import { linkEnd, type Flow, type FlowNode, type Json, type JsonObject, type Link, type NodePolicy, type Position } from '@switchyard/shared';
import { freeName, nameOfWords } from './fresh-name.ts';

/** An id that no node has: the words of `wish` in lower case, with a number where that is taken. `taken` holds further ids to keep clear of. */
export function freshNodeId(flow: Flow, wish: string, taken: ReadonlySet<string> = new Set()): string {
  return freeName(nameOfWords(wish, 'node'), (id) => Object.hasOwn(flow.nodes, id) || taken.has(id));
}

interface NewNode {
  id: string;
  node: FlowNode;
  at: Position;
}

/** Adds a node under an id made by `freshNodeId`. */
export function addNode(flow: Flow, { id, node, at }: NewNode): Flow {
  return { ...flow, nodes: { ...flow.nodes, [id]: node }, layout: { ...flow.layout, [id]: whole(at) } };
}

/** Removes nodes with their links, grants and positions. */
export function removeNodes(flow: Flow, ids: readonly string[]): Flow {
  const gone = new Set(ids.filter((id) => Object.hasOwn(flow.nodes, id)));
  if (gone.size === 0) return flow;
  const rest: Flow = { ...flow, nodes: without(flow.nodes, gone), links: keepLinks(flow.links, gone), grants: keepGrants(flow, gone) };
  if (flow.layout) rest.layout = without(flow.layout, gone);
  return rest;
}

/** Removes a node and joins what was wired through it: the sources of its one wired input go on to where its outputs went. */
export function removeAndHeal(flow: Flow, id: string): Flow {
  const arriving = flow.links.filter((link) => linkEnd(link.to).node === id);
  const leaving = flow.links.filter((link) => linkEnd(link.from).node === id);
  const rest = removeNodes(flow, [id]);
  const inputs = new Set(arriving.map((link) => link.to));
  if (inputs.size !== 1) return rest;
  const healed = arriving.flatMap((before) => leaving.map((after): Link => ({ from: before.from, to: after.to })));
  const isNew = (link: Link) =>
    linkEnd(link.from).node !== id && linkEnd(link.to).node !== id && !rest.links.some((other) => other.from === link.from && other.to === link.to);
  return { ...rest, links: [...rest.links, ...healed.filter(isNew)] };
}

/** Puts nodes at new places, in whole numbers. */
export function moveNodes(flow: Flow, positions: Readonly<Record<string, Position>>): Flow {
  const layout = { ...flow.layout };
  for (const [id, at] of Object.entries(positions)) if (Object.hasOwn(flow.nodes, id)) layout[id] = whole(at);
  return { ...flow, layout };
}

/** The node's own title; without text the kind's title serves again. */
export function setTitle(flow: Flow, id: string, title: string): Flow {
  const text = title.trim().slice(0, 200);
  return changeNode(flow, id, ({ title: _before, ...node }) => (text === '' ? node : { ...node, title: text }));
}

/** Replaces a node's whole configuration. */
export function setConfig(flow: Flow, id: string, config: JsonObject): Flow {
  return changeNode(flow, id, (node) => ({ ...node, config }));
}

/** Parts of a policy; undefined takes a part away. */
export type PolicyChange = { [Part in keyof NodePolicy]?: NodePolicy[Part] | undefined };

/** Changes what happens when a node is slow or fails. A policy that says nothing is left out. */
export function setPolicy(flow: Flow, id: string, change: PolicyChange): Flow {
  return changeNode(flow, id, ({ policy: before, ...node }) => {
    const policy = Object.fromEntries(Object.entries({ ...before, ...change }).filter(([, part]) => part !== undefined)) as NodePolicy;
    return Object.keys(policy).length === 0 ? node : { ...node, policy };
  });
}

interface FieldChange {
  node: string;
  field: string;
  /** Undefined removes the field. */
  value: Json | undefined;
}

/** Sets one field of a node's configuration. */
export function setField(flow: Flow, { node, field, value }: FieldChange): Flow {
  return changeNode(flow, node, (before) => {
    const config = { ...before.config };
    if (value === undefined) delete config[field];
    else config[field] = value;
    return { ...before, config };
  });
}

interface PortRename {
  node: string;
  side: 'input' | 'output';
  from: string;
  to: string;
}

/** Leads the links of a port to its new name; used together with the change of configuration that renames it. */
export function renamePort(flow: Flow, { node, side, from, to }: PortRename): Flow {
  const before = `${node}.${from}`;
  const after = `${node}.${to}`;
  const rename = (end: string) => (end === before ? after : end);
  return { ...flow, links: flow.links.map((link) => (side === 'input' ? { ...link, to: rename(link.to) } : { ...link, from: rename(link.from) })) };
}

function changeNode(flow: Flow, id: string, change: (node: FlowNode) => FlowNode): Flow {
  const node = Object.hasOwn(flow.nodes, id) ? flow.nodes[id] : undefined;
  return node ? { ...flow, nodes: { ...flow.nodes, [id]: change(node) } } : flow;
}

function keepLinks(links: readonly Link[], gone: ReadonlySet<string>): Link[] {
  return links.filter((link) => !gone.has(linkEnd(link.from).node) && !gone.has(linkEnd(link.to).node));
}

function keepGrants(flow: Flow, gone: ReadonlySet<string>): Flow['grants'] {
  return flow.grants.filter((grant) => !gone.has(grant.from) && !gone.has(grant.to));
}

function without<T>(record: Record<string, T>, gone: ReadonlySet<string>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).filter(([key]) => !gone.has(key)));
}

function whole([x, y]: Position): Position {
  return [Math.round(x), Math.round(y)];
}
