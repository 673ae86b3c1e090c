/** What is wrong, and what runs when, for each flow of a document: as its level shows it. Pure. */
import type { Registry } from '@switchyard/engine';
import type { Compiled } from '@switchyard/engine/compile';
import { linkEnd, pointer, type Diagnostic, type Flow } from '@switchyard/shared';
import { flowReferences, reachableFlows } from './flow-references.ts';
import { everyLevel } from './levels.ts';

/** Paths and nodes of the diagnostics are within the flow; patches of their fixes are of the whole document. */
export interface LevelDerived {
  diagnostics: readonly Diagnostic[];
  byNode: ReadonlyMap<string, readonly Diagnostic[]>;
  /** Nodes that run as steps; the others run only when called. */
  steps: ReadonlySet<string>;
  onCall: ReadonlySet<string>;
  /** By node: what is wrong in the flow that it runs, or below that, as the whole document tells it. Errors first. */
  inside: ReadonlyMap<string, readonly Diagnostic[]>;
}

/** The same object each time: nothing is known of the flow. */
export const nothingAtLevel: LevelDerived = { diagnostics: [], byNode: new Map(), steps: new Set(), onCall: new Set(), inside: new Map() };

/** By the name of the flow; undefined names the document itself. */
export type Levels = ReadonlyMap<string | undefined, LevelDerived>;

/** Sorts what was compiled by the flows that it is about. */
export function deriveLevels(document: Flow, compiled: Compiled, registry: Registry): Levels {
  const byFlow = new Map<string | undefined, Diagnostic[]>();
  for (const diagnostic of compiled.diagnostics) append(byFlow, diagnostic.flow, diagnostic);
  return new Map(
    everyLevel(document).map(([name, flow]) => {
      const found = byFlow.get(name) ?? [];
      const diagnostics = name === undefined ? found : found.map((diagnostic) => withinFlow(diagnostic, name, flow));
      const byNode = new Map<string, Diagnostic[]>();
      for (const diagnostic of diagnostics) if (diagnostic.node !== undefined) append(byNode, diagnostic.node, diagnostic);
      const nodes = Object.entries((name === undefined ? compiled.nodes : compiled.flows[name]) ?? {});
      const idsOf = (isWanted: (node: (typeof nodes)[number][1]) => boolean) => new Set(nodes.filter(([, node]) => isWanted(node)).map(([id]) => id));
      const derived: LevelDerived = {
        diagnostics,
        byNode,
        steps: idsOf((node) => node.isStep),
        onCall: idsOf((node) => node.isOnCall),
        inside: insideOf(flow, byFlow, registry),
      };
      return [name, derived];
    }),
  );
}

function insideOf(flow: Flow, byFlow: ReadonlyMap<string | undefined, readonly Diagnostic[]>, registry: Registry): Map<string, Diagnostic[]> {
  const inside = new Map<string, Diagnostic[]>();
  if (byFlow.size === 0) return inside;
  for (const { node, name } of flowReferences(flow, registry)) {
    const found = [...reachableFlows([name], flow.flows ?? {}, registry)].flatMap((each) => byFlow.get(each) ?? []);
    if (found.length > 0)
      inside.set(
        node,
        [...found].sort((one, other) => Number(one.severity === 'warning') - Number(other.severity === 'warning')),
      );
  }
  return inside;
}

/** A mistake of a flow of the document as that flow alone would have it. */
export function withinFlow(diagnostic: Diagnostic, name: string, flow: Flow): Diagnostic {
  const path = diagnostic.path.slice(pointer(['flows', name]).length);
  const node = nodeAt(path, flow);
  return { ...diagnostic, path, ...(node !== undefined && { node }) };
}

/** The node that a mistake at this path is told at. */
function nodeAt(path: string, { nodes, links, grants }: Flow): string | undefined {
  const [, list, key = '', part] = path.split('/');
  if (list === 'nodes') return Object.hasOwn(nodes, key) ? key : undefined;
  const [link, grant] = [links[Number(key)], grants[Number(key)]];
  const id =
    list === 'links' && link
      ? linkEnd(part === 'from' ? link.from : link.to).node
      : list === 'grants' && grant
        ? part === 'to' || part === 'operations'
          ? grant.to
          : grant.from
        : undefined;
  return id !== undefined && Object.hasOwn(nodes, id) ? id : undefined;
}

function append<Key, Value>(map: Map<Key, Value[]>, key: Key, value: Value): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
