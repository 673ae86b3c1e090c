/**
 * Keeps what React Flow draws in step with the editor.
 *
 * 1. Cards and wires are rebuilt when the document on screen or the selection changes, and only then.
 * 2. Between a drag's first move and its end positions live in the canvas store alone; the document gets the last one.
 */
import { applyEdgeChanges, applyNodeChanges, type EdgeChange, type NodeChange } from '@xyflow/react';
import { useEffect, useMemo } from 'react';
import { positionsOf } from '../editor/auto-layout.ts';
import type { WireId } from '../editor/commands.ts';
import { flowNameAt } from '../editor/levels.ts';
import { editor } from '../use-editor.ts';
import { buildEdges, buildNodes, type CanvasEdge, type CardNode } from './build-elements.ts';
import { canvasStore } from './canvas-store.ts';

/** Change handlers for React Flow. */
export function useElements() {
  useEffect(() => {
    rebuild(true);
    return editor.store.subscribe((state, before) => {
      const isSame = state.shown === before.shown && state.selection === before.selection;
      if (!isSame) rebuild(flowNameAt(state.level) !== flowNameAt(before.level));
    });
  }, []);
  return useMemo(() => ({ onNodesChange, onEdgesChange }), []);
}

/** Nothing is kept of another flow: its cards may have the same ids, and what was open over it is about them. */
function rebuild(isElsewhere: boolean): void {
  const { nodes, edges } = isElsewhere ? { nodes: [], edges: [] } : canvasStore.getState();
  if (isElsewhere) canvasStore.setState({ picker: undefined, renaming: undefined, hovered: undefined, menu: undefined });
  const flow = editor.state().shown;
  const shown = { flow, positions: positionsOf(flow, editor.face), selection: editor.state().selection, faceOf: editor.face };
  canvasStore.setState({ nodes: buildNodes(shown, nodes), edges: buildEdges(shown, edges) });
}

function onNodesChange(changes: NodeChange<CardNode>[]): void {
  const nodes = applyNodeChanges(changes, canvasStore.getState().nodes);
  canvasStore.setState({ nodes });
  if (changes.some((change) => change.type === 'select')) tellSelection();
}

function onEdgesChange(changes: EdgeChange<CanvasEdge>[]): void {
  canvasStore.setState({ edges: applyEdgeChanges(changes, canvasStore.getState().edges) });
  if (changes.some((change) => change.type === 'select')) tellSelection();
}

function tellSelection(): void {
  const { nodes, edges } = canvasStore.getState();
  const chosen = (elements: readonly (CardNode | CanvasEdge)[]) => elements.filter((element) => element.selected).map((element) => element.id);
  editor.select(chosen(nodes), chosen(edges) as WireId[]);
}
