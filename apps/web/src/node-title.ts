/** Titles of nodes, as people know them. */
import type { Flow } from '@switchyard/shared';
import { editor } from './use-editor.ts';

/** Of the flow on screen; its id where it is not there. */
export function titleOf(id: string): string {
  return titleIn(editor.state().shown, id);
}

/** Of the document itself, whichever of its flows is on screen. */
export function documentTitleOf(id: string): string {
  const { frozen, document } = editor.state();
  return titleIn(frozen ?? document, id);
}

/** Of a flow; the id where the node is not there. */
export function titleIn({ nodes }: Pick<Flow, 'nodes'>, id: string): string {
  const node = Object.hasOwn(nodes, id) ? nodes[id] : undefined;
  return node ? editor.face(node).title : id;
}
