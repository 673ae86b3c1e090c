/** Values by name: headers, query parameters. */
import { isJsonObject, type Json, type JsonObject } from '@switchyard/shared';
import { Button, IconButton } from '../../ui/button.tsx';
import { freshValue, type Control as ControlSort } from '../form/derive-form.ts';
import type { Change } from '../form/form-context.ts';
import { below } from '../form/form-mistakes.ts';
import { ItemControl } from './item-control.tsx';
import { NameInput } from './name-input.tsx';
import { freshName } from './schema-properties.ts';

interface RecordFieldProps {
  control: ControlSort;
  label: string;
  value: Json | undefined;
  at: string;
  onChange: Change;
}

/** Names keep their order while they are changed. */
export function RecordField({ control, label, value, at, onChange }: RecordFieldProps) {
  const record: JsonObject = isJsonObject(value) ? value : {};
  const entries = Object.entries(record);
  const put = (changed: [string, Json][]) => onChange(Object.fromEntries(changed));
  return (
    <div className="space-y-2">
      {entries.map(([name, each], index) => (
        <div key={name} className="space-y-1 rounded-md border border-line p-2">
          <div className="flex items-start gap-1">
            <NameInput
              label={`Name of ${name}`}
              value={name}
              check={(wish) => (wish === '' ? 'A name is needed.' : Object.hasOwn(record, wish) ? `"${wish}" is there already.` : undefined)}
              onCommit={(wish) => put(entries.with(index, [wish, each]))}
            />
            <IconButton size="medium" icon="trash" label={`Remove ${name}`} onClick={() => put(entries.toSpliced(index, 1))} />
          </div>
          <ItemControl
            control={control}
            label={`${label}: ${name}`}
            value={each}
            at={below(at, name)}
            onChange={(next) => put(entries.with(index, [name, next ?? null]))}
          />
        </div>
      ))}
      <Button size="small" icon="plus" onClick={() => put([...entries, [freshName('name', Object.keys(record)), freshValue(control)]])}>
        Add
      </Button>
    </div>
  );
}
