/** One of several values: all shown where they are few and short, else a list that opens. */
import type { Json } from '@switchyard/shared';
import type { FieldControl } from '../../ui/field.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { Select } from '../../ui/select.tsx';
import { useForm, type Change } from '../form/form-context.ts';

interface ChoiceFieldProps {
  said: FieldControl;
  label: string;
  options: readonly Json[];
  value: Json | undefined;
  onChange: Change;
}

/** Texts begin with a capital; a value that is no option is shown all the same. */
export function ChoiceField({ said, label, options, value, onChange }: ChoiceFieldProps) {
  const { tone } = useForm();
  const all = value === undefined || options.includes(value) ? options : [...options, value];
  const choices = all.map((option) => ({ value: JSON.stringify(option), label: optionText(option) }));
  const choose = (chosen: string) => onChange(JSON.parse(chosen) as Json);
  const chosen = value === undefined ? undefined : JSON.stringify(value);
  const isFew = choices.length <= 4 && choices.reduce((sum, choice) => sum + choice.label.length, 0) <= 30;
  if (isFew) return <Segmented label={label} value={chosen} options={choices} onChange={choose} tone={tone} />;
  return (
    <Select
      id={said.id}
      value={chosen}
      groups={[{ options: choices }]}
      onChange={choose}
      {...(said.isInvalid && { isInvalid: true })}
      {...(said.describedBy && { describedBy: said.describedBy })}
    />
  );
}

function optionText(option: Json): string {
  const text = typeof option === 'string' ? option : JSON.stringify(option);
  return /^[a-z][a-z ]*$/.test(text) ? text.charAt(0).toUpperCase() + text.slice(1) : text;
}
