/** One value that a person gives, with the control that suits its schema and samples to try. */
import { schemaTypes } from '@switchyard/engine';
import type { Json } from '@switchyard/shared';
import type { KeyboardEvent } from 'react';
import { ariaOf, Field, type FieldControl } from '../ui/field.tsx';
import { Input, TextArea } from '../ui/input.tsx';
import { Select } from '../ui/select.tsx';
import { Switch } from '../ui/checkbox.tsx';
import { inputControl, inputText, type InputField } from './run-inputs.ts';

interface FormFieldProps {
  field: InputField;
  value: Json | undefined;
  mistake: string | undefined;
  onChange: (value: Json) => void;
  onSubmit?: () => void;
}

/** `onSubmit` is what Ctrl+Enter does in a field of several lines. */
export function FormField({ field, value, mistake, onChange, onSubmit }: FormFieldProps) {
  const { schema, samples } = field;
  const help = typeof schema.description === 'string' ? schema.description : undefined;
  return (
    <div className="space-y-2">
      <Field
        label={field.title}
        aside={field.isRequired ? undefined : 'optional'}
        {...(help && { help })}
        {...(mistake && { mistakes: [{ message: mistake }] })}
      >
        {(control) => <Control field={field} control={control} value={value} onChange={onChange} {...(onSubmit && { onSubmit })} />}
      </Field>
      {samples.length > 0 && (
        <ul aria-label={`Samples for ${field.title}`} className="flex flex-wrap gap-1">
          {samples.map((sample) => (
            <li key={inputText(sample)} className="max-w-full">
              <button
                type="button"
                title={inputText(sample)}
                onClick={() => onChange(typeof sample === 'boolean' ? sample : inputText(sample))}
                className="block max-w-full truncate rounded-full border border-line2 px-2 text-left text-xs leading-5 text-dim hover:border-line3 hover:text-text"
              >
                {inputText(sample)}
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

interface ControlProps {
  field: InputField;
  control: FieldControl;
  value: Json | undefined;
  onChange: (value: Json) => void;
  onSubmit?: () => void;
}

function Control({ field, control, value, onChange, onSubmit }: ControlProps) {
  const onKeyDown = onSubmit && ((event: KeyboardEvent) => submitOnKeys(event, onSubmit));
  const { schema, title } = field;
  const placeholder = 'default' in schema ? inputText(schema.default) : undefined;
  const text = { ...ariaOf(control), value: inputText(value), ...(placeholder && { placeholder }) };
  switch (inputControl(schema)) {
    case 'switch':
      return <Switch id={control.id} label={title} isOn={(value ?? schema.default) === true} onChange={onChange} />;
    case 'choice':
      return (
        <Select
          id={control.id}
          value={inputText(value ?? schema.default) || undefined}
          groups={[{ options: (schema.enum as Json[]).map((option) => ({ value: inputText(option), label: inputText(option) })) }]}
          onChange={onChange}
        />
      );
    case 'number':
      return <Input {...text} inputMode="decimal" onChange={(event) => onChange(event.target.value)} />;
    case 'json':
      return (
        <TextArea
          {...text}
          rows={3}
          className="font-mono text-xs"
          placeholder={placeholder ?? (schemaTypes(schema)?.includes('array') ? '[ … ]' : '{ … }')}
          onChange={(event) => onChange(event.target.value)}
          {...(onKeyDown && { onKeyDown })}
        />
      );
    case 'text':
      return <TextArea {...text} rows={2} spellCheck onChange={(event) => onChange(event.target.value)} {...(onKeyDown && { onKeyDown })} />;
  }
}

/** In a field of several lines Enter makes a line; with Ctrl it runs, and nobody above hears of it twice. */
function submitOnKeys(event: KeyboardEvent, onSubmit: () => void): void {
  if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  event.stopPropagation();
  onSubmit();
}
