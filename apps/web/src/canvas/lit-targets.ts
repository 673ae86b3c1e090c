/** What a wire on its way may join: every port and card of the flow, judged by the one rule book. */
import type { Flow } from '@switchyard/shared';
import type { FaceOf } from '../editor/bands.ts';
import { canConnect, dropOnNode, type WireEnd } from '../editor/can-connect.ts';

/** Cards by id, with the handles that may be joined there. A card where only a drop on its body joins has none. */
export function litTargets(flow: Flow, from: WireEnd, faceOf: FaceOf): Map<string, Set<string>> {
  const lit = new Map<string, Set<string>>();
  for (const [id, node] of Object.entries(flow.nodes)) {
    if (id === from.node) continue;
    const ends = endsOf(id, from, faceOf(node).ports);
    const joining = ends.filter(({ end }) => canConnect(flow, [from, end], faceOf).joins).map(({ handle }) => handle);
    if (joining.length > 0 || dropOnNode(flow, from, id, faceOf).joins) lit.set(id, new Set(joining));
  }
  return lit;
}

function endsOf(node: string, from: WireEnd, ports: ReturnType<FaceOf>['ports']): { handle: string; end: WireEnd }[] {
  switch (from.side) {
    case 'output':
      return Object.keys(ports.inputs).map((port) => ({ handle: `in:${port}`, end: { node, side: 'input', port } }));
    case 'input':
      return Object.keys(ports.outputs).map((port) => ({ handle: `out:${port}`, end: { node, side: 'output', port } }));
    case 'caller':
      return [{ handle: 'called', end: { node, side: 'called' } }];
    case 'called':
      return [{ handle: 'call:', end: { node, side: 'caller' } }];
  }
}

/** The end of a wire that a handle stands for. */
export function endOfHandle(node: string, handle: string): WireEnd {
  const port = handle.slice(handle.indexOf(':') + 1);
  if (handle.startsWith('out:')) return { node, side: 'output', port };
  if (handle.startsWith('in:')) return { node, side: 'input', port };
  return handle === 'called' ? { node, side: 'called' } : { node, side: 'caller' };
}
