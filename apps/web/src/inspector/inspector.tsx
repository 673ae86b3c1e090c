/** The inspector: the node, wire or nodes selected; with nothing selected, the flow. */
import { flowNameAt } from '../editor/levels.ts';
import { useEditor } from '../use-editor.ts';
import { FlowTab } from './flow-tab.tsx';
import { LevelTab } from './level-tab.tsx';
import { ManyNodes } from './many-nodes.tsx';
import { NodeInspector } from './node-inspector.tsx';
import { WireInspector } from './wire-inspector.tsx';

/** Follows the selection. */
export function Inspector() {
  const { nodes, wires } = useEditor((state) => state.selection);
  // Nodes of two flows may have the same id: nothing half written in one must show in the other.
  const flow = useEditor((state) => flowNameAt(state.level));
  const [node] = nodes;
  const [wire] = wires;
  if (nodes.length > 1) return <ManyNodes ids={nodes} />;
  if (node !== undefined) return <NodeInspector key={`${flow ?? ''} ${node}`} id={node} />;
  if (wire !== undefined && wires.length === 1) return <WireInspector key={`${flow ?? ''} ${wire}`} id={wire} />;
  return flow !== undefined ? <LevelTab /> : <FlowTab />;
}
