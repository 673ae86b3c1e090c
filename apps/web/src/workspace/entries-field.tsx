/** Names with values of a connection, such as headers: each value may be a secret. */
import { Button, IconButton } from '../ui/button.tsx';
import { Input } from '../ui/input.tsx';
import type { EntryDraft } from './connection-draft.ts';
import type { FieldControl, FormField } from './connection-form.ts';
import { SecretInput } from './secret-input.tsx';

interface EntriesFieldProps {
  field: FormField;
  control: Extract<FieldControl, { sort: 'map' }>;
  entries: readonly EntryDraft[];
  mistakes: Readonly<Record<string, string>>;
  onChange: (entries: EntryDraft[]) => void;
}

/** In the order in which they were written. */
export function EntriesField({ field, control, entries, mistakes, onChange }: EntriesFieldProps) {
  const { entry: word, mayBeSecret } = control;
  const put = (index: number, change: Partial<EntryDraft>) => onChange(entries.with(index, { ...(entries[index] as EntryDraft), ...change }));
  return (
    <fieldset className="space-y-2">
      <legend className="text-xs font-semibold">{field.title}</legend>
      {field.help && <p className="-mt-1 text-xs text-faint">{field.help}</p>}
      {entries.map((entry, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: an entry has no identity of its own while its name is written.
        <div key={index} className="space-y-1">
          <div className="flex items-center gap-2">
            <Input
              aria-label={`Name of ${word} ${index + 1}`}
              className="w-44! font-mono text-xs"
              placeholder={field.placeholder}
              value={entry.name}
              onChange={(event) => put(index, { name: event.target.value })}
            />
            <SecretInput
              label={`Value of ${word} ${entry.name}`}
              draft={entry}
              placeholder={undefined}
              mayBePlain={mayBeSecret}
              onChange={(changed) => put(index, changed)}
            />
            <IconButton size="small" icon="trash" label={`Remove ${word} ${entry.name}`} onClick={() => onChange(entries.toSpliced(index, 1))} />
          </div>
          {mistakes[`${field.name}.${index}`] && <p className="text-xs text-bad">{mistakes[`${field.name}.${index}`]}</p>}
        </div>
      ))}
      <Button size="small" icon="plus" onClick={() => onChange([...entries, { name: '', value: '', isSecret: mayBeSecret, secret: undefined }])}>
        Add {word}
      </Button>
    </fieldset>
  );
}
