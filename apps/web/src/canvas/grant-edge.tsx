/** A grant: a thin tether from a control node down to a node that it may call. Lit, with a dot on its way, while a call is in flight. */
import { BaseEdge, type EdgeProps } from '@xyflow/react';
import { memo } from 'react';
import { useCallsTo, useIsCalling } from '../run/use-run.ts';
import { isPreparation } from './card-run.ts';
import type { CanvasEdge } from './build-elements.ts';

/** Leaves downward and arrives from above, however the two stand to one another. */
export const GrantEdge = memo(function GrantEdge({ id, sourceX, sourceY, targetX, targetY, source, target, selected }: EdgeProps<CanvasEdge>) {
  const isCalling = useIsCalling(source, target);
  const wasCalled = useCallsTo(target).some((call) => !isPreparation(call));
  // The landing is a small square on the card's edge; the line goes through to the edge itself.
  const path = tetherPath([sourceX, sourceY], [targetX, targetY + 3]);
  return (
    <g className="tether" data-carrying={isCalling || undefined} data-called={wasCalled || undefined} data-selected={selected || undefined}>
      <BaseEdge id={id} path={path} interactionWidth={12} />
      {isCalling && <circle r="3.5" className="tether-dot" style={{ offsetPath: `path("${path}")` }} />}
    </g>
  );
});

type Point = readonly [number, number];

/** A curve that leaves and arrives vertically. */
export function tetherPath([fromX, fromY]: Point, [toX, toY]: Point): string {
  const bend = Math.max(48, Math.abs(toY - fromY) * 0.56);
  return `M${fromX},${fromY} C${fromX},${fromY + bend} ${toX},${toY - bend} ${toX},${toY}`;
}
