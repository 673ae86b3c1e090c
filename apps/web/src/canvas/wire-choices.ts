/** Every wire that a node could get, in words: wiring without a pointer. */
import type { Flow } from '@switchyard/shared';
import { homeBand, type FaceOf } from '../editor/bands.ts';
import { canConnect, type Verdict, type WireEnd } from '../editor/can-connect.ts';

export interface WireChoice {
  key: string;
  text: string;
  verdict: Extract<Verdict, { joins: true }>;
}

const mostChoices = 500;

/** Wires from and to the node, the likeliest first. */
export function wireChoices(flow: Flow, id: string, faceOf: FaceOf): WireChoice[] {
  const own = endsOf(flow, id, faceOf);
  const choices: WireChoice[] = [];
  for (const other of Object.keys(flow.nodes)) {
    if (other === id) continue;
    for (const there of endsOf(flow, other, faceOf)) {
      for (const here of own) {
        const verdict = canConnect(flow, [here, there], faceOf);
        if (verdict.joins) choices.push({ key: `${verdict.wire.sort} ${verdict.wire.from} ${verdict.wire.to}`, text: textOf(flow, verdict, faceOf), verdict });
      }
    }
    if (choices.length > mostChoices) break;
  }
  const isData = homeBand(faceOf(flow.nodes[id] as Flow['nodes'][string])) === 'data';
  const fed = new Set(flow.links.map(({ to }) => to));
  const rank = ({ verdict: { wire, misfit } }: WireChoice) => {
    if (misfit !== undefined) return 3;
    if (wire.sort === 'grant') return isData ? 0 : 1;
    return fed.has(wire.to) ? 2 : 1;
  };
  return choices.sort((one, other) => rank(one) - rank(other));
}

function endsOf(flow: Flow, node: string, faceOf: FaceOf): WireEnd[] {
  const face = faceOf(flow.nodes[node] as Flow['nodes'][string]);
  return [
    ...Object.keys(face.ports.outputs).map((port): WireEnd => ({ node, side: 'output', port })),
    ...Object.keys(face.ports.inputs).map((port): WireEnd => ({ node, side: 'input', port })),
    ...(face.mayCall ? [{ node, side: 'caller' } as const] : []),
    ...(face.isCallable ? [{ node, side: 'called' } as const] : []),
  ];
}

function textOf(flow: Flow, { wire, misfit }: WireChoice['verdict'], faceOf: FaceOf): string {
  const title = (end: string) => {
    const [id = '', port] = end.split('.');
    const node = flow.nodes[id];
    const name = node ? nameOf(flow, id, faceOf) : id;
    return port === undefined ? name : `${name} · ${port}`;
  };
  const words = wire.sort === 'grant' ? `${title(wire.from)} may call ${title(wire.to)}` : `${title(wire.from)} → ${title(wire.to)}`;
  return misfit ? `${words} (${misfit})` : words;
}

/** The title, with the id where another node has the same. */
function nameOf(flow: Flow, id: string, faceOf: FaceOf): string {
  const title = (node: Flow['nodes'][string] | undefined) => node && faceOf(node).title;
  const own = title(flow.nodes[id]) ?? id;
  return Object.entries(flow.nodes).some(([other, node]) => other !== id && title(node) === own) ? `${own} (${id})` : own;
}
