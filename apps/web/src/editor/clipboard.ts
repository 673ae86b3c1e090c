/** Copy and paste: a selection as JSON text, and the text read again. A whole flow's text pastes as its nodes. */
import { linkEnd, readFlow, type Diagnostic, type Flow, type Position } from '@switchyard/shared';
import { freshNodeId } from './node-commands.ts';

const selectionFormat = 'switchyard.selection';

/** Nodes with the wires between them. */
export type Selection = Pick<Flow, 'nodes' | 'links' | 'grants'> & { layout: Record<string, Position> };

/** The chosen nodes, the wires that lie wholly between them, and their places. */
export function selectNodes(flow: Flow, ids: readonly string[], positions: Readonly<Record<string, Position>>): Selection {
  const chosen = new Set(ids);
  const pickChosen = <T>(record: Readonly<Record<string, T>>) => Object.fromEntries(Object.entries(record).filter(([id]) => chosen.has(id)));
  return {
    nodes: pickChosen(flow.nodes),
    links: flow.links.filter((link) => chosen.has(linkEnd(link.from).node) && chosen.has(linkEnd(link.to).node)),
    grants: flow.grants.filter((grant) => chosen.has(grant.from) && chosen.has(grant.to)),
    layout: pickChosen(positions),
  };
}

/** The text for the clipboard. */
export function selectionText(selection: Selection): string {
  return JSON.stringify({ format: selectionFormat, version: 1, ...selection }, null, 2);
}

/** Reads text from the clipboard; `isForeign` where it is no Switchyard text at all, so that nothing needs to be said. */
export function readSelection(text: string): { selection?: Selection; diagnostics: Diagnostic[]; isForeign: boolean } {
  const isOurs = text.includes(selectionFormat) || text.includes('switchyard.flow');
  if (!isOurs) return { diagnostics: [], isForeign: true };
  const { document, diagnostics } = readFlow(asFlow(text));
  if (!document) return { diagnostics, isForeign: false };
  const { nodes, links, grants, layout = {} } = document;
  return { selection: { nodes, links, grants, layout }, diagnostics, isForeign: false };
}

/** New ids for the nodes of a selection, by their old ones. */
export function freshIds(flow: Flow, selection: Selection): Record<string, string> {
  const taken = new Set<string>();
  const ids: Record<string, string> = {};
  for (const id of Object.keys(selection.nodes)) {
    const fresh = freshNodeId(flow, id.replace(/_\d+$/, ''), taken);
    taken.add(fresh);
    ids[id] = fresh;
  }
  return ids;
}

interface Paste {
  selection: Selection;
  /** From `freshIds`. */
  ids: Readonly<Record<string, string>>;
  /** Places of the pasted nodes by their old ids. */
  layout: Readonly<Record<string, Position>>;
}

/** Adds the nodes of a selection under their new ids, with the wires between them. */
export function paste(flow: Flow, { selection, ids, layout }: Paste): Flow {
  const renamed = (id: string) => ids[id] as string;
  const end = (text: string) => `${renamed(linkEnd(text).node)}.${linkEnd(text).port}`;
  const isWhole = (...nodes: string[]) => nodes.every((id) => Object.hasOwn(ids, id));
  const rename = <T>(record: Readonly<Record<string, T>>) =>
    Object.fromEntries(
      Object.entries(record)
        .filter(([id]) => isWhole(id))
        .map(([id, value]) => [renamed(id), value]),
    );
  const links = selection.links.filter((link) => isWhole(linkEnd(link.from).node, linkEnd(link.to).node));
  const grants = selection.grants.filter((grant) => isWhole(grant.from, grant.to));
  return {
    ...flow,
    nodes: { ...flow.nodes, ...rename(selection.nodes) },
    links: [...flow.links, ...links.map((link) => ({ from: end(link.from), to: end(link.to) }))],
    grants: [...flow.grants, ...grants.map((grant) => ({ ...grant, from: renamed(grant.from), to: renamed(grant.to) }))],
    layout: { ...flow.layout, ...rename(layout) },
  };
}

function asFlow(text: string): unknown {
  try {
    const value = JSON.parse(text) as Record<string, unknown>;
    if (value?.format !== selectionFormat) return text;
    return { ...value, format: 'switchyard.flow', name: 'Selection' };
  } catch {
    return text;
  }
}
