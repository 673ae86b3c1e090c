/** The form of a node: edits go through the editor's commands, and what is typed in one go is one undo step. */
import type { Kind } from '@switchyard/engine';
import type { Diagnostic, Flow, FlowNode, Json } from '@switchyard/shared';
import { useEffect, useMemo, useRef } from 'react';
import { connect, renamePort, setField } from '../../editor/commands.ts';
import { openPlace } from '../../run/open-body.ts';
import { renameEnd } from '../../editor/document-flows.ts';
import { changeAt, flowNameAt } from '../../editor/levels.ts';
import { runStore } from '../../run/run-store.ts';
import type { Suggestion } from '../../ui/code-editor.tsx';
import { editor, useEditor } from '../../use-editor.ts';
import { kindForm } from './derive-form.ts';
import { FormContext, type FormContextValue, type Rename } from './form-context.ts';
import { settingPointer } from './form-mistakes.ts';
import { GroupFields } from './group-fields.tsx';
import { SettingControl } from './setting-control.tsx';
import { offersFor } from './suggestions.ts';

interface NodeFormProps {
  id: string;
  node: FlowNode;
  kind: Kind;
}

const none: readonly Diagnostic[] = [];

/** A field that is asked for elsewhere is brought into sight and takes the focus. */
export function NodeForm({ id, node, kind }: NodeFormProps) {
  const form = useRef<HTMLDivElement>(null);
  const diagnostics = useEditor((state) => state.here.byNode.get(id) ?? none);
  const suggestions = useSuggestions(id);
  useReveal(id, form);
  const context = useMemo(
    (): FormContextValue => ({
      Control: SettingControl,
      node: id,
      tone: kind.layer === 'end' ? 'neutral' : kind.layer,
      hasCatalogue: kind.catalogue !== undefined,
      diagnostics,
      suggestions,
    }),
    [id, kind, diagnostics, suggestions],
  );
  return (
    <FormContext value={context}>
      <div ref={form} role="group" aria-label="Settings" onBlur={() => editor.seal()}>
        <GroupFields
          fields={kindForm(kind)}
          value={node.config}
          at={settingPointer(id, [])}
          onChange={() => {}}
          onFieldChange={(field, value, rename) => change(id, { field, value, rename })}
        />
      </div>
    </FormContext>
  );
}

/** Renaming what is a port takes its wires along in the same step; so does renaming an input or output of a flow, at the nodes that run it. */
function change(node: string, { field, value, rename }: { field: string; value: Json | undefined; rename: Rename | undefined }): void {
  if (!rename) {
    editor.edit(`Set ${field}`, (flow) => setField(flow, { node, field, value }), { merge: `${node}.${field}` });
    return;
  }
  const { level, flow: open } = editor.state();
  const inLevel = (flow: Flow) => {
    const renamed = setField(flow, { node, field, value });
    return renamePort(renamePort(renamed, { node, side: 'output', ...rename }), { node, side: 'input', ...rename });
  };
  const role = open.nodes[node] && editor.face(open.nodes[node]).kind?.role;
  const flow = flowNameAt(level);
  editor.editDocument(`Rename ${rename.from}`, (document) => {
    const changed = changeAt(document, level, inLevel);
    if (role === undefined || flow === undefined) return changed;
    return renameEnd(changed, { flow, side: role === 'entry' ? 'input' : 'output', ...rename, registry: editor.registry });
  });
}

/** Choosing an output that is not wired yet draws the wire. */
function useSuggestions(id: string): readonly Suggestion[] {
  const flow = useEditor((state) => state.flow);
  const onCall = useEditor((state) => state.here.onCall);
  return useMemo(() => {
    const { view } = runStore.getState();
    const sample = (node: string, port: string) => view.tasks.get(openPlace(node) ?? '')?.outputs?.[port];
    const offers = offersFor(flow, id, {
      ports: (node) => editor.face(node).ports,
      title: (node) => editor.face(node).title,
      sample,
      isOnCallOnly: (node) => onCall.has(node) && !editor.state().here.steps.has(node),
    });
    return offers.map(
      ({ name, detail, sample: info, link }): Suggestion => ({
        label: name,
        detail,
        ...(info !== undefined && { info }),
        ...(link && { onChosen: () => editor.edit(`Wire ${name}`, (before) => connect(before, link)) }),
      }),
    );
  }, [flow, id, onCall]);
}

function useReveal(id: string, form: React.RefObject<HTMLDivElement | null>): void {
  const reveal = useEditor((state) => (state.reveal?.node === id ? state.reveal : undefined));
  useEffect(() => {
    if (!reveal) return;
    const field = form.current?.querySelector(`[data-field="${CSS.escape(reveal.field)}"]`);
    field?.scrollIntoView({ block: 'center' });
    field?.querySelector<HTMLElement>('input, textarea, button, [contenteditable=true]')?.focus({ preventScroll: true });
  }, [reveal, form]);
}
