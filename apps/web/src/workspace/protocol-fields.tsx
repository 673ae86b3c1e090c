/** How a model is given tools: found out by its test, or chosen. */
import { modelProtocols, schemaFields, type ModelProtocol, type SchemaField } from '@switchyard/shared';
import { Field } from '../ui/field.tsx';
import { Select } from '../ui/select.tsx';
import type { ModelDraft } from './model-draft.ts';

const automatic = 'automatic';
const titles: Record<ModelProtocol, string> = {
  native: 'Its own tool calling',
  'json-schema': 'JSON held to a schema',
  'json-object': 'JSON of any shape',
  prompt: 'JSON by words alone',
};
const fieldNotes: Record<SchemaField, string> = {
  response_format: 'most',
  structured_outputs: 'vLLM',
  guided_json: 'vLLM before 0.12',
  json_schema: 'llama.cpp',
};

interface ProtocolFieldsProps {
  draft: ModelDraft;
  onChange: (change: Partial<ModelDraft>) => void;
}

/** The field that carries the schema is asked for only where a schema is sent. */
export function ProtocolFields({ draft, onChange }: ProtocolFieldsProps) {
  const found = draft.before?.tested?.protocol;
  const told = found ? `as its test found: ${titles[found].toLowerCase()}` : 'as its test finds';
  const protocols = [{ value: automatic, label: 'Automatic' }, ...modelProtocols.map((value) => ({ value, label: titles[value] }))];
  return (
    <>
      <Field label="Calls tools by" help={draft.protocol === undefined ? `Automatic: ${told}.` : 'Only this way is used.'}>
        {({ id }) => (
          <Select
            id={id}
            value={draft.protocol ?? automatic}
            groups={[{ options: protocols }]}
            onChange={(value) => onChange({ protocol: value === automatic ? undefined : (value as ModelProtocol) })}
          />
        )}
      </Field>
      {draft.protocol === 'json-schema' && (
        <Field label="Schema goes as" help="The field of the request that its server knows.">
          {({ id }) => (
            <Select
              id={id}
              value={draft.schemaField ?? 'response_format'}
              groups={[{ options: schemaFields.map((value) => ({ value, label: value, note: fieldNotes[value] })) }]}
              onChange={(value) => onChange({ schemaField: value as SchemaField })}
            />
          )}
        </Field>
      )}
    </>
  );
}
