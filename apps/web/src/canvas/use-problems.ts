/** Problems at a node, as the card's badge tells them. */
import type { Diagnostic } from '@switchyard/shared';
import { useMemo } from 'react';
import { useEditor } from '../use-editor.ts';

export interface CardProblems {
  count: number;
  isError: boolean;
  text: string;
}

/** Undefined where there is none, and for a past run: it is shown as it ran, not to be mended. */
export function useProblems(id: string): CardProblems | undefined {
  const list = useEditor((state) => (state.frozen ? undefined : state.here.byNode.get(id)));
  return useMemo(() => told(list), [list]);
}

/** The same of what is wrong in the flow that the node runs, and below. */
export function useInsideProblems(id: string): CardProblems | undefined {
  const list = useEditor((state) => (state.frozen ? undefined : state.here.inside.get(id)));
  return useMemo(() => told(list), [list]);
}

const mostTold = 5;

function told(list: readonly Diagnostic[] | undefined): CardProblems | undefined {
  if (!list) return undefined;
  const more = list.length > mostTold ? [`and ${list.length - mostTold} more`] : [];
  return {
    count: list.length,
    isError: list.some((each) => each.severity === 'error'),
    text: [...list.slice(0, mostTold).map((each) => each.message), ...more].join('\n'),
  };
}
