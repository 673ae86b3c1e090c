/**
 * Drawing wires.
 *
 * 1. `wiring` in the canvas store is set exactly while a wire is on its way; Esc unsets it, and whatever React Flow says afterwards is ignored.
 * 2. A wire joins by the rule book alone: at a handle, on a card's body, or through the picker where it is dropped on empty canvas.
 */
import type { Flow } from '@switchyard/shared';
import { useReactFlow, type Connection, type FinalConnectionState, type OnConnectStartParams, type ReactFlowProps } from '@xyflow/react';
import { useCallback, useEffect, useMemo } from 'react';
import { canConnect, dropOnNode, type Verdict, type WireEnd } from '../editor/can-connect.ts';
import { connect, grant, removeWires, type WireId } from '../editor/commands.ts';
import { sayFailed } from '../ui/messages.ts';
import { editor } from '../use-editor.ts';
import type { CanvasEdge, CardNode } from './build-elements.ts';
import { canvasStore } from './canvas-store.ts';
import { endOfHandle, litTargets } from './lit-targets.ts';

type Handlers = Pick<
  ReactFlowProps<CardNode, CanvasEdge>,
  'onConnectStart' | 'onConnectEnd' | 'isValidConnection' | 'onReconnect' | 'onReconnectStart' | 'onNodeMouseEnter' | 'onNodeMouseLeave'
>;

/** Handlers for React Flow. */
export function useWiring(): Handlers {
  const { screenToFlowPosition } = useReactFlow();
  useEscape();
  const onConnectStart = useCallback((_event: unknown, { nodeId, handleId }: OnConnectStartParams) => {
    if (nodeId === null || handleId === null || editor.state().frozen) return;
    begin(endOfHandle(nodeId, handleId));
  }, []);
  const onConnectEnd = useCallback(
    (event: MouseEvent | TouchEvent, state: FinalConnectionState) => {
      const { wiring } = canvasStore.getState();
      stop();
      if (!wiring) return;
      const point = pointOf(event);
      const node = cardAt(point);
      const end = handleEnd(state);
      if (end) finish(canConnect(judged(), [wiring.from, end], editor.face));
      else if (node) finish(dropOnNode(judged(), wiring.from, node, editor.face));
      else if (isOverCanvas(point)) dropOnCanvas(wiring.from, point, screenToFlowPosition(point));
      rewired = undefined;
    },
    [screenToFlowPosition],
  );
  const isValidConnection = useCallback((edge: Connection | CanvasEdge) => {
    const { wiring } = canvasStore.getState();
    if (!wiring || !edge.sourceHandle || !edge.targetHandle) return false;
    return canConnect(judged(), [endOfHandle(edge.source, edge.sourceHandle), endOfHandle(edge.target, edge.targetHandle)], editor.face).joins;
  }, []);
  const onReconnectStart = useCallback((_event: unknown, edge: CanvasEdge) => {
    rewired = edge.id as WireId;
  }, []);
  const onNodeMouseEnter = useCallback((_event: unknown, { id }: CardNode) => {
    const { wiring } = canvasStore.getState();
    if (!wiring || id === wiring.from.node) return;
    const verdict = dropOnNode(judged(), wiring.from, id, editor.face);
    canvasStore.setState({ refusal: verdict.joins ? undefined : verdict.why });
  }, []);
  const onNodeMouseLeave = useCallback(() => canvasStore.getState().refusal && canvasStore.setState({ refusal: undefined }), []);
  return useMemo(
    () => ({ onConnectStart, onConnectEnd, isValidConnection, onReconnect, onReconnectStart, onNodeMouseEnter, onNodeMouseLeave }),
    [onConnectStart, onConnectEnd, isValidConnection, onReconnectStart, onNodeMouseEnter, onNodeMouseLeave],
  );
}

/** The wire that is being led elsewhere: it goes when the new one is there. */
let rewired: WireId | undefined;

/** The document that a wire is judged by: without the one that is being led elsewhere. */
function judged(): Flow {
  const { flow } = editor.state();
  return rewired ? removeWires(flow, [rewired]) : flow;
}

function begin(from: WireEnd): void {
  canvasStore.setState({ wiring: { from, lit: litTargets(judged(), from, editor.face) }, refusal: undefined });
}

function stop(): void {
  canvasStore.setState({ wiring: undefined, refusal: undefined });
}

function finish(verdict: Verdict): void {
  if (!verdict.joins) sayFailed(verdict.why);
  else if (`${verdict.wire.sort}:${verdict.wire.from}>${verdict.wire.to}` !== rewired) join(verdict, rewired);
}

/** React Flow lets wires be led elsewhere only where this is given; the work is done where the wire is dropped. */
function onReconnect(): void {}

/** Makes the wire that a verdict allows, in place of another where one is led elsewhere. */
export function join({ wire }: Extract<Verdict, { joins: true }>, replaced?: WireId): void {
  editor.edit(wire.sort === 'link' ? 'Connect' : 'Grant', (flow) => {
    const rest = replaced ? removeWires(flow, [replaced]) : flow;
    return wire.sort === 'link' ? connect(rest, wire) : grant(rest, wire);
  });
}

/** A wire led to empty canvas is taken away; a new one asks what should stand there. */
function dropOnCanvas(from: WireEnd, screen: { x: number; y: number }, { x, y }: { x: number; y: number }): void {
  if (rewired) {
    const wire = rewired;
    editor.edit('Disconnect', (flow) => removeWires(flow, [wire]));
    return;
  }
  canvasStore.setState({ picker: { sort: 'wire', from, screen, flow: [x, y - 32] } });
}

function handleEnd({ toHandle, fromHandle }: FinalConnectionState): WireEnd | undefined {
  if (!toHandle?.id || toHandle.nodeId === fromHandle?.nodeId) return undefined;
  return endOfHandle(toHandle.nodeId, toHandle.id);
}

function pointOf(event: MouseEvent | TouchEvent): { x: number; y: number } {
  const point = 'changedTouches' in event ? event.changedTouches[0] : event;
  return { x: point?.clientX ?? 0, y: point?.clientY ?? 0 };
}

function cardAt({ x, y }: { x: number; y: number }): string | undefined {
  return document.elementFromPoint(x, y)?.closest<HTMLElement>('.react-flow__node')?.dataset.id;
}

function isOverCanvas({ x, y }: { x: number; y: number }): boolean {
  return Boolean(document.elementFromPoint(x, y)?.closest('.react-flow'));
}

function useEscape(): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || !canvasStore.getState().wiring) return;
      event.stopPropagation();
      rewired = undefined;
      stop();
    };
    window.addEventListener('keydown', onKeyDown, true);
    return () => window.removeEventListener('keydown', onKeyDown, true);
  }, []);
}
