/** The wire while it is drawn, with what it carries beside the pointer, or why it cannot join here. */
import { getBezierPath, type ConnectionLineComponentProps } from '@xyflow/react';
import { useEditor } from '../use-editor.ts';
import { typeText, type WireEnd } from '../editor/can-connect.ts';
import { editor } from '../use-editor.ts';
import { useCanvas } from './canvas-store.ts';
import { spanOf } from './grant-edge.tsx';
import { tetherPath } from './tether-path.ts';

/** Nothing once Esc was pressed, although the button is still down. */
export function ConnectionLine({ fromNode, fromX, fromY, toX, toY, fromPosition, toPosition, connectionStatus }: ConnectionLineComponentProps) {
  const wiring = useCanvas((state) => state.wiring);
  const refusal = useCanvas((state) => state.refusal);
  const flow = useEditor((state) => state.flow);
  if (!wiring) return null;
  const isGrant = !('port' in wiring.from);
  const isUpward = wiring.from.side === 'called';
  const [linkPath] = getBezierPath({ sourceX: fromX, sourceY: fromY, sourcePosition: fromPosition, targetX: toX, targetY: toY, targetPosition: toPosition });
  const [card, pointer] = [spanOf(fromNode), { left: toX, right: toX }];
  const tether = isUpward
    ? tetherPath([toX, toY], [fromX, fromY], { caller: pointer, called: card })
    : tetherPath([fromX, fromY], [toX, toY], { caller: card, called: pointer });
  const path = isGrant ? tether : linkPath;
  const text = refusal ?? describe(wiring.from, (id) => flow.nodes[id]);
  return (
    <g className={isGrant ? 'drawn drawn-grant' : 'drawn'} data-status={refusal ? 'invalid' : (connectionStatus ?? undefined)}>
      <path d={path} fill="none" />
      <circle cx={toX} cy={toY} r="4" />
      <foreignObject x={toX + 12} y={toY + 8} width="280" height="64" className="overflow-visible">
        <span className={`inline-block rounded border px-1 text-xs ${refusal ? 'border-bad bg-panel text-bad' : 'border-line2 bg-panel text-dim'}`}>
          {text}
        </span>
      </foreignObject>
    </g>
  );
}

function describe(from: WireEnd, nodeOf: (id: string) => ReturnType<typeof editor.state>['flow']['nodes'][string] | undefined): string {
  const node = nodeOf(from.node);
  if (!node) return '';
  if (!('port' in from)) return from.side === 'caller' ? 'may call…' : 'may be called by…';
  const { ports } = editor.face(node);
  return `${from.port}: ${typeText(from.side === 'output' ? ports.outputs[from.port] : ports.inputs[from.port])}`;
}
