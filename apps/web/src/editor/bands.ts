/** The two bands of the canvas: control layer above, data layer below, and the line between them. All measures in flow units (pixels at 100%). */
import type { Flow, Position } from '@switchyard/shared';
import type { NodeFace } from './node-face.ts';

export type Band = 'control' | 'data';
export type FaceOf = (node: Flow['nodes'][string]) => NodeFace;
export type Positions = Readonly<Record<string, Position>>;

/** Where the line lies unless the nodes of a document ask for another place. */
export const usualDivider = 256;
/** Nearest that a card comes to the line. */
const bandMargin = 24;

/** The band in which a node is at home; the ends of a flow stand in the control band. */
export function homeBand(face: NodeFace): Band {
  return face.kind?.layer === 'data' ? 'data' : 'control';
}

/** Distance of ports from one another, and of the outermost from the edge of their card. */
const portStep = 16;
/** The middle of a card that is no higher than its title. */
const titleMiddle = 32;

/** How far below the top of its card each of so many ports of a side stands. Few stand around its title: those that are needed, with the others below. */
export function portTops(count: number, needed = count): number[] {
  const centred = needed === 0 ? count : needed;
  const first = count <= 3 ? titleMiddle - ((centred - 1) / 2) * portStep : portStep;
  return Array.from({ length: count }, (_, index) => first + index * portStep);
}

/** Ports of a wire's end that the node no longer has stand below those that it has. */
export interface LostPorts {
  inputs: number;
  outputs: number;
}

/** Size of a card at rest: high enough for its ports. Cards of nodes that may call others are wider, for their checklist. */
export function cardSize({ ports, mayCall }: NodeFace, lost: LostPorts = { inputs: 0, outputs: 0 }): { width: number; height: number } {
  const inputs = Object.keys(ports.inputs);
  const needed = inputs.filter((name) => !ports.optional?.includes(name)).length;
  const tops = [...portTops(inputs.length + lost.inputs, needed), ...portTops(Object.keys(ports.outputs).length + lost.outputs)];
  return { width: mayCall ? 248 : 200, height: Math.max(2 * titleMiddle, ...tops.map((top) => top + portStep)) };
}

/** The line between the bands: the usual one where all nodes respect it, else halfway between the layers where they are apart. */
export function dividerOf(flow: Flow, positions: Positions, faceOf: FaceOf): number {
  let lowestControl = Number.NEGATIVE_INFINITY;
  let highestData = Number.POSITIVE_INFINITY;
  for (const [id, node] of Object.entries(flow.nodes)) {
    const face = faceOf(node);
    const y = positions[id]?.[1] ?? 0;
    if (homeBand(face) === 'data') highestData = Math.min(highestData, y);
    else if (face.kind) lowestControl = Math.max(lowestControl, y + cardSize(face).height);
  }
  const isUsual = lowestControl <= usualDivider && highestData >= usualDivider;
  if (isUsual || lowestControl >= highestData) return usualDivider;
  if (!Number.isFinite(lowestControl)) return highestData - 64;
  if (!Number.isFinite(highestData)) return lowestControl + 64;
  return Math.round((lowestControl + highestData) / 2);
}

/** The nearest height at which a card of the band stands at home. */
export function slideHome(band: Band, y: number, card: { height: number; divider: number }): number {
  if (band === 'data') return Math.max(y, card.divider + bandMargin);
  return Math.min(y, card.divider - bandMargin - card.height);
}
