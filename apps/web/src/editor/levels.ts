/**
 * Levels: which flow of the document is open. The document itself is the outermost; each step leads into a flow that a node of the level before runs.
 *
 * 1. A level is seen as a flow of the same document with other nodes: whoever reads or changes a flow need not know which one is open.
 * 2. What is put back changes that one flow, and nothing else of the document.
 * 3. Seen again, an unchanged document gives the same objects.
 */
import type { Registry } from '@switchyard/engine';
import type { Flow } from '@switchyard/shared';
import { settleLayout } from './auto-layout.ts';
import type { FaceOf } from './bands.ts';
import { bodyOf, flowNamed, flowReferences } from './flow-references.ts';

export interface LevelStep {
  /** Its name in the document. */
  flow: string;
  /** The node of the level before through which it was entered; absent where nothing there runs it. */
  node?: string;
}

/** The way from the document to the flow that is open; empty for the document itself. */
export type Level = readonly LevelStep[];

export const topLevel: Level = [];

/** The name of the flow that is open at a level; undefined for the document itself. */
export function flowNameAt(level: Level): string | undefined {
  return level.at(-1)?.flow;
}

/** Are both the same way? */
export function isSameLevel(one: Level, other: Level): boolean {
  return one.length === other.length && one.every(({ flow, node }, index) => flow === other[index]?.flow && node === other[index]?.node);
}

const seen = new WeakMap<Flow, Map<string, Flow>>();

/** The document with the nodes, wires and layout of the flow that is open at the level. */
export function flowAt(document: Flow, level: Level): Flow {
  const name = flowNameAt(level);
  const body = name === undefined ? undefined : flowNamed(document.flows ?? {}, name);
  if (name === undefined || !body) return document;
  const known = seen.get(document) ?? new Map<string, Flow>();
  seen.set(document, known);
  const before = known.get(name);
  if (before) return before;
  const { layout: _outer, ...rest } = document;
  const flow = { ...rest, ...bodyOf(body) };
  known.set(name, flow);
  return flow;
}

/** The document with the flow at the level changed; the same document where the command changes nothing, or the flow is gone. */
export function changeAt(document: Flow, level: Level, command: (flow: Flow) => Flow): Flow {
  const name = flowNameAt(level);
  if (name === undefined) return command(document);
  if (!flowNamed(document.flows ?? {}, name)) return document;
  const before = flowAt(document, level);
  const after = command(before);
  if (after === before) return document;
  return { ...document, flows: { ...document.flows, [name]: bodyOf(after) } };
}

/** As much of the way as the document still has. */
export function standing(level: Level, document: Flow): Level {
  const lost = level.findIndex(({ flow }) => !flowNamed(document.flows ?? {}, flow));
  return lost < 0 ? level : level.slice(0, lost);
}

/** The level one step further in; a flow that is on the way already is gone back to, so that flows that run one another lead nowhere without end. */
export function levelWithin(level: Level, step: LevelStep): Level {
  const before = level.findIndex(({ flow }) => flow === step.flow);
  return before < 0 ? [...level, step] : level.slice(0, before + 1);
}

/** The shortest way to a flow, through nodes that run it; straight to one that nothing runs. */
export function levelOf(document: Flow, name: string | undefined, registry: Registry): Level {
  if (name === undefined) return topLevel;
  const ways: Level[] = [topLevel];
  const met = new Set<string>();
  for (const way of ways) {
    for (const { node, name: flow } of flowReferences(flowAt(document, way), registry)) {
      if (met.has(flow) || !flowNamed(document.flows ?? {}, flow)) continue;
      met.add(flow);
      const next = [...way, { flow, node }];
      if (flow === name) return next;
      ways.push(next);
    }
  }
  return [{ flow: name }];
}

/** The documents as seen at each of their levels, the document itself first: by the name of the flow. */
export function everyLevel(document: Flow): [name: string | undefined, flow: Flow][] {
  return [[undefined, document], ...Object.keys(document.flows ?? {}).map((flow): [string, Flow] => [flow, flowAt(document, [{ flow }])])];
}

/** Writes down, in each flow that was changed, where nodes without a position stood. */
export function settleLevels(before: Flow, after: Flow, faceOf: FaceOf): Flow {
  const settled = settleLayout(before, after, faceOf);
  if (before.flows === after.flows) return settled;
  const changed = Object.keys(after.flows ?? {}).filter((name) => after.flows?.[name] !== before.flows?.[name] && flowNamed(before.flows ?? {}, name));
  return changed.reduce((document, flow) => {
    const level = [{ flow }];
    return changeAt(document, level, (inner) => settleLayout(flowAt(before, level), inner, faceOf));
  }, settled);
}
