/** The trace of the run on screen, as the panel draws it. */
import { useCallback, useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import type { NodeFace } from '../editor/node-face.ts';
import { nodeAt } from '../run/body-level.ts';
import { editor, useEditor } from '../use-editor.ts';
import { useRunState, useRunView } from '../run/use-run.ts';
import { addAsked } from './asked-rows.ts';
import { traceTree, type TraceItem } from './trace-tree.ts';

export interface Trace {
  root: TraceItem | undefined;
  /** ms since the epoch. */
  startedAt: number;
  isRunning: boolean;
  version: number;
}

export type Layer = 'end' | 'control' | 'data';

/** The tree of the run on screen; while events pour in, drawn when there is time. */
export function useTrace(): Trace {
  const { view, version } = useRunView();
  const [eased, noteCost] = useEased(version);
  const settled = useDeferredValue(eased);
  const { title } = useNodeLooks();
  const name = useRunState((state) => state.flow?.name);
  // A drawing that is given up for a more urgent one begins anew: it takes the tree that it had built.
  const built = useRef<{ of: readonly unknown[]; trace: Trace }>(undefined);
  return useMemo(() => {
    const of = [view, title, name, settled];
    if (built.current && of.every((each, at) => each === built.current?.of[at])) return built.current.trace;
    const begin = performance.now();
    const root = traceTree(view, title);
    if (root) addAsked(root, view);
    noteCost(performance.now() - begin);
    if (root && name !== undefined) root.label = name;
    const trace = { root, startedAt: view.startedAt, isRunning: view.endedAt === undefined && view.status !== 'none', version: settled };
    built.current = { of, trace };
    return trace;
  }, [view, title, name, settled, noteCost]);
}

/** Building the tree and its rows anew takes at most about a third of the time, however long the run: that long is waited between two. */
const restPerCost = 10;

/** The value as it was a moment ago, and where to note what deriving from it cost, in ms. */
function useEased(value: number): [number, (ms: number) => void] {
  const [eased, setEased] = useState(value);
  const latest = useRef({ value, cost: 0, timer: undefined as ReturnType<typeof setTimeout> | undefined });
  latest.current.value = value;
  useEffect(() => {
    const { current } = latest;
    if (value === eased || current.timer !== undefined) return;
    current.timer = setTimeout(() => {
      current.timer = undefined;
      setEased(current.value);
    }, current.cost * restPerCost);
  }, [value, eased]);
  useEffect(() => () => clearTimeout(latest.current.timer), []);
  const noteCost = useCallback((ms: number) => {
    latest.current.cost = ms;
  }, []);
  return [eased, noteCost];
}

/** Titles and layers of the nodes, by site, as they were when the run started. */
export function useNodeLooks(): { title: (site: string) => string; layer: (site: string | undefined) => Layer } {
  const ran = useRunState((state) => state.flow);
  const open = useEditor((state) => state.document);
  const document = ran ?? open;
  return useMemo(() => {
    const faces = new Map<string, NodeFace>();
    const face = (site: string) => {
      const node = faces.has(site) ? undefined : nodeAt(document, site);
      if (node) faces.set(site, editor.face(node));
      return faces.get(site);
    };
    return {
      title: (site) => face(site)?.title ?? site.slice(site.lastIndexOf('/') + 1),
      layer: (site) => (site === undefined ? undefined : face(site)?.kind?.layer) ?? 'end',
    };
  }, [document]);
}
