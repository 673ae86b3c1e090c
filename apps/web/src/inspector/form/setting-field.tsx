/** One setting: its label, its control by what it is, its mistakes with their fixes. */
import type { Json } from '@switchyard/shared';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import type { Control as ControlSort, FormField } from './derive-form.ts';
import { useForm, type Change } from './form-context.ts';
import { mistakesAt, pointersBelow } from './form-mistakes.ts';
import { toMistake } from './to-mistake.tsx';

interface SettingFieldProps {
  field: FormField;
  value: Json | undefined;
  /** Pointer of the setting in the document. */
  at: string;
  onChange: Change;
}

/** Draws the field and what is below it. */
export function SettingField({ field, value, at, onChange }: SettingFieldProps) {
  const { diagnostics, Control } = useForm();
  const { control } = field;
  const mistakes = mistakesAt(diagnostics, at, pointersBelow(control, value, at)).map(toMistake);
  const canClear = !field.isRequired && field.default === undefined && value !== undefined && !clearsItself(control);
  const aside = canClear ? (
    <Button size="small" variant="quiet" className="-my-1 h-5!" onClick={() => onChange(undefined)}>
      Remove
    </Button>
  ) : (
    sortWord(control)
  );
  return (
    <div data-field={field.name}>
      <Field label={field.title} aside={aside} {...(field.help && { hint: field.help })} mistakes={mistakes}>
        {(said) => (
          <Control
            control={control}
            label={field.title}
            value={value ?? field.default}
            at={at}
            said={said}
            onChange={onChange}
            isOptional={!field.isRequired}
          />
        )}
      </Field>
    </div>
  );
}

/** Emptying these takes the setting away. */
function clearsItself(control: ControlSort): boolean {
  return ['text', 'template', 'expression', 'number', 'source'].includes(control.sort);
}

function sortWord(control: ControlSort): string | undefined {
  switch (control.sort) {
    case 'template':
    case 'expression':
      return control.sort;
    case 'source':
      return control.language === 'sql' ? 'SQL' : 'JavaScript';
    case 'schema':
      return 'schema';
    case 'json':
      return 'JSON';
    default:
      return undefined;
  }
}
