/** Edits of what is selected: copy, cut, paste, duplicate, delete, move. */
import type { Position } from '@switchyard/shared';
import { positionsOf } from './auto-layout.ts';
import { freshIds, moveNodes, paste, readSelection, removeAndHeal, removeNodes, removeWires, selectionText, selectNodes, type Selection } from './commands.ts';
import type { Editor } from './editor-store.ts';
import type { Direction } from './walk.ts';
import { cardSize, dividerOf, homeBand, slideHome, type Positions } from './bands.ts';

/** Units that an arrow key moves. */
const nudge = 8;

/** The selection as text for the clipboard; empty where no node is selected. */
export function copySelection(editor: Editor): string {
  const { nodes } = editor.state().selection;
  return nodes.length === 0 ? '' : selectionText(selectedNodes(editor));
}

/** Copies and deletes. */
export function cutSelection(editor: Editor): string {
  const text = copySelection(editor);
  if (text !== '') deleteSelection(editor, 'Cut');
  return text;
}

/** Deletes the nodes and wires that are selected. */
export function deleteSelection(editor: Editor, label = 'Delete'): void {
  const { nodes, wires } = editor.state().selection;
  editor.edit(label, (flow) => removeWires(removeNodes(flow, nodes), wires), { select: [] });
}

/** Deletes the selected nodes and joins what was wired through each. */
export function deleteAndHeal(editor: Editor): void {
  const { nodes } = editor.state().selection;
  editor.edit('Delete and heal', (flow) => nodes.reduce(removeAndHeal, flow), { select: [] });
}

/** A second set of the selected nodes, beside the first. */
export function duplicateSelection(editor: Editor): void {
  insert(editor, selectedNodes(editor), { label: 'Duplicate', offset: [32, 32] });
}

/** Pastes text so that its middle stands at `aim`. Gives what to say to the person, if anything. */
export function pasteText(editor: Editor, text: string, aim: Position): string | undefined {
  const { selection, diagnostics, isForeign } = readSelection(text);
  if (isForeign) return undefined;
  const [problem] = diagnostics;
  if (!selection) return `This cannot be pasted: ${problem?.message ?? 'it is not a selection.'}`;
  const count = Object.keys(selection.nodes).length;
  if (count === 0) return 'There is no node in this text.';
  const flow = { ...editor.state().flow, ...selection };
  const layout = positionsOf(flow, editor.face);
  const places = Object.values(layout);
  const middle = (axis: 0 | 1) => (Math.min(...places.map((place) => place[axis])) + Math.max(...places.map((place) => place[axis]))) / 2;
  insert(editor, { ...selection, layout: { ...layout } }, { label: 'Paste', offset: [aim[0] - middle(0) - 100, aim[1] - middle(1) - 32] });
  return undefined;
}

/** Moves the selected nodes a little, as far as their bands allow. */
export function nudgeSelection(editor: Editor, direction: Direction): void {
  const { nodes } = editor.state().selection;
  const [x, y] = { left: [-nudge, 0], right: [nudge, 0], up: [0, -nudge], down: [0, nudge] }[direction] as [number, number];
  editor.edit(
    'Move',
    (flow) => {
      const positions = positionsOf(flow, editor.face);
      return moveNodes(
        flow,
        Object.fromEntries(nodes.map((id) => [id, homePlace(editor, id, [(positions[id]?.[0] ?? 0) + x, (positions[id]?.[1] ?? 0) + y])])),
      );
    },
    { merge: `nudge ${nodes.join()}` },
  );
}

/** The place nearest to `at` where the node is in its own band; a node of an unknown kind may stand anywhere. */
export function homePlace(editor: Editor, id: string, at: Position): Position {
  const { flow } = editor.state();
  const node = flow.nodes[id];
  if (!node) return at;
  const face = editor.face(node);
  if (!face.kind) return at;
  const divider = dividerOf(flow, positionsOf(flow, editor.face), editor.face);
  return [at[0], slideHome(homeBand(face), at[1], { height: cardSize(face).height, divider })];
}

function selectedNodes(editor: Editor): Selection {
  const flow = editor.state().shown;
  return selectNodes(flow, editor.state().selection.nodes, positionsOf(flow, editor.face));
}

function insert(editor: Editor, selection: Selection, { label, offset: [x, y] }: { label: string; offset: Position }): void {
  const { flow } = editor.state();
  const ids = freshIds(flow, selection);
  const positions = positionsOf(flow, editor.face);
  const divider = dividerOf(flow, positions, editor.face);
  const placeAll = (shift: number) =>
    Object.fromEntries(
      Object.entries(selection.nodes).map(([id, node]): [string, Position] => {
        const face = editor.face(node);
        const at: Position = [Math.round((selection.layout[id]?.[0] ?? 0) + x) + shift, Math.round((selection.layout[id]?.[1] ?? 0) + y) + shift];
        return [id, face.kind ? [at[0], slideHome(homeBand(face), at[1], { height: cardSize(face).height, divider })] : at];
      }),
    );
  let layout = placeAll(0);
  for (let tries = 1; tries <= 20 && hidesOne(layout, positions); tries += 1) layout = placeAll(tries * 32);
  editor.edit(label, (before) => paste(before, { selection, ids, layout }), { select: Object.values(ids) });
}

/** Would a card lie so nearly on another that it could be taken for it? */
function hidesOne(layout: Positions, positions: Positions): boolean {
  const others = Object.values(positions);
  return Object.values(layout).some(([x, y]) => others.some((other) => Math.abs(other[0] - x) < 32 && Math.abs(other[1] - y) < 32));
}
