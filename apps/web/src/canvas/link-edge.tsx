/** A link: a value goes from left to right. Lit while it carries one. */
import { BaseEdge, EdgeLabelRenderer, getBezierPath, type EdgeProps } from '@xyflow/react';
import { memo } from 'react';
import { linkEnd } from '@switchyard/shared';
import { Icon } from '../ui/icon.tsx';
import { useIsRunning, useTask } from '../run/use-run.ts';
import { useEditor } from '../use-editor.ts';
import { canvasStore, useCanvas } from './canvas-store.ts';
import type { CanvasEdge } from './build-elements.ts';

/** Hovering shows the button that puts a node into the middle. */
export const LinkEdge = memo(function LinkEdge({
  id,
  sourceX,
  sourceY,
  targetX,
  targetY,
  sourcePosition,
  targetPosition,
  source,
  target,
  selected,
}: EdgeProps<CanvasEdge>) {
  const [path, middleX, middleY] = getBezierPath({ sourceX, sourceY, targetX, targetY, sourcePosition, targetPosition });
  const isCarrying = useIsCarrying(source, target);
  const isHovered = useCanvas((state) => state.hovered === id);
  const isAlone = useEditor((state) => state.selection.wires.length === 1 && state.selection.nodes.length === 0);
  const isFrozen = useEditor((state) => state.frozen !== undefined);
  return (
    <g data-carrying={isCarrying || undefined} data-selected={selected || undefined} className="wire">
      <BaseEdge id={id} path={path} interactionWidth={16} markerEnd={isCarrying ? 'url(#arrow-run)' : selected ? 'url(#arrow-selected)' : 'url(#arrow)'} />
      {(isHovered || (selected && isAlone)) && !isFrozen && (
        <EdgeLabelRenderer>
          <InsertButton id={id} x={middleX} y={middleY} />
        </EdgeLabelRenderer>
      )}
    </g>
  );
});

/** A link carries its value from the end of the one task to the end of the other. A task that was cut off keeps its status, so the run counts too. */
function useIsCarrying(source: string, target: string): boolean {
  const from = useTask(source);
  const to = useTask(target);
  const isRunning = useIsRunning();
  return isRunning && from?.status === 'done' && to?.status === 'running';
}

interface InsertButtonProps {
  id: string;
  x: number;
  y: number;
}

function InsertButton({ id, x, y }: InsertButtonProps) {
  const open = () => {
    const [from = '', to = ''] = id.slice('link:'.length).split('>');
    const button = document.getElementById(`insert ${id}`)?.getBoundingClientRect();
    if (!linkEnd(from).node || !button) return;
    canvasStore.setState({ picker: { sort: 'insert', link: { from, to }, screen: { x: button.right, y: button.bottom }, flow: [x - 100, y - 32] } });
  };
  return (
    <button
      id={`insert ${id}`}
      type="button"
      aria-label="Insert a node here"
      title="Insert a node here"
      tabIndex={-1}
      className="nodrag nopan pointer-events-auto absolute grid size-5 place-items-center rounded-full border border-line3 bg-panel text-dim shadow-card hover:text-text"
      style={{ transform: `translate(-50%, -50%) translate(${x}px, ${y}px)` }}
      onMouseEnter={() => canvasStore.setState({ hovered: id })}
      onMouseLeave={() => canvasStore.setState({ hovered: undefined })}
      onClick={open}
    >
      <Icon name="plus" size={12} />
    </button>
  );
}

/** The arrow heads of links, once for the whole canvas. */
export function ArrowHeads() {
  return (
    <svg aria-hidden className="absolute size-0">
      <defs>
        {['arrow', 'arrow-run', 'arrow-selected'].map((id) => (
          <marker key={id} id={id} viewBox="0 0 8 8" refX="10" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto">
            <path d="M0 0.500 7 4 0 7.500z" className={id} />
          </marker>
        ))}
      </defs>
    </svg>
  );
}
