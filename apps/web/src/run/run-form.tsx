/** What the next run is given: one control per field of the entries, remembered per flow, with samples to try. */
import type { Json, JsonObject } from '@switchyard/shared';
import { useEffect, useRef, type KeyboardEvent, type ReactNode } from 'react';
import { setDraft } from '../editor/session.ts';
import { Button } from '../ui/button.tsx';
import { ariaOf, Field, type FieldControl } from '../ui/field.tsx';
import { Icon } from '../ui/icon.tsx';
import { Input, TextArea } from '../ui/input.tsx';
import { Kbd } from '../ui/kbd.tsx';
import { Select } from '../ui/select.tsx';
import { Switch } from '../ui/checkbox.tsx';
import { editor, session, useEditor, useRemembered } from '../use-editor.ts';
import { forgetMistake, runOrStop, useRunForm } from './run-flow.ts';
import { inputControl, inputFields, inputText, type InputField } from './run-inputs.ts';
import { useIsRunning } from './use-run.ts';

const noDraft: JsonObject = {};
const keys = navigator.platform.startsWith('Mac') ? '⌘ ↵' : 'Ctrl ↵';

/** Ctrl+Enter in any field runs; the button stays in sight. `footer` stands beside it. */
export function RunForm({ footer }: { footer?: ReactNode }) {
  const flow = useEditor((state) => state.flow);
  const flowId = useEditor((state) => state.flowId);
  const typed = useRemembered((remembered) => (flowId === undefined ? noDraft : (remembered.drafts[flowId] ?? noDraft)));
  const isRunning = useIsRunning();
  const form = useRef<HTMLFormElement>(null);
  const { mistakes, refused } = useRunForm();
  useEffect(() => {
    if (refused > 0) form.current?.querySelector<HTMLElement>('[aria-invalid]')?.focus();
  }, [refused]);
  const fields = inputFields(flow, editor.face);
  const set = (name: string, value: Json) => {
    if (flowId !== undefined) setDraft(session, flowId, { ...typed, [name]: value });
    forgetMistake(name);
  };
  return (
    <form
      ref={form}
      aria-label="Inputs of the next run"
      className="flex h-full min-h-0 flex-col"
      onSubmit={(event) => {
        event.preventDefault();
        void runOrStop();
      }}
    >
      <div className="min-h-0 flex-1 space-y-3 overflow-auto p-3">
        {fields.map((field) => (
          <FormField
            key={`${field.node}.${field.name}`}
            field={field}
            value={typed[field.name]}
            mistake={mistakes[field.name]}
            onChange={(value) => set(field.name, value)}
          />
        ))}
        {fields.length === 0 && <p className="text-xs text-dim">This flow asks for nothing: it runs as it is.</p>}
      </div>
      <footer className="flex shrink-0 items-center justify-between gap-2 border-t border-line px-3 py-2">
        <Button type="submit" variant="primary" disabled={flowId === undefined} className="min-w-28">
          {isRunning ? <span aria-hidden className="size-2.5 rounded-xs bg-current" /> : <Icon name="play" size={14} />}
          {isRunning ? 'Stop' : 'Run'} <Kbd keys={keys} />
        </Button>
        {footer}
      </footer>
    </form>
  );
}

interface FormFieldProps {
  field: InputField;
  value: Json | undefined;
  mistake: string | undefined;
  onChange: (value: Json) => void;
}

function FormField({ field, value, mistake, onChange }: FormFieldProps) {
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
        {(control) => <Control field={field} control={control} value={value} onChange={onChange} />}
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
}

function Control({ field, control, value, onChange }: ControlProps) {
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
          placeholder={placeholder ?? '{ … }'}
          onChange={(event) => onChange(event.target.value)}
          onKeyDown={runOnKeys}
        />
      );
    case 'text':
      return <TextArea {...text} rows={2} spellCheck onChange={(event) => onChange(event.target.value)} onKeyDown={runOnKeys} />;
  }
}

/** In a field of several lines Enter makes a line; with Ctrl it runs, and nobody above hears of it twice. */
function runOnKeys(event: KeyboardEvent) {
  if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  event.stopPropagation();
  void runOrStop();
}
