/** The smallest flow that answers: what it is asked, a node that plans, what it gives back. Which kinds these are, their definitions say. */
import type { Kind } from '@switchyard/engine';
import type { Position } from '@switchyard/shared';
import { addKind } from './add-kind.ts';
import type { WireEnd } from './can-connect.ts';
import type { Editor } from './editor-store.ts';

const places: readonly Position[] = [
  [0, 0],
  [288, 0],
  [608, 0],
];

/** Adds the three nodes and wires them from left to right. */
export function startFromQuestion(editor: Editor): void {
  const kinds = [...editor.registry.values()];
  const chain = [kinds.find((kind) => kind.role === 'entry'), kinds.find((kind) => kind.mayCall), kinds.find((kind) => kind.role === 'exit')];
  let before: string | undefined;
  chain.forEach((kind, index) => {
    if (kind) before = addNext(editor, kind, { at: places[index] as Position, before });
  });
  editor.select([]);
}

function addNext(editor: Editor, kind: Kind, { at, before }: { at: Position; before: string | undefined }): string {
  const node = before === undefined ? undefined : editor.state().flow.nodes[before];
  const port = node && Object.keys(editor.face(node).ports.outputs)[0];
  const from: WireEnd | undefined = before !== undefined && port !== undefined ? { node: before, side: 'output', port } : undefined;
  return addKind(editor, kind, from ? { at, from } : { at });
}
