/** The settings of an object: those in use, and the rest behind "More settings". */
import { isJsonObject, type Json, type JsonObject } from '@switchyard/shared';
import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { useEditor } from '../../use-editor.ts';
import { isSettled, type FormField } from './derive-form.ts';
import { useForm, type Change } from './form-context.ts';
import { below, mistakesAt } from './form-mistakes.ts';
import { SettingField } from './setting-field.tsx';

interface GroupFieldsProps {
  fields: readonly FormField[];
  value: Json | undefined;
  at: string;
  onChange: Change;
  /** Told which field changes; used for the settings of the node itself. */
  onFieldChange?: (name: string, ...change: Parameters<Change>) => void;
}

/** A setting that is optional, not set and without mistakes can wait. */
export function GroupFields({ fields, value, at, onChange, onFieldChange }: GroupFieldsProps) {
  const { node, diagnostics } = useForm();
  const [isWhole, setWhole] = useState(false);
  const asked = useEditor((state) => (state.reveal?.node === node ? state.reveal.field : undefined));
  const settings: JsonObject = isJsonObject(value) ? value : {};
  const shown = fields.filter((field) => !isSettled(field, settings[field.name]));
  const isWaiting = (field: FormField) =>
    !field.isRequired &&
    field.default === undefined &&
    settings[field.name] === undefined &&
    asked !== field.name &&
    mistakesAt(diagnostics, below(at, field.name)).length === 0;
  const waiting = shown.filter(isWaiting);
  const change =
    (name: string): Change =>
    (next, rename) => {
      if (onFieldChange) onFieldChange(name, next, rename);
      else onChange(withSetting(settings, name, next));
    };
  return (
    <div className="space-y-4">
      {shown
        .filter((field) => isWhole || !isWaiting(field))
        .map((field) => (
          <SettingField key={field.name} field={field} value={settings[field.name]} at={below(at, field.name)} onChange={change(field.name)} />
        ))}
      {waiting.length > 0 && (
        <Button
          size="small"
          variant="quiet"
          icon={isWhole ? 'chevron-down' : 'chevron-right'}
          aria-expanded={isWhole}
          className="-ml-2 max-w-full"
          onClick={() => setWhole(!isWhole)}
        >
          <span className="truncate">{isWhole ? 'Fewer settings' : `More: ${waiting.map((field) => field.title.toLowerCase()).join(', ')}`}</span>
        </Button>
      )}
    </div>
  );
}

function withSetting(settings: JsonObject, name: string, value: Json | undefined): JsonObject {
  const { [name]: _before, ...rest } = settings;
  return value === undefined ? rest : { ...settings, [name]: value };
}
