/** Leads to a mistake: opens the flow of the document that has it, and selects the node with its field, or the wire. */
import { linkEnd, type Diagnostic } from '@switchyard/shared';
import { withinFlow } from './derive-levels.ts';
import type { Editor } from './editor-store.ts';
import { flowAt, flowNameAt, levelOf, levelWithin, type Level } from './levels.ts';
import { grantId, linkId, type WireId } from './wire-commands.ts';

/** A mistake of the whole document; one that is no node's and no wire's shows its flow. */
export function showProblem(editor: Editor, diagnostic: Diagnostic, level = levelTo(editor, diagnostic.flow)): void {
  const flow = flowAt(editor.state().document, level);
  const { node, field, path } = diagnostic.flow === undefined ? diagnostic : withinFlow(diagnostic, diagnostic.flow, flow);
  if (node !== undefined) {
    editor.revealField(node, field ?? '', level);
    return;
  }
  editor.openLevel(level);
  editor.select([], wireAt(path, flow));
}

/** The first mistake in the flow that a node of the open flow runs, or below that. */
export function showInside(editor: Editor, node: string): void {
  const { here, flow, level } = editor.state();
  const diagnostic = here.inside.get(node)?.[0];
  const content = Object.hasOwn(flow.nodes, node) ? flow.nodes[node] : undefined;
  const name = content && editor.face(content).subflow;
  if (!diagnostic || name === undefined) return;
  showProblem(editor, diagnostic, diagnostic.flow === name ? levelWithin(level, { flow: name, node }) : undefined);
}

/** The open level where that is the flow: whoever works there is not led another way to it. */
export function levelTo({ state, registry }: Editor, flow: string | undefined): Level {
  const { level, frozen, document } = state();
  return flowNameAt(level) === flow ? level : levelOf(frozen ?? document, flow, registry);
}

function wireAt(path: string, { nodes, links, grants }: ReturnType<typeof flowAt>): WireId[] {
  const [, list, index] = path.split('/');
  const link = list === 'links' ? links[Number(index)] : undefined;
  const grant = list === 'grants' ? grants[Number(index)] : undefined;
  if (link && [link.from, link.to].every((end) => Object.hasOwn(nodes, linkEnd(end).node))) return [linkId(link)];
  return grant ? [grantId(grant)] : [];
}
