/** Into the flow that a node runs. */
import type { Editor } from './editor-store.ts';
import { flowNamed } from './flow-references.ts';
import { levelWithin } from './levels.ts';

/** The flow that a node on screen runs, where the document has it. */
export function flowWithin(editor: Editor, node: string | undefined): string | undefined {
  const { shown } = editor.state();
  const content = node !== undefined && Object.hasOwn(shown.nodes, node) ? shown.nodes[node] : undefined;
  const name = content && editor.face(content).subflow;
  return name !== undefined && flowNamed(shown.flows ?? {}, name) ? name : undefined;
}

/** Opens the flow that a node on screen runs. */
export function enterFlow(editor: Editor, node: string): void {
  const flow = flowWithin(editor, node);
  if (flow !== undefined) editor.openLevel(levelWithin(editor.state().level, { flow, node }));
}
