/** Mistakes of a node that no field of its form shows: of its wires, its ports, its kind. */
import type { Diagnostic } from '@switchyard/shared';
import { Icon } from '../ui/icon.tsx';
import { useEditor } from '../use-editor.ts';
import type { FormField } from './form/derive-form.ts';
import { FixButton } from './form/fix-button.tsx';
import { mistakesElsewhere } from './form/form-mistakes.ts';

const none: readonly Diagnostic[] = [];

/** Each with what mends it. */
export function NodeMistakes({ id, fields }: { id: string; fields: readonly FormField[] }) {
  const diagnostics = useEditor((state) => state.here.byNode.get(id) ?? none);
  const shown = mistakesElsewhere(diagnostics, id, fields);
  if (shown.length === 0) return null;
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
    </ul>
  );
}
