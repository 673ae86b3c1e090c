/** React Flow's only home: the flow drawn, dragged, selected and wired. The document is changed only through the editor. */
import { ReactFlow, ReactFlowProvider, SelectionMode, type EdgeTypes, type NodeTypes, type ReactFlowProps, type Viewport } from '@xyflow/react';
import { useRef, type DragEvent, type MouseEvent as ReactMouseEvent, type ReactNode } from 'react';
import '@xyflow/react/dist/base.css';
import './canvas.css';
import { addKind } from '../editor/add-kind.ts';
import { enterFlow, flowWithin } from '../editor/enter-flow.ts';
import { setViewport, viewName } from '../editor/session.ts';
import { editor, session, useEditor } from '../use-editor.ts';
import type { CanvasEdge, CardNode } from './build-elements.ts';
import { BandsView } from './bands-view.tsx';
import type { WireId } from '../editor/commands.ts';
import { draggedKind } from './canvas-control.ts';
import { canvasStore, useCanvas } from './canvas-store.ts';
import { ConnectionLine } from './connection-line.tsx';
import { GhostHost } from './ghost-host.tsx';
import { GrantEdge } from './grant-edge.tsx';
import { ArrowHeads, LinkEdge } from './link-edge.tsx';
import { NodeCard } from './node-card.tsx';
import { PickerHost } from './picker-host.tsx';
import { useCanvasControl } from './use-canvas-control.ts';
import { useDragging } from './use-dragging.ts';
import { useElements } from './use-elements.ts';
import { useWiring } from './use-wiring.ts';
import { ZoomControls } from './zoom-controls.tsx';
import { FarMark } from './far-mark.tsx';

const nodeTypes: NodeTypes = { card: NodeCard };
const edgeTypes: EdgeTypes = { link: LinkEdge, grant: GrantEdge };
/**
 * From here on cards out of sight are not kept: at 100% panning 1,000 cards then goes from 32 to 60 frames a second, in a browser that draws
 * without a GPU. Below it keeping them is no slower, and nothing is drawn anew while panning.
 */
const culledAbove = 250;

/** Keys and focus are the window's affair: React Flow's own are off. */
const settings: ReactFlowProps<CardNode, CanvasEdge> = {
  nodeTypes,
  edgeTypes,
  connectionLineComponent: ConnectionLine,
  connectionRadius: 24,
  nodesFocusable: false,
  edgesFocusable: false,
  disableKeyboardA11y: true,
  deleteKeyCode: null,
  selectionMode: SelectionMode.Partial,
  multiSelectionKeyCode: ['Shift', 'Meta', 'Control'],
  nodeDragThreshold: 3,
  snapToGrid: true,
  snapGrid: [8, 8],
  panOnScroll: true,
  zoomOnDoubleClick: false,
  minZoom: 0.05,
  maxZoom: 2,
  elevateNodesOnSelect: true,
  proOptions: { hideAttribution: true },
};

/** The canvas; `children` lie over it. */
export function FlowCanvas({ children }: { children?: ReactNode }) {
  return (
    <ReactFlowProvider>
      <Canvas>{children}</Canvas>
    </ReactFlowProvider>
  );
}

function Canvas({ children }: { children?: ReactNode }) {
  const frame = useRef<HTMLDivElement>(null);
  const isWiring = useCanvas((state) => state.wiring !== undefined);
  const isFrozen = useEditor((state) => state.frozen !== undefined);
  const hasSelection = useEditor((state) => state.selection.nodes.length > 0);
  const control = useCanvasControl(frame);

  const onDrop = (event: DragEvent) => {
    const kind = editor.registry.get(event.dataTransfer.getData(draggedKind));
    if (!kind || isFrozen) return;
    event.preventDefault();
    const { x, y } = control.toFlow({ x: event.clientX, y: event.clientY });
    const added = addKind(editor, kind, { at: [x - 100, y - 32] });
    // It slides into its layer, perhaps out of sight.
    control.reveal(added);
    control.focus();
  };
  return (
    <div
      ref={frame}
      role="application"
      aria-roledescription="flow canvas"
      aria-label="Flow canvas. Arrow keys go from node to node, Tab adds a node, F6 leaves."
      tabIndex={0}
      data-panel="canvas"
      data-wiring={isWiring || undefined}
      data-quiet={hasSelection || undefined}
      className="relative h-full min-w-0 overflow-hidden bg-bg outline-none"
      onPointerMove={control.notePointer}
      onPointerLeave={control.forgetPointer}
      onDoubleClick={control.onDoubleClick}
      onDragOver={(event) => event.dataTransfer.types.includes(draggedKind) && event.preventDefault()}
      onDrop={onDrop}
    >
      <BandsView />
      <FarMark frame={frame} />
      <ArrowHeads />
      <Drawing isFrozen={isFrozen} />
      <div aria-hidden className="canvas-focus" />
      <ZoomControls />
      <PickerHost />
      {children}
    </div>
  );
}

/** React Flow itself: what is drawn, and who listens. */
function Drawing({ isFrozen }: { isFrozen: boolean }) {
  const nodes = useCanvas((state) => state.nodes);
  const edges = useCanvas((state) => state.edges);
  const elements = useElements();
  const dragging = useDragging();
  const wiring = useWiring();
  return (
    <ReactFlow<CardNode, CanvasEdge>
      {...settings}
      nodes={nodes}
      edges={edges}
      {...elements}
      {...dragging}
      {...wiring}
      nodesDraggable={!isFrozen}
      nodesConnectable={!isFrozen}
      edgesReconnectable={!isFrozen}
      onlyRenderVisibleElements={nodes.length > culledAbove}
      onMoveEnd={rememberView}
      onEdgeMouseEnter={(_event, { id }) => canvasStore.setState({ hovered: id })}
      onEdgeMouseLeave={() => canvasStore.setState({ hovered: undefined })}
      onNodeContextMenu={(event, { id }) => openMenu(event, [id], [])}
      onEdgeContextMenu={(event, { id }) => openMenu(event, [], [id as WireId])}
      onPaneContextMenu={(event) => openMenu(event, [], [])}
      onNodeDoubleClick={(event, { id }) => openOrRename(event, id)}
    >
      <GhostHost />
    </ReactFlow>
  );
}

/** A node that runs a flow of the document leads into it; of any other the title is changed. */
function openOrRename({ target }: ReactMouseEvent, id: string): void {
  // Its title is being written: there a double click marks a word.
  if (target instanceof HTMLInputElement) return;
  if (flowWithin(editor, id) !== undefined) enterFlow(editor, id);
  else if (!editor.state().frozen) canvasStore.setState({ renaming: id });
}

/** Only where a person moved it to: what was merely fitted is fitted again, also into another window. */
function rememberView(event: unknown, viewport: Viewport): void {
  const { flowId, frozen, level } = editor.state();
  if (event && flowId !== undefined && !frozen) setViewport(session, viewName(flowId, level), viewport);
}

/** What was clicked is selected first, unless it is part of the selection already. */
function openMenu(event: MouseEvent | ReactMouseEvent, nodes: string[], wires: WireId[]): void {
  event.preventDefault();
  const { selection } = editor.state();
  const isSelected = [...selection.nodes, ...selection.wires].includes(nodes[0] ?? wires[0] ?? '');
  if (!isSelected) editor.select(nodes, wires);
  canvasStore.setState({ menu: { x: event.clientX, y: event.clientY } });
}
