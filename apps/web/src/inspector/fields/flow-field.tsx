/** Which flow: those of this document, and saved ones, of which choosing one brings a copy into this document. */
import type { Json } from '@switchyard/shared';
import { Button } from '../../ui/button.tsx';
import { ageText } from '../../flows/age-text.ts';
import { counted } from '../../ui/figures.ts';
import type { FieldControl } from '../../ui/field.tsx';
import { Select, type SelectGroup } from '../../ui/select.tsx';
import { chooseFlow } from '../../editor/bring-flow.ts';
import { addFlow } from '../../editor/document-flows.ts';
import { enterFlow } from '../../editor/enter-flow.ts';
import { flowUses } from '../../editor/flow-uses.ts';
import { changeAt, levelWithin } from '../../editor/levels.ts';
import { editor, useEditor } from '../../use-editor.ts';
import { useForm, type Change } from '../form/form-context.ts';
import { BringNote } from './bring-note.tsx';
import { useBringing } from './use-bringing.ts';
import { messageOf } from '../../api/api-error.ts';
import { OriginNote } from './origin-note.tsx';
import { useSavedFlows } from '../use-saved-flows.ts';

interface FlowFieldProps {
  said: FieldControl;
  value: Json | undefined;
  /** Pointer of the setting in the document. */
  at: string;
  onChange: Change;
}

/** Makes a flow of the document with this setting's node as its first user, and opens it; one step that can be undone. */
function makeFlow(node: string, at: string): void {
  const { level, flow, document } = editor.state();
  const title = flow.nodes[node]?.title;
  const made = addFlow(document, { wish: title ?? '', registry: editor.registry });
  editor.seal();
  editor.editDocument(`New flow "${made.name}"`, () => changeAt(made.flow, level, (open) => chooseFlow(open, { at, name: made.name })), {
    open: levelWithin(level, { flow: made.name, node }),
    select: [],
  });
}

/** Marks what is to be brought in; no flow of a document can be called so. */
const savedMark = 'saved:';

/** A name that the document does not have stays, and is told as missing. */
export function FlowField({ said, value, at, onChange }: FlowFieldProps) {
  const names = Object.keys(useEditor((state) => state.shown.flows) ?? {});
  const { saved, error, isPending, retry } = useSavedFlows();
  const { node } = useForm();
  const uses = useEditor((state) => (typeof value === 'string' ? flowUses(state.frozen ?? state.document, editor.registry).get(value) : undefined)) ?? 0;
  const bringing = useBringing(at);
  const chosen = typeof value === 'string' && value !== '' ? value : undefined;
  const missing = chosen !== undefined && !names.includes(chosen) ? [{ value: chosen, label: chosen, note: 'Not in this document' }] : [];
  const own = [...missing, ...names.map((name) => ({ value: name, label: name }))];
  const others = saved.map(({ id, name, updatedAt }) => ({
    value: `${savedMark}${id}`,
    label: name,
    text: name,
    note: `Changed ${ageText(updatedAt, Date.now())}`,
  }));
  const groups: SelectGroup[] = [
    { label: 'In this document', options: own },
    { label: 'Saved flows', options: others },
  ].filter(({ options }) => options.length > 0);
  const choose = (next: string) => {
    bringing.forget();
    const picked = next.startsWith(savedMark) ? saved.find(({ id }) => `${savedMark}${id}` === next) : undefined;
    if (picked) void bringing.choose(picked);
    else onChange(next);
  };
  return (
    <>
      <Select
        id={said.id}
        value={chosen}
        placeholder={groups.length > 0 || isPending ? 'Choose a flow' : 'No flow to choose'}
        groups={groups}
        onChange={choose}
        isDisabled={groups.length === 0}
        {...(said.isInvalid && { isInvalid: true })}
        {...(said.describedBy && { describedBy: said.describedBy })}
      />
      {error !== undefined && (
        <div role="alert" className="mt-1 flex items-start gap-2 text-xs text-bad">
          <span className="min-w-0 flex-1 break-words">Saved flows cannot be listed. {messageOf(error)}</span>
          <Button size="small" onClick={retry}>
            Try again
          </Button>
        </div>
      )}
      {error === undefined && !isPending && saved.length === 0 && <p className="mt-1 text-xs text-faint">No other flow is saved that could be brought in.</p>}
      <div className="mt-2 flex flex-wrap gap-2">
        {chosen !== undefined && names.includes(chosen) && (
          <Button size="small" icon="workflow" onClick={() => enterFlow(editor, node)}>
            Open flow
          </Button>
        )}
        <Button size="small" icon="plus" onClick={() => makeFlow(node, at)}>
          New flow
        </Button>
      </div>
      {uses > 1 && <p className="mt-1 text-xs text-faint">Used by {counted(uses, 'node')}: what is changed in it changes for all of them.</p>}
      {bringing.state.name === 'idle' ? (
        <OriginNote chosen={chosen} saved={saved} onBring={(flow) => void bringing.replace(flow, chosen)} />
      ) : (
        <BringNote bringing={bringing} />
      )}
    </>
  );
}
