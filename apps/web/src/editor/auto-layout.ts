/**
 * Auto layout within the two bands: links lead from column to column, left to right; nodes that are only called hang below their callers.
 * Linear but for sorting; the same document always gives the same layout.
 */
import { linkEnd, type Flow, type Position } from '@switchyard/shared';
import { cardSize, homeBand, usualDivider, type FaceOf, type Positions } from './bands.ts';
import { rankNodes } from './node-ranks.ts';

const columnGap = 72;
const callGap = 24;
const rowHeight = 128;
const dataTop = usualDivider + 64;

/** Positions of all nodes. */
export function autoLayout(flow: Flow, faceOf: FaceOf): Record<string, Position> {
  const ranks = rankNodes(flow, faceOf);
  const columns = columnsOf(flow, ranks, faceOf);
  const layout: Record<string, Position> = {};
  const dataRows = placeColumns(columns, layout);
  placeCalled(flow, { faceOf, ranks, layout, firstRow: dataRows, width: columns.at(-1)?.right ?? 0 });
  return layout;
}

/** Where every node stands on screen: as the document says, laid out automatically where it says nothing. */
export function positionsOf(flow: Flow, faceOf: FaceOf): Positions {
  const layout = flow.layout ?? {};
  if (Object.keys(flow.nodes).every((id) => Object.hasOwn(layout, id))) return layout;
  const known = filled.get(flow);
  if (known) return known;
  const positions = { ...autoLayout(flow, faceOf), ...layout };
  filled.set(flow, positions);
  return positions;
}

const filled = new WeakMap<Flow, Positions>();

/** Once nodes, wires or places change, writes down where nodes without a position stood, so that they do not jump. */
export function settleLayout(before: Flow, after: Flow, faceOf: FaceOf): Flow {
  const isSame = before.nodes === after.nodes && before.links === after.links && before.grants === after.grants && before.layout === after.layout;
  const layout = after.layout ?? {};
  const missing = isSame ? [] : Object.keys(after.nodes).filter((id) => !Object.hasOwn(layout, id));
  if (missing.length === 0 || isOnlyConfig(before, after)) return after;
  const stood = positionsOf(before, faceOf);
  const fresh = positionsOf(after, faceOf);
  return { ...after, layout: { ...layout, ...Object.fromEntries(missing.map((id) => [id, stood[id] ?? fresh[id] ?? [0, 0]])) } };
}

function isOnlyConfig(before: Flow, after: Flow): boolean {
  if (before.links !== after.links || before.grants !== after.grants || before.layout !== after.layout) return false;
  const ids = Object.keys(after.nodes);
  return ids.length === Object.keys(before.nodes).length && ids.every((id) => Object.hasOwn(before.nodes, id));
}

interface Column {
  left: number;
  right: number;
  control: { id: string; width: number }[];
  data: { id: string; width: number }[];
}

/** Nodes by column, each column ordered so that links cross little: by the middle of where they come from. */
function columnsOf(flow: Flow, ranks: ReadonlyMap<string, number>, faceOf: FaceOf): Column[] {
  const columns: Column[] = Array.from({ length: Math.max(-1, ...ranks.values()) + 1 }, () => ({ left: 0, right: 0, control: [], data: [] }));
  const row = new Map<string, number>();
  const sources = sourcesOf(flow);
  for (const [id, rank] of ranks) {
    const face = faceOf(flow.nodes[id] as Flow['nodes'][string]);
    columns[rank]?.[homeBand(face)].push({ id, width: cardSize(face).width });
  }
  let left = 0;
  for (const column of columns) {
    const cards = [...column.control, ...column.data];
    for (const cardsOfBand of [column.control, column.data]) {
      const middle = new Map(cardsOfBand.map(({ id }, index) => [id, middleOf(sources.get(id), row) ?? index]));
      cardsOfBand.sort((one, other) => (middle.get(one.id) ?? 0) - (middle.get(other.id) ?? 0));
      for (const [index, { id }] of cardsOfBand.entries()) row.set(id, index);
    }
    column.left = left;
    column.right = left + Math.max(0, ...cards.map((card) => card.width));
    left = cards.length > 0 ? column.right + columnGap : left;
  }
  return columns;
}

/** Control cards grow upward from the line, each column centred; data cards grow downward. Gives the number of data rows used. */
function placeColumns(columns: readonly Column[], layout: Record<string, Position>): number {
  const most = Math.max(0, ...columns.map((column) => column.control.length));
  for (const column of columns) {
    const middle = (column.left + column.right) / 2;
    const place = (card: { id: string; width: number }, y: number) => {
      layout[card.id] = [Math.round(middle - card.width / 2), Math.round(y)];
    };
    for (const [index, card] of column.control.entries()) place(card, (index + (most - column.control.length) / 2 - (most - 1)) * rowHeight);
    for (const [index, card] of column.data.entries()) place(card, dataTop + index * rowHeight);
  }
  return Math.max(0, ...columns.map((column) => column.data.length));
}

interface CalledPlacement {
  faceOf: FaceOf;
  ranks: ReadonlyMap<string, number>;
  layout: Record<string, Position>;
  firstRow: number;
  /** Of the columns. */
  width: number;
}

/** Nodes that are only called: in rows, each as near as can be below the middle of its callers. */
function placeCalled(flow: Flow, { faceOf, ranks, layout, firstRow, width }: CalledPlacement): void {
  const cards = Object.keys(flow.nodes)
    .filter((id) => !ranks.has(id))
    .map((id) => ({ id, width: cardSize(faceOf(flow.nodes[id] as Flow['nodes'][string])).width, wish: 0 }));
  if (cards.length === 0) return;
  wishPlaces(flow, cards, { faceOf, layout });
  cards.sort((one, other) => one.wish - other.wish);
  const total = cards.reduce((sum, card) => sum + card.width + callGap, 0);
  const rows = Math.ceil(total / Math.max(width * 1.25, 1000));
  for (let index = 0; index < rows; index += 1) {
    const row = cards.filter((_, place) => place % rows === index);
    let end = Number.NEGATIVE_INFINITY;
    const lefts = row.map((card) => {
      const left = Math.max(card.wish - card.width / 2, end + callGap);
      end = left + card.width;
      return left;
    });
    const drift = row.reduce((sum, card, place) => sum + (lefts[place] ?? 0) + card.width / 2 - card.wish, 0) / row.length;
    row.forEach((card, place) => {
      layout[card.id] = [Math.round((lefts[place] ?? 0) - drift), dataTop + (firstRow + index) * rowHeight];
    });
  }
}

/** Sets the middle that each called node would like to have: spread below the first of its callers that has a place. */
function wishPlaces(flow: Flow, cards: { id: string; width: number; wish: number }[], { faceOf, layout }: Pick<CalledPlacement, 'faceOf' | 'layout'>): void {
  const byId = new Map(cards.map((card) => [card.id, card]));
  const groups = new Map<string, typeof cards>();
  for (const grant of flow.grants) {
    const card = byId.get(grant.to);
    if (!card || !layout[grant.from]) continue;
    groups.set(grant.from, [...(groups.get(grant.from) ?? []), card]);
    byId.delete(grant.to);
  }
  for (const [caller, group] of groups) {
    const node = flow.nodes[caller] as Flow['nodes'][string];
    const middle = (layout[caller]?.[0] ?? 0) + cardSize(faceOf(node)).width / 2;
    group.forEach((card, index) => {
      card.wish = middle + (index - (group.length - 1) / 2) * (card.width + callGap);
    });
  }
}

function sourcesOf(flow: Flow): Map<string, string[]> {
  const sources = new Map<string, string[]>();
  for (const link of flow.links) {
    const { node } = linkEnd(link.to);
    const list = sources.get(node);
    if (list) list.push(linkEnd(link.from).node);
    else sources.set(node, [linkEnd(link.from).node]);
  }
  return sources;
}

function middleOf(sources: readonly string[] | undefined, row: ReadonlyMap<string, number>): number | undefined {
  const rows = (sources ?? []).flatMap((id) => row.get(id) ?? []);
  return rows.length === 0 ? undefined : rows.reduce((sum, each) => sum + each, 0) / rows.length;
}
