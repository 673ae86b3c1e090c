/** A grant: a thin tether from a control node down to a node that it may call. Lit, with a dot on its way, while a call is in flight. */
import { BaseEdge, useStore, type EdgeProps, type InternalNode } from '@xyflow/react';
import { memo } from 'react';
import { useCallsTo, useIsCalling } from '../run/use-run.ts';
import { isPreparation } from './card-run.ts';
import type { CanvasEdge } from './build-elements.ts';
import { tetherPath, type Span } from './tether-path.ts';

/** Leaves downward and arrives from above, however the two stand to one another. */
export const GrantEdge = memo(function GrantEdge({ id, sourceX, sourceY, targetX, targetY, source, target, selected }: EdgeProps<CanvasEdge>) {
  const isCalling = useIsCalling(source, target);
  const wasCalled = useCallsTo(target).some((call) => !isPreparation(call));
  // The landing is a small square on the card's edge; the line goes through to the edge itself.
  const path = tetherPath([sourceX, sourceY], [targetX, targetY + 3], useSpans(source, target));
  return (
    <g className="tether" data-carrying={isCalling || undefined} data-called={wasCalled || undefined} data-selected={selected || undefined}>
      <BaseEdge id={id} path={path} interactionWidth={12} />
      {isCalling && <circle r="3.5" className="tether-dot" style={{ offsetPath: `path("${path}")` }} />}
    </g>
  );
});

/** From where to where the two cards reach. */
function useSpans(caller: string, called: string): { caller: Span; called: Span } {
  return {
    caller: useStore(({ nodeLookup }) => spanOf(nodeLookup.get(caller)), isSameSpan),
    called: useStore(({ nodeLookup }) => spanOf(nodeLookup.get(called)), isSameSpan),
  };
}

function isSameSpan(one: Span, other: Span): boolean {
  return one.left === other.left && one.right === other.right;
}

/** From where to where a card reaches as it stands now. */
export function spanOf(card: InternalNode | undefined): Span {
  const left = card?.internals.positionAbsolute.x ?? 0;
  return { left, right: left + (card?.measured.width ?? card?.initialWidth ?? 0) };
}
