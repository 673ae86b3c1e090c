/** Mistakes of a node that no field of its form shows: of its wires, its ports, its kind. */
import type { Diagnostic } from '@switchyard/shared';
import { showInside } from '../editor/show-problem.ts';
import { Button } from '../ui/button.tsx';
import { counted } from '../ui/figures.ts';
import { Icon } from '../ui/icon.tsx';
import { editor, useEditor } from '../use-editor.ts';
import type { FormField } from './form/derive-form.ts';
import { FixButton } from './form/fix-button.tsx';
import { mistakesElsewhere } from './form/form-mistakes.ts';

const none: readonly Diagnostic[] = [];

/** Each with what mends it. */
export function NodeMistakes({ id, fields }: { id: string; fields: readonly FormField[] }) {
  const diagnostics = useEditor((state) => state.here.byNode.get(id) ?? none);
  const inside = useEditor((state) => (state.frozen ? none : (state.here.inside.get(id) ?? none)));
  const shown = mistakesElsewhere(diagnostics, id, fields);
  if (shown.length + inside.length === 0) return null;
  return (
    <ul aria-label="Problems of this node" className="space-y-2">
      {shown.map((diagnostic) => {
        const isError = diagnostic.severity === 'error';
        return (
          <li key={`${diagnostic.path} ${diagnostic.message}`} className={`rounded-md px-2 py-2 text-xs ${isError ? 'bg-bad-soft' : 'bg-warn-soft'}`}>
            <p className="flex items-start gap-2">
              <Icon name={isError ? 'circle-alert' : 'triangle-alert'} size={14} className={isError ? 'mt-px text-bad' : 'mt-px text-warn'} />
              <span className="min-w-0 flex-1 break-words">{diagnostic.message}</span>
            </p>
            {diagnostic.fix?.patch && (
              <div className="mt-1 pl-5">
                <FixButton diagnostic={diagnostic} />
              </div>
            )}
          </li>
        );
      })}
      {inside.length > 0 && <Inside id={id} diagnostics={inside} />}
    </ul>
  );
}

/** Mistakes of the flow that the node runs stand at the nodes there. */
function Inside({ id, diagnostics }: { id: string; diagnostics: readonly Diagnostic[] }) {
  const [first] = diagnostics;
  const isError = first?.severity === 'error';
  return (
    <li className={`rounded-md px-2 py-2 text-xs ${isError ? 'bg-bad-soft' : 'bg-warn-soft'}`}>
      <p className="flex items-start gap-2">
        <Icon name={isError ? 'circle-alert' : 'triangle-alert'} size={14} className={isError ? 'mt-px text-bad' : 'mt-px text-warn'} />
        <span className="min-w-0 flex-1 break-words">
          {counted(diagnostics.length, 'problem')} in the flow that it runs. {first?.message}
        </span>
      </p>
      <div className="mt-1 pl-5">
        <Button size="small" onClick={() => showInside(editor, id)}>
          Go there
        </Button>
      </div>
    </li>
  );
}
