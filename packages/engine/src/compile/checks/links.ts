/** Links start and end at nodes and ports that exist, and none is drawn twice. */
import { errorPort, pointer, type Diagnostic, type Fix, type PatchStep } from '@switchyard/shared';
import { isKnown, titleOf, type BoundLink, type Graph, type GraphNode, type LinkEnd } from '../graph.ts';
import { nearestName, quotedList } from '../nearest-name.ts';
import { textMistake } from './expressions.ts';

export function checkLinks(graph: Graph): Diagnostic[] {
  return graph.links.flatMap((link) => {
    const ends = [...checkEnd(link, 'from', graph), ...checkEnd(link, 'to', graph)];
    return link.isRepeated && ends.length === 0 ? [repeated(link)] : ends;
  });
}

function checkEnd(link: BoundLink, side: 'from' | 'to', graph: Graph): Diagnostic[] {
  const end = link[side];
  const path = pointer(['links', link.index, side]);
  if (!end.node) {
    const near = nearestName(end.id, graph.nodes.keys());
    const verb = side === 'from' ? 'starts' : 'ends';
    return [
      {
        code: 'link-end-missing',
        severity: 'error',
        path,
        message: `This link ${verb} at "${link.link[side]}", but there is no node "${end.id}". Take the link out, or draw it to a node that exists.`,
        fix: near === undefined ? removal(link) : replacement(path, `${near}.${end.port}`),
      },
    ];
  }
  if (!isKnown(end.node)) return [];
  const ports = side === 'from' ? end.node.ports.outputs : end.node.ports.inputs;
  if (Object.hasOwn(ports, end.port) || (side === 'to' && isUnread(end.node))) return [];
  return [missingPort({ link, end, side }, Object.keys(ports))];
}

/** While a text does not parse its variables are not known: the input may well be one of them, and the link must not be taken out for a slip of the pen. */
function isUnread({ fields }: GraphNode): boolean {
  return fields.some((setting) => textMistake(setting) !== undefined);
}

function missingPort({ link, end, side }: { link: BoundLink; end: LinkEnd; side: 'from' | 'to' }, ports: string[]): Diagnostic {
  const path = pointer(['links', link.index, side]);
  const near = nearestName(end.port, ports);
  const sort = side === 'from' ? 'output' : 'input';
  const title = end.node ? titleOf(end.node) : end.id;
  const opening = side === 'from' ? openingOfErrorPort(end) : undefined;
  return {
    code: 'port-missing',
    severity: 'error',
    path,
    node: end.id,
    field: end.port,
    message: `"${title}" (${end.id}) has no ${sort} "${end.port}". Its ${sort}s: ${quotedList(ports)}.${opening ? ` Its failures come at "${errorPort}" once its policy says so.` : ''}`,
    fix: opening ?? (near === undefined ? removal(link) : replacement(path, `${end.id}.${near}`)),
  };
}

/** Who draws a link from `error` means the node's failures; undefined where its policy says otherwise already, or the ends of the flow are meant. */
function openingOfErrorPort({ id, port, node }: LinkEnd): Fix | undefined {
  if (port !== errorPort || !node || !isKnown(node) || node.kind.role !== undefined) return undefined;
  const { policy } = node.node;
  if (policy?.onFailure !== undefined || policy?.default !== undefined) return undefined;
  const path = ['nodes', id, 'policy'];
  const step: PatchStep = policy
    ? { op: 'add', path: pointer([...path, 'onFailure']), value: 'port' }
    : { op: 'add', path: pointer(path), value: { onFailure: 'port' } };
  return { title: `Give its failures at "${errorPort}"`, patch: [step] };
}

function repeated(link: BoundLink): Diagnostic {
  return {
    code: 'link-doubled',
    severity: 'warning',
    path: pointer(['links', link.index]),
    node: link.to.id,
    field: link.to.port,
    message: `The link from "${link.link.from}" to "${link.link.to}" is there already; this one changes nothing.`,
    fix: removal(link),
  };
}

function removal(link: BoundLink): { title: string; patch: PatchStep[] } {
  return { title: 'Take the link out', patch: [{ op: 'remove', path: pointer(['links', link.index]) }] };
}

function replacement(path: string, value: string): { title: string; patch: PatchStep[] } {
  return { title: `Draw it to "${value}"`, patch: [{ op: 'replace', path, value }] };
}
