/** The control of one field of a connection, by its sort. */
import { ariaOf, type FieldControl as Said } from '../ui/field.tsx';
import { Segmented } from '../ui/segmented.tsx';
import { Select } from '../ui/select.tsx';
import { Switch } from '../ui/checkbox.tsx';
import { Input, NumberInput, TextArea } from '../ui/input.tsx';
import type { DraftValue, SecretDraft } from './connection-draft.ts';
import type { FormField } from './connection-form.ts';
import { NameChoice } from './name-choice.tsx';
import { SecretInput } from './secret-input.tsx';

interface ConnectionFieldControlProps {
  field: FormField;
  said: Said;
  value: DraftValue;
  onChange: (value: DraftValue) => void;
}

/** A field that holds text of code, a path or an address, is set in a fixed-width face. */
export function ConnectionFieldControl({ field, said, value, onChange }: ConnectionFieldControlProps) {
  const { control, title, placeholder } = field;
  const text = typeof value === 'string' ? value : '';
  const face = field.isCode ? 'font-mono text-xs' : '';
  switch (control.sort) {
    case 'text':
      return <Input {...ariaOf(said)} className={face} placeholder={placeholder} value={text} onChange={(event) => onChange(event.target.value)} />;
    case 'long':
    case 'lines':
      return <TextArea {...ariaOf(said)} className={face} placeholder={placeholder} value={text} onChange={(event) => onChange(event.target.value)} />;
    case 'number':
      return <NumberInput {...ariaOf(said)} placeholder={placeholder} value={typeof value === 'number' ? value : undefined} onChange={onChange} />;
    case 'switch':
      return <Switch id={said.id} label={value === true ? 'Yes' : 'No'} isOn={value === true} onChange={onChange} />;
    case 'choice':
      return <Choice said={said} title={title} options={control.options} value={value === undefined ? undefined : String(value)} onChange={onChange} />;
    case 'model':
      return <NameChoice said={said} of="model" isRequired={field.isRequired} value={text} onChange={onChange} />;
    case 'connection':
      return <NameChoice said={said} of="connection" that={control.that} isRequired={field.isRequired} value={text} onChange={onChange} />;
    case 'secret':
    case 'text-or-secret':
      return (
        <SecretInput said={said} draft={value as SecretDraft} placeholder={placeholder} mayBePlain={control.sort === 'text-or-secret'} onChange={onChange} />
      );
    case 'map':
      return null;
  }
}

interface ChoiceProps {
  said: Said;
  title: string;
  options: readonly string[];
  value: string | undefined;
  onChange: (value: string) => void;
}

function Choice({ said, title, options, value, onChange }: ChoiceProps) {
  const choices = options.map((option) => ({ value: option, label: option }));
  const isFew = options.length <= 3 && options.join('').length <= 24;
  if (isFew) return <Segmented label={title} value={value} tone="data" options={choices} onChange={onChange} />;
  return <Select {...said} value={value} groups={[{ options: choices }]} onChange={onChange} />;
}
