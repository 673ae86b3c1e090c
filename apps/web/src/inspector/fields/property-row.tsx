/** One named schema: its name and type in a line, the words about it below when unfolded. */
import type { Json, Schema } from '@switchyard/shared';
import { useState, type ReactNode } from 'react';
import { IconButton } from '../../ui/button.tsx';
import { ariaOf, Field } from '../../ui/field.tsx';
import { Input, TextArea } from '../../ui/input.tsx';
import { Select } from '../../ui/select.tsx';
import { NameInput } from './name-input.tsx';
import { choicesText, propertyTypes, readChoices, retype, typeNames, type Property, type PropertyType } from './schema-properties.ts';

interface PropertyRowProps {
  property: Property;
  checkName: (name: string) => string | undefined;
  onRename: (name: string) => void;
  onChange: (property: Property) => void;
  onRemove: () => void;
  /** Asks for samples too, as inputs of a run have them. */
  hasSamples?: boolean;
  /** Stands beside the type. */
  extra?: ReactNode;
}

const types = propertyTypes.map((type) => ({ value: type, label: typeNames[type] }));

/** A schema that combines or refers keeps its type as it is. */
export function PropertyRow({ property, checkName, onRename, onChange, onRemove, hasSamples, extra }: PropertyRowProps) {
  const { name, type, schema } = property;
  const [isOpen, setOpen] = useState(false);
  const setSchema = (next: Schema) => onChange({ ...property, schema: next });
  return (
    <li className="rounded-md border border-line p-1">
      <div className="flex items-start gap-1">
        <NameInput label={`Name of ${name}`} value={name} check={checkName} onCommit={onRename} />
        <Select
          label={`Type of ${name}`}
          className="w-30! shrink-0"
          value={type}
          groups={[{ options: types }]}
          onChange={(next) => onChange({ ...property, type: next as PropertyType, schema: retype(schema, next as PropertyType) })}
        />
        {extra}
        <IconButton
          size="medium"
          icon={isOpen ? 'chevron-down' : 'chevron-right'}
          label={`More about ${name}`}
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        />
      </div>
      {type === 'choice' && <Choices name={name} value={schema.enum} onChange={(choices) => setSchema({ ...schema, enum: choices })} />}
      {isOpen && (
        <div className="space-y-2 p-1 pt-2">
          <Words label="Title" value={schema.title} onChange={(title) => setSchema(withKey(schema, 'title', title))} />
          <Words label="Description" value={schema.description} onChange={(description) => setSchema(withKey(schema, 'description', description))} />
          {hasSamples && <Samples schema={schema} onChange={setSchema} />}
          <button type="button" onClick={onRemove} className="rounded px-1 text-xs font-medium text-bad hover:bg-panel2">
            Remove {name}
          </button>
        </div>
      )}
    </li>
  );
}

function Words({ label, value, onChange }: { label: string; value: Json | undefined; onChange: (text: string | undefined) => void }) {
  return (
    <Field label={label}>
      {(control) => (
        <Input {...ariaOf(control)} value={typeof value === 'string' ? value : ''} onChange={(event) => onChange(event.target.value || undefined)} />
      )}
    </Field>
  );
}

function Choices({ name, value, onChange }: { name: string; value: Json | undefined; onChange: (choices: Json[]) => void }) {
  const [text, setText] = useState(() => choicesText(value));
  return (
    <TextArea
      aria-label={`Choices of ${name}, one a line`}
      className="mt-1 font-mono text-xs"
      rows={2}
      value={text}
      onChange={(event) => {
        setText(event.target.value);
        const choices = readChoices(event.target.value);
        if (choices.length > 0) onChange(choices);
      }}
    />
  );
}

function Samples({ schema, onChange }: { schema: Schema; onChange: (schema: Schema) => void }) {
  const [text, setText] = useState(() => choicesText(schema.examples));
  return (
    <Field label="Samples" help="One a line; offered when a run is started.">
      {(control) => (
        <TextArea
          {...ariaOf(control)}
          rows={2}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            const samples =
              schema.type === 'string'
                ? event.target.value
                    .split('\n')
                    .map((line) => line.trim())
                    .filter(Boolean)
                : readChoices(event.target.value);
            onChange(withKey(schema, 'examples', samples.length > 0 ? samples : undefined));
          }}
        />
      )}
    </Field>
  );
}

function withKey(schema: Schema, key: string, value: Json | undefined): Schema {
  const { [key]: _before, ...rest } = schema;
  return value === undefined ? rest : { ...schema, [key]: value };
}
