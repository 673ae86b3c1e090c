/**
 * A saved flow on its way into the open document.
 *
 * 1. What is saved is read when it is chosen, so that its present version is brought in; an answer that comes after another choice is dropped.
 * 2. The document changes in one step that can be undone, and only where nobody needs to be asked.
 */
import type { FlowSummary } from '@switchyard/api/router';
import { hasErrors, type Flow } from '@switchyard/shared';
import { useEffect, useRef, useState } from 'react';
import { diagnosticsOf, httpStatusOf, messageOf } from '../../api/api-error.ts';
import { queries, queryClient } from '../../api/client.ts';
import { bringFlow, chooseFlow, copyOf } from '../../editor/bring-flow.ts';
import { changeAt } from '../../editor/levels.ts';
import { editor } from '../../use-editor.ts';

export type BringState =
  | { name: 'idle' }
  | { name: 'reading'; from: FlowSummary }
  /** The document has another flow of its name. */
  | { name: 'differs'; from: FlowSummary; saved: Flow; copy: string }
  | { name: 'refused'; from: FlowSummary; why: string; canOpen: boolean };

export interface Bringing {
  state: BringState;
  /** Brings the flow in and selects it, or asks where another has its place. */
  choose(from: FlowSummary): Promise<void>;
  /** Brings the flow in for the one that the document calls so. */
  replace(from: FlowSummary, name: string | undefined): Promise<void>;
  /** Answers of what `differs` asks. */
  answer(how: 'replace' | 'beside' | 'keep'): void;
  forget(): void;
}

/** For the setting at this pointer. */
export function useBringing(at: string): Bringing {
  const [state, setState] = useState<BringState>({ name: 'idle' });
  const asked = useRef(0);
  const forget = () => {
    asked.current += 1;
    setState({ name: 'idle' });
  };
  useEffect(
    () => () => {
      asked.current += 1;
    },
    [],
  );
  const read = async (from: FlowSummary, done: (saved: Flow) => void) => {
    asked.current += 1;
    const turn = asked.current;
    const { flowId } = editor.state();
    setState({ name: 'reading', from });
    const answer = await readSaved(from);
    if (turn !== asked.current || editor.state().flowId !== flowId) return;
    // A past run that was opened meanwhile cannot be changed.
    if (editor.state().frozen) return forget();
    if ('saved' in answer) done(answer.saved);
    else setState({ name: 'refused', from, ...answer });
  };
  const bring = (from: FlowSummary, saved: Flow, into?: string) => {
    const why = bringIn(at, saved, into);
    setState(why === undefined ? { name: 'idle' } : { name: 'refused', from, why, canOpen: true });
  };
  return {
    state,
    choose: (from) =>
      read(from, (saved) => {
        const copy = copyOf(editor.state().document, saved, editor.registry);
        if (copy && !copy.isSame) setState({ name: 'differs', from, saved, copy: copy.name });
        else bring(from, saved);
      }),
    replace: (from, name) => read(from, (saved) => bring(from, saved, name)),
    answer(how) {
      if (state.name !== 'differs') return;
      const { from, saved, copy } = state;
      if (how === 'keep') {
        editor.edit(`Choose "${copy}"`, (flow) => chooseFlow(flow, { at, name: copy }));
        forget();
      } else bring(from, saved, how === 'replace' ? copy : undefined);
    },
    forget,
  };
}

/** The flow as it is saved now, or why it cannot be brought in. */
async function readSaved({ id, name }: FlowSummary): Promise<{ saved: Flow } | { why: string; canOpen: boolean }> {
  try {
    const { flow } = await queryClient.fetchQuery({ ...queries.flows.get.queryOptions({ id }), staleTime: 0, retry: false });
    const diagnostics = editor.diagnose(flow);
    if (!hasErrors([...diagnostics])) return { saved: flow };
    const first = diagnostics.find(({ severity }) => severity === 'error')?.message ?? '';
    return { why: `“${flow.name}” has errors and could not run here: ${first} Mend it, then choose it again.`, canOpen: true };
  } catch (error) {
    if (httpStatusOf(error) !== 404) return { why: `“${name}” cannot be read. ${reasonOf(error)}`, canOpen: false };
    void queryClient.invalidateQueries({ queryKey: queries.flows.list.queryKey() });
    return { why: `“${name}” is not saved any more: it was removed meanwhile. Choose another flow.`, canOpen: false };
  }
}

function reasonOf(error: unknown): string {
  return diagnosticsOf(error)[0]?.message ?? messageOf(error);
}

/** One step; gives why it cannot be done. A node that models may call is known to them by its title, so one without takes the flow's. */
function bringIn(at: string, saved: Flow, into: string | undefined): string | undefined {
  const { document, flow, level } = editor.state();
  const brought = bringFlow(document, { saved, registry: editor.registry, ...(into !== undefined && { into }) });
  const after = brought.flow;
  if (!after) return `“${saved.name}” cannot be brought in: this document could not be read with it. ${brought.diagnostics[0]?.message ?? ''}`;
  const node = flow.nodes[at.split('/')[2] ?? ''];
  const title = node && editor.face(node).isCallable ? { title: saved.name } : {};
  editor.seal();
  editor.editDocument(`Bring in "${saved.name}"`, () => changeAt(after, level, (open) => chooseFlow(open, { at, name: brought.name, ...title })));
  return undefined;
}
