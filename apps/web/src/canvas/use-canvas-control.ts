/** What actions may ask of the canvas, and where the pointer was last. */
import { useReactFlow } from '@xyflow/react';
import type { Position } from '@switchyard/shared';
import { useEffect, useMemo, useRef, type MouseEvent, type PointerEvent, type RefObject } from 'react';
import type { CanvasControl } from '../editor/action.ts';
import { positionsOf } from '../editor/auto-layout.ts';
import { cardSize, dividerOf } from '../editor/bands.ts';
import { viewName, type Viewport } from '../editor/session.ts';
import { editor, session, useEditor } from '../use-editor.ts';
import { holdCanvas } from './canvas-control.ts';
import { canvasStore } from './canvas-store.ts';

interface Point {
  x: number;
  y: number;
}

interface PointerControl {
  notePointer(event: PointerEvent): void;
  forgetPointer(): void;
  onDoubleClick(event: MouseEvent): void;
  toFlow(point: Point): Point;
  /** Shows all nodes, without a movement that would lead from another flow. */
  fitNow(): void;
}

const padding = 24;
/** What is seen of the data layer at least, where all is shown: room for a card. */
const dataBandHeight = 112;

/** Holds the canvas for the actions while it is on screen, and looks at a newly opened flow as it was left, or whole. */
export function useCanvasControl(frame: RefObject<HTMLDivElement | null>): CanvasControl & PointerControl {
  const flowView = useReactFlow();
  const pointer = useRef<Point>(undefined);
  const control = useMemo((): CanvasControl & PointerControl => {
    const size = () => frame.current?.getBoundingClientRect() ?? new DOMRect(0, 0, 800, 600);
    const middle = (): Point => ({ x: size().x + size().width / 2, y: size().y + size().height / 2 });
    const quick = { duration: window.matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 160 };
    const openAt = (screen: Point) => {
      const { x, y } = flowView.screenToFlowPosition(screen);
      canvasStore.setState({ picker: { sort: 'add', screen, flow: [x - 100, y - 32] } });
    };
    return {
      fit: (nodes) => void flowView.setViewport(viewportFor(boundsOf(nodes), size()), quick),
      fitNow: () => void flowView.setViewport(viewportFor(boundsOf(undefined), size())),
      zoomTo: (zoom) => void flowView.zoomTo(zoom, quick),
      zoomBy: (factor) => void flowView.zoomTo(flowView.getZoom() * factor, quick),
      reveal(node) {
        const { x, y, width, height } = boundsOf([node]);
        const corner = flowView.flowToScreenPosition({ x, y });
        const opposite = flowView.flowToScreenPosition({ x: x + width, y: y + height });
        const seen = size();
        const view = flowView.getViewport();
        const [right, down] = [into([corner.x, opposite.x], [seen.left, seen.right]), into([corner.y, opposite.y], [seen.top, seen.bottom])];
        if (right !== 0 || down !== 0) void flowView.setViewport({ ...view, x: view.x + right, y: view.y + down }, quick);
      },
      rename: (node) => canvasStore.setState({ renaming: node }),
      openPicker: () => openAt(pointer.current ?? middle()),
      openWirePicker(node) {
        const { x, y, width } = boundsOf([node]);
        canvasStore.setState({ picker: { sort: 'connect', node, screen: flowView.flowToScreenPosition({ x: x + width + 8, y }), flow: [x, y] } });
      },
      aim() {
        const { x, y } = flowView.screenToFlowPosition(pointer.current ?? middle());
        return [x, y];
      },
      focus: () => frame.current?.focus({ preventScroll: true }),
      notePointer(event) {
        pointer.current = { x: event.clientX, y: event.clientY };
      },
      forgetPointer() {
        pointer.current = undefined;
      },
      onDoubleClick(event) {
        if ((event.target as Element).classList.contains('react-flow__pane') && !editor.state().frozen) openAt({ x: event.clientX, y: event.clientY });
      },
      toFlow: (point) => flowView.screenToFlowPosition(point),
    };
  }, [flowView, frame]);
  useEffect(() => holdCanvas(control), [control]);
  useOpeningView(control, flowView);
  const led = useEditor((state) => state.reveal);
  // Whoever is led to a setting of a node sees the node too.
  useEffect(() => {
    if (led) control.reveal(led.node);
  }, [led, control]);
  return control;
}

/**
 * A flow is first seen where it was left; one seen for the first time, or as it ran, is seen whole. Who goes into a flow of the document and comes
 * back finds everything as it was, also what was merely fitted or zoomed.
 */
function useOpeningView(control: CanvasControl & PointerControl, flowView: ReturnType<typeof useReactFlow>): void {
  const flowId = useEditor((state) => state.flowId);
  const name = useEditor((state) => (state.flowId === undefined ? undefined : viewName(state.flowId, state.level)));
  const isFrozen = useEditor((state) => state.frozen !== undefined);
  const views = useRef({ of: '', left: new Map<string, Viewport>() });
  useEffect(() => {
    if (name === undefined) return control.fitNow();
    const of = `${flowId} ${isFrozen}`;
    const isWithin = views.current.of === of;
    if (!isWithin) views.current = { of, left: new Map() };
    const { left } = views.current;
    const view = left.get(name) ?? (isFrozen ? undefined : session.getState().viewports[name]);
    if (view) void flowView.setViewport(view);
    else control.fitNow();
    // Whoever was led here, by a mistake or a row of the trace, was led to a node.
    const [node] = editor.state().selection.nodes;
    if (isWithin && node !== undefined) control.reveal(node);
    return () => void left.set(name, flowView.getViewport());
  }, [flowId, name, isFrozen, control, flowView]);
}

function boundsOf(nodes: readonly string[] | undefined): { x: number; y: number; width: number; height: number } {
  const flow = editor.state().shown;
  const positions = positionsOf(flow, editor.face);
  const measured = new Map(canvasStore.getState().nodes.map((card) => [card.id, card.measured]));
  const ids = (nodes ?? Object.keys(flow.nodes)).filter((id) => Object.hasOwn(flow.nodes, id));
  const boxes = ids.map((id) => {
    const [x, y] = positions[id] ?? ([0, 0] as Position);
    const card = cardSize(editor.face(flow.nodes[id] as (typeof flow.nodes)[string]));
    return { left: x, top: y, right: x + card.width, bottom: y + (measured.get(id)?.height ?? card.height) };
  });
  if (boxes.length === 0) return { x: 0, y: 0, width: 800, height: 480 };
  // The whole flow is its two layers, also where nothing stands in the lower one yet.
  const lowest = nodes ? Number.NEGATIVE_INFINITY : dividerOf(flow, positions, editor.face) + dataBandHeight;
  const [left, top] = [Math.min(...boxes.map((box) => box.left)), Math.min(...boxes.map((box) => box.top))];
  return { x: left, y: top, width: Math.max(...boxes.map((box) => box.right)) - left, height: Math.max(lowest, ...boxes.map((box) => box.bottom)) - top };
}

function viewportFor(bounds: { x: number; y: number; width: number; height: number }, seen: DOMRect): { x: number; y: number; zoom: number } {
  const room = { width: Math.max(100, seen.width - padding * 2), height: Math.max(100, seen.height - padding * 2) };
  const zoom = Math.max(0.05, Math.min(1, room.width / bounds.width, room.height / bounds.height));
  return { x: (seen.width - bounds.width * zoom) / 2 - bounds.x * zoom, y: (seen.height - bounds.height * zoom) / 2 - bounds.y * zoom, zoom };
}

/** How far a stretch must move to lie within another; where it is longer, its beginning is what is shown. */
function into([start, end]: readonly [number, number], [first, last]: readonly [number, number]): number {
  if (start < first + padding || end - start > last - first - padding * 2) return first + padding - start;
  return end > last - padding ? last - padding - end : 0;
}
