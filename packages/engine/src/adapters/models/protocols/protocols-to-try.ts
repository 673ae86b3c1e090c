/** The ways in which a model may be given tools besides its endpoint's own, in the order in which they are worth trying. */
import { isLocalProvider, type Model, type ModelProtocol, type SchemaField } from '@switchyard/shared';

export interface Way {
  protocol: ModelProtocol;
  schemaField?: SchemaField;
  /** Goes on after "it calls tools". */
  words?: string;
}

const held = (schemaField: SchemaField): Way => ({
  protocol: 'json-schema',
  schemaField,
  words: `as JSON that its endpoint holds to a schema (${schemaField})`,
});
const vllm: readonly SchemaField[] = ['structured_outputs', 'guided_json'];
const llamaCpp: SchemaField = 'json_schema';

/** None for built-in models, which are as they are. */
export function protocolsToTry({ provider }: Pick<Model, 'provider'>): Way[] {
  if (provider === 'builtin') return [];
  if (isLocalProvider(provider)) return [{ protocol: 'json-schema', words: 'as JSON that a grammar holds to a schema' }];
  // Only servers that people run themselves have names of their own for the field.
  const fields: SchemaField[] = provider === 'openai-compatible' ? ['response_format', ...vllm, llamaCpp] : ['response_format'];
  return [
    ...fields.map(held),
    { protocol: 'json-object', words: 'as JSON, of any shape that it likes' },
    { protocol: 'prompt', words: 'as JSON, by words alone' },
  ];
}
