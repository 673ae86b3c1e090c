/** The fields of a connection that is being written: made from its type, with what every connection has. */
import type { ConnectionType } from '@switchyard/shared';
import { useState } from 'react';
import { Button } from '../ui/button.tsx';
import { ariaOf, Field } from '../ui/field.tsx';
import { Input, NumberInput } from '../ui/input.tsx';
import { isWritten, type ConnectionDraft, type DraftValue } from './connection-draft.ts';
import { ConnectionFieldControl } from './connection-field-control.tsx';
import { formOf, type FormField } from './connection-form.ts';
import { EntriesField } from './entries-field.tsx';

interface ConnectionFieldsProps {
  type: ConnectionType;
  draft: ConnectionDraft;
  isNew: boolean;
  mistakes: Readonly<Record<string, string>>;
  onChange: (draft: ConnectionDraft) => void;
}

/** What is rarely needed stands behind a button, unless it is set or wrong. */
export function ConnectionFields({ type, draft, isNew, mistakes, onChange }: ConnectionFieldsProps) {
  const form = formOf(type);
  const seldom = form.filter((field) => field.isAdvanced);
  const isSet = seldom.some((field) => isWritten(field, draft.values[field.name])) || draft.concurrency !== undefined || draft.requestsPerMinute !== undefined;
  const isWrong = [...seldom.map(({ name }) => name), 'concurrency', 'requestsPerMinute'].some((name) => mistakes[name]);
  const [isOpen, setOpen] = useState(isSet);
  const isWhole = isOpen || isWrong;
  const set = (name: string, value: DraftValue) => onChange({ ...draft, values: { ...draft.values, [name]: value } });
  const shown = (field: FormField) => (
    <ConnectionField key={field.name} field={field} value={draft.values[field.name]} mistakes={mistakes} onChange={(value) => set(field.name, value)} />
  );
  return (
    <>
      <div className="grid gap-4 sm:grid-cols-2">
        <div className="sm:col-span-2">
          <Field label="Name in flows" help={isNew ? 'What nodes name it by.' : undefined} {...toldAt(mistakes, 'name')}>
            {(said) => (
              <Input
                {...ariaOf(said)}
                className="font-mono text-xs"
                autoFocus={isNew}
                disabled={!isNew}
                placeholder={`my-${type.type}`}
                value={draft.name}
                onChange={(event) => onChange({ ...draft, name: event.target.value })}
              />
            )}
          </Field>
        </div>
        {form.filter((field) => !field.isAdvanced).map(shown)}
      </div>
      <Button
        size="small"
        variant="quiet"
        icon={isWhole ? 'chevron-down' : 'chevron-right'}
        aria-expanded={isWhole}
        className="-ml-2"
        onClick={() => setOpen(!isOpen)}
      >
        {seldom.length > 0 ? 'More settings' : 'Limits'}
      </Button>
      {isWhole && (
        <div className="grid gap-4 sm:grid-cols-2">
          {seldom.map(shown)}
          <Field label="Calls at once" aside="8 where not given" {...toldAt(mistakes, 'concurrency')}>
            {(said) => <NumberInput {...ariaOf(said)} value={draft.concurrency} onChange={(concurrency) => onChange({ ...draft, concurrency })} />}
          </Field>
          <Field label="Requests per minute" aside="optional" {...toldAt(mistakes, 'requestsPerMinute')}>
            {(said) => (
              <NumberInput {...ariaOf(said)} value={draft.requestsPerMinute} onChange={(requestsPerMinute) => onChange({ ...draft, requestsPerMinute })} />
            )}
          </Field>
        </div>
      )}
    </>
  );
}

interface ConnectionFieldProps {
  field: FormField;
  value: DraftValue;
  mistakes: Readonly<Record<string, string>>;
  onChange: (value: DraftValue) => void;
}

function ConnectionField({ field, value, mistakes, onChange }: ConnectionFieldProps) {
  const { control, name, title, help } = field;
  if (control.sort === 'map')
    return (
      <div className="sm:col-span-2">
        <EntriesField field={field} control={control} entries={Array.isArray(value) ? value : []} mistakes={mistakes} onChange={onChange} />
      </div>
    );
  const optional = field.isRequired ? undefined : 'optional';
  const isWide = !['number', 'switch', 'choice'].includes(control.sort) && !(['text', 'secret'].includes(control.sort) && field.isShort);
  return (
    <div className={isWide ? 'sm:col-span-2' : ''}>
      <Field
        label={title}
        aside={canClear(field, value) ? <Clear title={title} onClick={() => onChange(undefined)} /> : optional}
        help={help}
        {...toldAt(mistakes, name)}
      >
        {(said) => <ConnectionFieldControl field={field} said={said} value={value} onChange={onChange} />}
      </Field>
    </div>
  );
}

/** Of these controls nothing can be emptied, so that what is chosen would stay for good. */
function canClear({ control, isRequired, fallback }: FormField, value: DraftValue): boolean {
  return ['choice', 'switch'].includes(control.sort) && !isRequired && fallback === undefined && value !== undefined;
}

function Clear({ title, onClick }: { title: string; onClick: () => void }) {
  return (
    <Button size="small" variant="quiet" className="-my-1 h-5!" aria-label={`Remove ${title}`} onClick={onClick}>
      Remove
    </Button>
  );
}

function toldAt(mistakes: Readonly<Record<string, string>>, name: string) {
  return mistakes[name] ? { mistakes: [{ message: mistakes[name] }] } : {};
}
