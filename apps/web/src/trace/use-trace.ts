/** The trace of the run on screen, as the panel draws it. */
import { useDeferredValue, useMemo } from 'react';
import { editor, useEditor } from '../use-editor.ts';
import { useRunState, useRunView } from '../run/use-run.ts';
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
  const settled = useDeferredValue(version);
  const { title } = useNodeLooks();
  const name = useRunState((state) => state.flow?.name);
  return useMemo(() => {
    const root = traceTree(view, title);
    if (root && name !== undefined) root.label = name;
    return { root, startedAt: view.startedAt, isRunning: view.endedAt === undefined && view.status !== 'none', version: settled };
  }, [view, title, name, settled]);
}

/** Titles and layers of the nodes as they were when the run started. */
export function useNodeLooks(): { title: (node: string) => string; layer: (node: string | undefined) => Layer } {
  const ran = useRunState((state) => state.flow);
  const open = useEditor((state) => state.flow);
  const flow = ran ?? open;
  return useMemo(() => {
    const face = (id: string) => (Object.hasOwn(flow.nodes, id) ? flow.nodes[id] : undefined);
    return {
      title(id) {
        const node = face(id);
        return node ? editor.face(node).title : id;
      },
      layer(id) {
        const node = id === undefined ? undefined : face(id);
        return (node && editor.face(node).kind?.layer) ?? 'end';
      },
    };
  }, [flow]);
}
