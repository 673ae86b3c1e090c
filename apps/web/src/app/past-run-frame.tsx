/** A past run shows the flow as it ran: framed, so that it cannot be mistaken for the editor, with the way back. */
import { useEffect } from 'react';
import { runStore } from '../run/run-store.ts';
import { useRunState } from '../run/use-run.ts';
import { Button } from '../ui/button.tsx';
import { momentText } from '../ui/figures.ts';
import { Icon } from '../ui/icon.tsx';
import { editor } from '../use-editor.ts';

/** Lies over the canvas while a past run is on screen, and freezes the editor meanwhile. */
export function PastRunFrame() {
  const flow = useRunState((state) => (state.mode === 'past' ? state.flow : undefined));
  const startedAt = useRunState((state) => state.version >= 0 && state.view.startedAt);
  const isUnderWay = useRunState((state) => state.version >= 0 && (state.view.endedAt === undefined || state.view.status === 'waiting'));
  useEffect(() => {
    editor.freeze(flow);
    return () => editor.freeze(undefined);
  }, [flow]);
  if (!flow) return null;
  return (
    <div className="pointer-events-none absolute inset-0 z-20 border-4 border-warn">
      <div className="pointer-events-auto flex h-10 items-center gap-2 bg-warn-soft py-0 pr-14 pl-3 text-warn">
        <Icon name="history" />
        <span className="font-semibold">
          {isUnderWay ? 'A run under way' : 'A past run'}
          {startedAt ? `, ${momentText(startedAt)}` : ''}
        </span>
        <span className="truncate">The flow is shown as it ran and cannot be changed.</span>
        <Button size="small" className="ml-auto" onClick={() => runStore.getState().close()}>
          Back to editing
        </Button>
      </div>
    </div>
  );
}
