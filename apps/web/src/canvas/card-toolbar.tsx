/**
 * Over the selected card: the way into the flow that it runs, and what may be run of it. Made of the same actions as its menu, its keys and the
 * command bar.
 */
import { NodeToolbar, Position } from '@xyflow/react';
import type { Action } from '../editor/action.ts';
import { flowWithin } from '../editor/enter-flow.ts';
import { useIsCardPinned } from '../run/pins.ts';
import { useIsRunning, useTask } from '../run/use-run.ts';
import { IconButton } from '../ui/button.tsx';
import type { IconName } from '../ui/icon.tsx';
import { editor, useEditor } from '../use-editor.ts';

const runTitles = ['Run this node', 'Run from here', 'Pin or unpin its outputs'];
const openTitle = 'Open the flow that it runs';

interface CardToolbarProps {
  actions: readonly Action[];
  /** How an action's keys are shown. */
  keysOf: (action: Action) => string | undefined;
}

/** Nothing for several nodes, and for one of which nothing can be run or opened. */
export function CardToolbar(props: CardToolbarProps) {
  const node = useEditor(({ selection: { nodes } }) => (nodes.length === 1 ? nodes[0] : undefined));
  const canRun = useEditor(({ level, frozen, here }) => node !== undefined && level.length === 0 && !frozen && here.steps.has(node));
  const canOpen = useEditor((state) => node !== undefined && state.shown.nodes[node] !== undefined && flowWithin(editor, node) !== undefined);
  const titles = [...(canOpen ? [openTitle] : []), ...(canRun ? runTitles : [])];
  return node === undefined || titles.length === 0 ? null : <Tools key={node} node={node} titles={titles} {...props} />;
}

function Tools({ node, titles, actions, keysOf }: CardToolbarProps & { node: string; titles: readonly string[] }) {
  // What may be done follows from the run and the pins: drawn again when either changes.
  useIsRunning();
  useTask(node);
  const isPinned = useIsCardPinned(node);
  return (
    <NodeToolbar nodeId={node} isVisible position={Position.Top} align="end" offset={6}>
      <div
        role="toolbar"
        aria-label={titles.includes('Run this node') ? 'Run this node' : 'Open this node'}
        className="flex rounded-md border border-line bg-panel"
      >
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
