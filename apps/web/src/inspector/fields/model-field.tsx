/** Which model: those of the workspace with their size, and the way to add one. */
import type { Json } from '@switchyard/shared';
import { useState } from 'react';
import type { FieldControl } from '../../ui/field.tsx';
import { Select, type SelectOption } from '../../ui/select.tsx';
import { useEditor } from '../../use-editor.ts';
import type { ModelName } from '../../editor/workspace-names.ts';
import { ModelBadge } from '../../workspace/model-badge.tsx';
import { ModelDialog } from '../../workspace/model-dialog.tsx';
import type { Change } from '../form/form-context.ts';

interface ModelFieldProps {
  said: FieldControl;
  value: Json | undefined;
  isOptional: boolean;
  onChange: Change;
}

/** Values that no model can have as its name. */
const add = '+';
const none = '-';

/** A name that the workspace does not have stays, and is told as missing. */
export function ModelField({ said, value, isOptional, onChange }: ModelFieldProps) {
  const { models, isKnown } = useEditor((state) => state.workspace);
  const [isAdding, setAdding] = useState(false);
  const chosen = typeof value === 'string' && value !== '' ? value : undefined;
  const isMissing = isKnown && chosen !== undefined && !models.some((model) => model.name === chosen);
  const choose = (next: string) => {
    if (next === add) setAdding(true);
    else onChange(next === none ? undefined : next);
  };
  return (
    <>
      <Select
        id={said.id}
        value={chosen}
        placeholder="Choose a model"
        groups={[
          {
            options: [
              ...(isOptional && chosen !== undefined ? [{ value: none, label: 'None' }] : []),
              ...(chosen !== undefined && (isMissing || !isKnown) ? [missingOption(chosen, isKnown)] : []),
              ...models.map(modelOption),
            ],
          },
          { options: [{ value: add, label: 'Add a model…' }] },
        ]}
        onChange={choose}
        {...(said.isInvalid && { isInvalid: true })}
        {...(said.describedBy && { describedBy: said.describedBy })}
      />
      <ModelDialog isOpen={isAdding} onClose={() => setAdding(false)} onSaved={(name) => onChange(name)} />
    </>
  );
}

function modelOption({ name, model, tier, gb, isUsable }: ModelName): SelectOption {
  const isBuiltin = model.provider === 'builtin';
  return {
    value: name,
    text: name,
    label: (
      <span className="flex items-center gap-2">
        {name} <ModelBadge tier={tier} gb={gb} isBuiltin={isBuiltin} />
      </span>
    ),
    note: isBuiltin ? 'No neural network, for trying out and for tests' : `${model.model} · ${model.provider}${isUsable ? '' : ' · its key is missing'}`,
  };
}

function missingOption(name: string, isKnown: boolean): SelectOption {
  return { value: name, text: name, label: name, ...(isKnown && { note: 'Not in the workspace' }) };
}
