/** React Flow's only home: the flow drawn, dragged, selected and wired. The document is changed only through the editor. */
import { ReactFlow, ReactFlowProvider, SelectionMode, type EdgeTypes, type NodeTypes } from '@xyflow/react';
import { useRef, type DragEvent, type ReactNode } from 'react';
import '@xyflow/react/dist/base.css';
import './canvas.css';
import { session, useEditor } from '../use-editor.ts';
import { setViewport } from '../editor/session.ts';
import { editor } from '../use-editor.ts';
import { addKind } from '../editor/add-kind.ts';
import type { CanvasEdge, CardNode } from './build-elements.ts';
import { BandsView } from './bands-view.tsx';
import { draggedKind } from './canvas-control.ts';
import { canvasStore, useCanvas } from './canvas-store.ts';
import { ConnectionLine } from './connection-line.tsx';
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
const snapGrid: [number, number] = [8, 8];
const proOptions = { hideAttribution: true };

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
  const nodes = useCanvas((state) => state.nodes);
  const edges = useCanvas((state) => state.edges);
  const isWiring = useCanvas((state) => state.wiring !== undefined);
  const isFrozen = useEditor((state) => state.frozen !== undefined);
  const elements = useElements();
  const dragging = useDragging();
  const wiring = useWiring();
  const control = useCanvasControl(frame);

  const onDrop = (event: DragEvent) => {
    const kind = editor.registry.get(event.dataTransfer.getData(draggedKind));
    if (!kind || isFrozen) return;
    event.preventDefault();
    const { x, y } = control.toFlow({ x: event.clientX, y: event.clientY });
    addKind(editor, kind, { at: [x - 100, y - 32] });
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
      className="canvas relative h-full min-w-0 overflow-hidden bg-bg focus-visible:-outline-offset-2"
      onPointerMove={control.notePointer}
      onPointerLeave={control.forgetPointer}
      onDoubleClick={control.onDoubleClick}
      onDragOver={(event) => event.dataTransfer.types.includes(draggedKind) && event.preventDefault()}
      onDrop={onDrop}
    >
      <BandsView />
      <FarMark frame={frame} />
      <ArrowHeads />
      <ReactFlow<CardNode, CanvasEdge>
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        {...elements}
        {...dragging}
        {...wiring}
        connectionLineComponent={ConnectionLine}
        connectionRadius={24}
        nodesDraggable={!isFrozen}
        nodesConnectable={!isFrozen}
        edgesReconnectable={!isFrozen}
        nodesFocusable={false}
        edgesFocusable={false}
        disableKeyboardA11y
        deleteKeyCode={null}
        selectionMode={SelectionMode.Partial}
        multiSelectionKeyCode={['Shift', 'Meta', 'Control']}
        nodeDragThreshold={3}
        snapToGrid
        snapGrid={snapGrid}
        panOnScroll
        zoomOnDoubleClick={false}
        minZoom={0.05}
        maxZoom={2}
        elevateNodesOnSelect
        proOptions={proOptions}
        onMoveEnd={(_event, viewport) => {
          const { flowId, frozen } = editor.state();
          if (flowId !== undefined && !frozen) setViewport(session, flowId, viewport);
        }}
        onEdgeMouseEnter={(_event, { id }) => canvasStore.setState({ hovered: id })}
        onEdgeMouseLeave={() => canvasStore.setState({ hovered: undefined })}
        onNodeDoubleClick={(_event, { id }) => !isFrozen && canvasStore.setState({ renaming: id })}
      />
      <ZoomControls />
      <PickerHost />
      {children}
    </div>
  );
}
