/** The title of a node on screen, as people know it. */
import { editor } from './use-editor.ts';

/** Its id where it is not there. */
export function titleOf(id: string): string {
  const { nodes } = editor.shown();
  const node = Object.hasOwn(nodes, id) ? nodes[id] : undefined;
  return node ? editor.face(node).title : id;
}
