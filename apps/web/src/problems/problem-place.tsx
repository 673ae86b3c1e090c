/** Where a mistake is, in the names that people know: the flow within the document, the node, the setting. */
import type { Kind } from '@switchyard/engine';
import type { Diagnostic } from '@switchyard/shared';
import { withinFlow } from '../editor/derive-levels.ts';
import { flowAt } from '../editor/levels.ts';
import { kindForm } from '../inspector/form/derive-form.ts';
import { editor, useEditor } from '../use-editor.ts';

/** The pointer into the document where no node has it. */
export function ProblemPlace({ diagnostic }: { diagnostic: Diagnostic }) {
  const { flow, field, path } = diagnostic;
  const face = useEditor(({ document }) => {
    const open = flowAt(document, flow === undefined ? [] : [{ flow }]);
    const { node } = flow === undefined ? diagnostic : withinFlow(diagnostic, flow, open);
    const content = node === undefined ? undefined : open.nodes[node];
    return content && editor.face(content);
  });
  if (face) return [flow, face.title, field && `${settingTitle(face.kind, field)}${entryIn(path)}`].filter(Boolean).join(' · ');
  return path === '' ? 'the flow' : path;
}

/** As the form names it; a port has its name alone. */
function settingTitle(kind: Kind | undefined, field: string): string {
  return (kind ? kindForm(kind) : []).find(({ name }) => name === field)?.title ?? field;
}

/** Which entry of a setting that is a list, counted from 1 as the form does: the same mistake in two of them reads the same otherwise. */
function entryIn(path: string): string {
  const index = /\/config\/[^/]+\/(\d+)(?:\/|$)/.exec(path)?.[1];
  return index === undefined ? '' : ` ${Number(index) + 1}`;
}
