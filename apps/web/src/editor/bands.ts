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

/** Size of a card at rest. Cards of nodes that may call others are wider, for their checklist. */
export function cardSize(face: NodeFace): { width: number; height: number } {
  const ports = Math.max(Object.keys(face.ports.inputs).length, Object.keys(face.ports.outputs).length);
  return { width: face.mayCall ? 248 : 200, height: Math.max(64, 32 + ports * 16) };
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
