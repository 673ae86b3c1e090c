/** Over the selected card: what may be run of it, without leaving the canvas. Made of the same actions as its menu, its keys and the command bar. */
import { NodeToolbar, Position } from '@xyflow/react';
import type { Action } from '../editor/action.ts';
import { useIsPinned } from '../run/pins.ts';
import { useIsRunning, useRunState } from '../run/use-run.ts';
import { IconButton } from '../ui/button.tsx';
import type { IconName } from '../ui/icon.tsx';
import { useEditor } from '../use-editor.ts';

const titles = ['Run this node', 'Run from here', 'Pin or unpin its outputs'];

interface CardToolbarProps {
  actions: readonly Action[];
  /** How an action's keys are shown. */
  keysOf: (action: Action) => string | undefined;
}

/** Nothing for a node that is not a step, for several nodes, or while the canvas cannot be edited. */
export function CardToolbar(props: CardToolbarProps) {
  const node = useEditor(({ selection, frozen, derived }) => {
    const [only, ...others] = selection.nodes;
    return only !== undefined && others.length === 0 && !frozen && derived.steps.has(only) ? only : undefined;
  });
  return node === undefined ? null : <Tools key={node} node={node} {...props} />;
}

function Tools({ node, actions, keysOf }: CardToolbarProps & { node: string }) {
  // What may be done follows from the run and the pins: drawn again when either changes.
  useIsRunning();
  useRunState((state) => state.index.stamps.get(node));
  const isPinned = useIsPinned(node);
  return (
    <NodeToolbar nodeId={node} isVisible position={Position.Top} align="end" offset={6}>
      <div role="toolbar" aria-label="Run this node" className="flex rounded-md border border-line bg-panel">
        {titles.map((title) => {
          const action = actions.find((each) => each.title === title);
          if (!action) throw new Error(`There is no action "${title}"`);
          const isPin = action.icon === 'pin';
          return (
            <IconButton
              key={title}
              size="small"
              icon={action.icon as IconName}
              label={isPin ? (isPinned ? 'Unpin its outputs' : 'Pin its outputs') : title}
              keys={keysOf(action) ?? ''}
              disabled={!action.isEnabled()}
              onClick={action.run}
              {...(isPin && { 'aria-pressed': isPinned, className: isPinned ? 'text-control!' : '' })}
            />
          );
        })}
      </div>
    </NodeToolbar>
  );
}
