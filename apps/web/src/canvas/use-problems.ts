/** Problems at a node, as the card's badge tells them. */
import { useMemo } from 'react';
import { useEditor } from '../use-editor.ts';

export interface CardProblems {
  count: number;
  isError: boolean;
  text: string;
}

/** Undefined where there is none, and for a past run: it is shown as it ran, not to be mended. */
export function useProblems(id: string): CardProblems | undefined {
  const list = useEditor((state) => (state.frozen ? undefined : state.derived.byNode.get(id)));
  return useMemo(() => {
    if (!list) return undefined;
    return { count: list.length, isError: list.some((each) => each.severity === 'error'), text: list.map((each) => each.message).join('\n') };
  }, [list]);
}
