/** From the document to the cards and wires that React Flow draws. What did not change keeps its identity, so that only what changed is drawn again. */
import type { Edge, Node } from '@xyflow/react';
import { linkEnd, type Flow, type FlowNode } from '@switchyard/shared';
import { cardSize, type FaceOf, type Positions } from '../editor/bands.ts';
import { grantId, linkId } from '../editor/commands.ts';
import type { SelectionState } from '../editor/editor-store.ts';
import type { NodeFace } from '../editor/node-face.ts';

interface CardWires {
  /** Nodes it was granted, from left to right: one square each on its bottom edge. */
  granted: readonly string[];
  isCalled: boolean;
  /** Some link begins or ends here. */
  isLinked: boolean;
  /** Ports that links name but the node does not have (any more). */
  lostInputs: readonly string[];
  lostOutputs: readonly string[];
}

export interface CardData extends Record<string, unknown>, CardWires {
  node: FlowNode;
  face: NodeFace;
}

export type CardNode = Node<CardData, 'card'>;
export type CanvasEdge = Edge<Record<string, never>, 'link' | 'grant'>;

interface Shown {
  flow: Flow;
  positions: Positions;
  selection: SelectionState;
  faceOf: FaceOf;
}

const none: readonly string[] = [];

/** The cards; those that are as in `before` are the same objects. */
export function buildNodes({ flow, positions, selection, faceOf }: Shown, before: readonly CardNode[]): CardNode[] {
  const known = new Map(before.map((card) => [card.id, card]));
  const selected = new Set(selection.nodes);
  const wires = wiresByNode(flow, positions, faceOf);
  return Object.entries(flow.nodes).map(([id, node]) => {
    const [x, y] = positions[id] ?? [0, 0];
    const old = known.get(id);
    const face = faceOf(node);
    const data = reuseData(old?.data, { node, face, ...(wires.get(id) ?? nothing) });
    const isSelected = selected.has(id);
    if (old && old.data === data && old.position.x === x && old.position.y === y && (old.selected ?? false) === isSelected) return old;
    const { width, height } = cardSize(face);
    return { ...(old ?? { id, type: 'card' as const, initialWidth: width, initialHeight: height }), position: { x, y }, data, selected: isSelected };
  });
}

/** The wires; links and grants whose nodes are missing are left to the problems panel. */
export function buildEdges({ flow, selection }: Pick<Shown, 'flow' | 'selection'>, before: readonly CanvasEdge[]): CanvasEdge[] {
  const known = new Map(before.map((edge) => [edge.id, edge]));
  const selected = new Set<string>(selection.wires);
  const isThere = (edge: CanvasEdge) => Object.hasOwn(flow.nodes, edge.source) && Object.hasOwn(flow.nodes, edge.target);
  const reuse = (edge: CanvasEdge) => {
    const old = known.get(edge.id);
    return old && old.selected === edge.selected ? old : edge;
  };
  const links = flow.links.map((link): CanvasEdge => {
    const [from, to] = [linkEnd(link.from), linkEnd(link.to)];
    const id = linkId(link);
    return {
      id,
      type: 'link',
      source: from.node,
      sourceHandle: `out:${from.port}`,
      target: to.node,
      targetHandle: `in:${to.port}`,
      selected: selected.has(id),
    };
  });
  const grants = flow.grants.map((grant): CanvasEdge => {
    const id = grantId(grant);
    return { id, type: 'grant', source: grant.from, sourceHandle: `call:${grant.to}`, target: grant.to, targetHandle: 'called', selected: selected.has(id) };
  });
  const unique = new Map([...links, ...grants].filter(isThere).map((edge) => [edge.id, edge]));
  return [...unique.values()].map(reuse);
}

const nothing: CardWires = { granted: none, isCalled: false, isLinked: false, lostInputs: none, lostOutputs: none };

function wiresByNode(flow: Flow, positions: Positions, faceOf: FaceOf): Map<string, CardWires> {
  const wires = new Map<string, { granted: string[]; isCalled: boolean; isLinked: boolean; lostInputs: string[]; lostOutputs: string[] }>();
  const of = (id: string) => {
    const own = wires.get(id) ?? { granted: [], isCalled: false, isLinked: false, lostInputs: [], lostOutputs: [] };
    wires.set(id, own);
    return own;
  };
  for (const grant of flow.grants) {
    if (!Object.hasOwn(flow.nodes, grant.from) || !Object.hasOwn(flow.nodes, grant.to)) continue;
    if (!of(grant.from).granted.includes(grant.to)) of(grant.from).granted.push(grant.to);
    of(grant.to).isCalled = true;
  }
  for (const own of wires.values()) own.granted.sort((one, other) => (positions[one]?.[0] ?? 0) - (positions[other]?.[0] ?? 0));
  for (const link of flow.links) {
    const [from, to] = [linkEnd(link.from), linkEnd(link.to)];
    const [source, target] = [flow.nodes[from.node], flow.nodes[to.node]];
    if (source) of(from.node).isLinked = true;
    if (target) of(to.node).isLinked = true;
    if (source && !Object.hasOwn(faceOf(source).ports.outputs, from.port)) addOnce(of(from.node).lostOutputs, from.port);
    if (target && !Object.hasOwn(faceOf(target).ports.inputs, to.port)) addOnce(of(to.node).lostInputs, to.port);
  }
  return wires;
}

function addOnce(list: string[], value: string): void {
  if (!list.includes(value)) list.push(value);
}

function reuseData(old: CardData | undefined, data: CardData): CardData {
  if (!old || old.node !== data.node || old.face !== data.face || old.isCalled !== data.isCalled || old.isLinked !== data.isLinked) return data;
  const isSame = (one: readonly string[], other: readonly string[]) => one.length === other.length && one.every((value, index) => value === other[index]);
  return isSame(old.granted, data.granted) && isSame(old.lostInputs, data.lostInputs) && isSame(old.lostOutputs, data.lostOutputs) ? old : data;
}
