/** The kind `input`: where a run begins. Its fields are the run's inputs, and its ports. */
import type { JsonObject, Schema } from '@switchyard/shared';
import { z } from 'zod';
import { defineNode, field } from '../../node.ts';

const config = z.strictObject({
  fields: field.fields().meta({ widget: 'fields', title: 'Fields', description: 'What a run is asked for, each with its JSON Schema.' }),
});

export const inputKind = defineNode({
  kind: 'input',
  layer: 'end',
  role: 'entry',
  title: 'Input',
  tagline: 'What a run starts from',
  icon: 'arrow-right-to-line',
  doc: [
    'Each field is asked for when a run starts, and is a port that gives the value.',
    '',
    'A field is a JSON Schema: `title` labels it, `default` fills it where nothing is given, `examples` are offered as suggestions.',
  ].join('\n'),
  config,
  initial: { fields: { question: { type: 'string', title: 'Question' } } },
  summary: ({ fields }) => Object.keys(fields).join(', ') || 'No fields yet',
  ports: ({ fields }) => ({ inputs: {}, outputs: fields }),
  *run({ config: { fields }, inputs }) {
    return withDefaults(fields, inputs);
  },
  examples: [
    {
      title: 'A question',
      config: { fields: { question: { type: 'string', title: 'Question', examples: ['Where is order 1042?'] } } },
      inputs: { question: 'Where is order 1042?' },
      outputs: { question: 'Where is order 1042?' },
    },
    {
      title: 'A default where nothing is given',
      config: { fields: { city: { type: 'string' }, days: { type: 'integer', default: 7 } } },
      inputs: { city: 'Lyon' },
      outputs: { city: 'Lyon', days: 7 },
    },
  ],
});

/** The given values of the fields; a field without value or default is left out, and so not emitted. */
function withDefaults(fields: Record<string, Schema>, inputs: JsonObject): JsonObject {
  const values: JsonObject = {};
  for (const [name, schema] of Object.entries(fields)) {
    const value = Object.hasOwn(inputs, name) ? inputs[name] : schema.default;
    if (value !== undefined) values[name] = value;
  }
  return values;
}
