/** Over the selected card: what may be run of it, without leaving the canvas. The same as in its menu, its keys and the command bar. */
import { useIsPinned, taskWithOutputs, togglePin } from '../run/pins.ts';
import { runFromNode, runNodeAlone } from '../run/seeded-run.ts';
import { useIsRunning, useTask } from '../run/use-run.ts';
import { IconButton } from '../ui/button.tsx';
import { useEditor } from '../use-editor.ts';

/** Nothing for a node that is not a step, or while the canvas cannot be edited. */
export function CardToolbar({ id }: { id: string }) {
  const isStep = useEditor((state) => state.derived.steps.has(id));
  const isFrozen = useEditor((state) => state.frozen !== undefined);
  const isAlone = useEditor((state) => state.selection.nodes.length === 1);
  const isRunning = useIsRunning();
  const isPinned = useIsPinned(id);
  const task = useTask(id);
  if (!isStep || isFrozen || !isAlone) return null;
  const canPin = isPinned || (task !== undefined && taskWithOutputs(id) !== undefined);
  return (
    <div className="card-toolbar nodrag" role="toolbar" aria-label="Run this node">
      <IconButton size="small" icon="play" label="Run this node" keys="Alt ↵" disabled={isRunning} onClick={() => void runNodeAlone(id)} />
      <IconButton size="small" icon="fast-forward" label="Run from here" keys="Ctrl Shift ↵" disabled={isRunning} onClick={() => void runFromNode(id)} />
      <IconButton
        size="small"
        icon="pin"
        label={isPinned ? 'Unpin its outputs' : 'Pin its outputs'}
        keys="P"
        aria-pressed={isPinned}
        className={isPinned ? 'text-control' : ''}
        disabled={!canPin}
        onClick={() => void togglePin(id)}
      />
    </div>
  );
}
