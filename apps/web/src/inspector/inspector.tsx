/** The inspector: the node, wire or nodes selected; with nothing selected, the flow. */
import { useEditor } from '../use-editor.ts';
import { FlowTab } from './flow-tab.tsx';
import { LevelTab } from './level-tab.tsx';
import { ManyNodes } from './many-nodes.tsx';
import { NodeInspector } from './node-inspector.tsx';
import { WireInspector } from './wire-inspector.tsx';

/** Follows the selection. */
export function Inspector() {
  const { nodes, wires } = useEditor((state) => state.selection);
  const isNested = useEditor((state) => state.level.length > 0);
  const [node] = nodes;
  const [wire] = wires;
  if (nodes.length > 1) return <ManyNodes ids={nodes} />;
  if (node !== undefined) return <NodeInspector key={node} id={node} />;
  if (wire !== undefined && wires.length === 1) return <WireInspector id={wire} />;
  return isNested ? <LevelTab /> : <FlowTab />;
}
