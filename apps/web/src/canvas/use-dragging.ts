/** Dragging cards: free while the button is down; when it is let go, a card in the other layer's band slides home. */
import type { OnNodeDrag } from '@xyflow/react';
import type { Position } from '@switchyard/shared';
import { useMemo } from 'react';
import { moveNodes } from '../editor/commands.ts';
import { changeAt } from '../editor/levels.ts';
import { homePlace } from '../editor/selection-edits.ts';
import { editor } from '../use-editor.ts';
import type { CardNode } from './build-elements.ts';
import { canvasStore } from './canvas-store.ts';

const slideMs = 140;

/** Handlers for React Flow. */
export function useDragging(): { onNodeDragStop: OnNodeDrag<CardNode>; onSelectionDragStop: (event: unknown, nodes: CardNode[]) => void } {
  return useMemo(
    () => ({
      onNodeDragStop: (_event, _node, nodes) => drop(nodes),
      onSelectionDragStop: (_event, nodes) => drop(nodes),
    }),
    [],
  );
}

function drop(nodes: readonly CardNode[]): void {
  const from = new Map(nodes.map(({ id, position }) => [id, [position.x, position.y] as Position]));
  const homes = Object.fromEntries([...from].map(([id, at]) => [id, homePlace(editor, id, at)]));
  const isHome = [...from].every(([id, at]) => homes[id]?.[1] === at[1]);
  // Another flow may be open by the time the cards are home.
  const { level } = editor.state();
  const commit = () =>
    editor.editDocument(nodes.length === 1 ? 'Move node' : 'Move nodes', (document) => changeAt(document, level, (flow) => moveNodes(flow, homes)), { level });
  if (isHome || window.matchMedia('(prefers-reduced-motion: reduce)').matches) commit();
  else slide(from, homes, commit);
}

/** Moves cards home over a few frames, with their wires, then writes the places down. */
function slide(from: ReadonlyMap<string, Position>, homes: Readonly<Record<string, Position>>, commit: () => void): void {
  const start = performance.now();
  const frame = (now: number) => {
    const share = Math.min(1, (now - start) / slideMs);
    const eased = 1 - (1 - share) ** 3;
    canvasStore.setState(({ nodes }) => ({
      nodes: nodes.map((card) => {
        const [at, home] = [from.get(card.id), homes[card.id]];
        return at && home ? { ...card, position: { x: at[0] + (home[0] - at[0]) * eased, y: at[1] + (home[1] - at[1]) * eased } } : card;
      }),
    }));
    if (share < 1) requestAnimationFrame(frame);
    else commit();
  };
  requestAnimationFrame(frame);
}
