/** Why the result of a node that is on screen no longer holds, as its card asks: compared once for each change of the document. */
import type { Flow } from '@switchyard/shared';
import { flowAt } from '../editor/levels.ts';
import { editor, useEditor } from '../use-editor.ts';
import { staleNodes } from './stale-nodes.ts';
import { useRunState } from './use-run.ts';

let last: { ran: Flow; now: Flow; reasons: ReadonlyMap<string, string> } | undefined;

/** Undefined where the node is as it ran, and while a past run is shown as it ran. */
export function useStaleReason(node: string): string | undefined {
  const ran = useRunState((state) => (state.mode === 'live' ? state.flow : undefined));
  return useEditor(({ flow, level }) => (ran === undefined ? undefined : reasonsOf(flowAt(ran, level), flow).get(node)));
}

function reasonsOf(ran: Flow, now: Flow): ReadonlyMap<string, string> {
  if (last?.ran === ran && last.now === now) return last.reasons;
  const title = (id: string) => {
    const node = now.nodes[id] ?? ran.nodes[id];
    return node ? editor.face(node).title : id;
  };
  last = { ran, now, reasons: staleNodes({ ran, now, title, registry: editor.registry }) };
  return last.reasons;
}
