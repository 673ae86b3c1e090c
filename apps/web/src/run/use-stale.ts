/** Why the result of a node that is on screen no longer holds, as its card asks: compared once for each change of the document. */
import type { Flow } from '@switchyard/shared';
import { flowAt, type Level } from '../editor/levels.ts';
import { titleIn } from '../node-title.ts';
import { levelThrough } from './body-level.ts';
import { editor, useEditor } from '../use-editor.ts';
import { staleNodes } from './stale-nodes.ts';
import { useRunState } from './use-run.ts';

let last: { ran: Flow; now: Flow; reasons: ReadonlyMap<string, string> } | undefined;

/** Undefined where the node is as it ran, and while a past run is shown as it ran. */
export function useStaleReason(node: string): string | undefined {
  const ran = useRunState((state) => (state.mode === 'live' ? state.flow : undefined));
  return useEditor(({ flow, level }) => (ran === undefined ? undefined : staleReason(ran, { flow, level }, node)));
}

/** Compared with the flow that ran in that place, whatever it is called now. */
function staleReason(ran: Flow, { flow, level }: { flow: Flow; level: Level }, node: string): string | undefined {
  const ranAt = levelThrough(
    ran,
    level.map((step) => step.node ?? ''),
  );
  return ranAt && reasonsOf(flowAt(ran, ranAt), flow).get(node);
}

function reasonsOf(ran: Flow, now: Flow): ReadonlyMap<string, string> {
  if (last?.ran === ran && last.now === now) return last.reasons;
  const title = (id: string) => titleIn(Object.hasOwn(now.nodes, id) ? now : ran, id);
  last = { ran, now, reasons: staleNodes({ ran, now, title, registry: editor.registry }) };
  return last.reasons;
}
