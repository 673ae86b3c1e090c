/** The kind `output`: what a run gives back. Its fields are its ports; one that nothing reaches is absent from the outputs. */
import { z } from 'zod';
import { defineNode, field } from '../../node.ts';

const config = z.strictObject({
  fields: field.fields().meta({ widget: 'fields', title: 'Fields', description: 'What a run gives back, each with its JSON Schema.' }),
});

export const outputKind = defineNode({
  kind: 'output',
  layer: 'end',
  role: 'exit',
  title: 'Output',
  tagline: 'What a run gives back',
  icon: 'arrow-left-to-line',
  doc: "What is wired to a field is the run's output of that name. A field on a branch that was not taken is absent.",
  config,
  initial: { fields: { answer: { type: 'string', title: 'Answer' } } },
  summary: ({ fields }) => Object.keys(fields).join(', ') || 'No fields yet',
  ports: ({ fields }) => ({ inputs: fields, outputs: {}, optional: Object.keys(fields) }),
  *run({ inputs }) {
    return inputs;
  },
  examples: [
    {
      title: 'An answer',
      config: { fields: { answer: { type: 'string' } } },
      inputs: { answer: 'It left Lyon this morning.' },
      outputs: { answer: 'It left Lyon this morning.' },
    },
    {
      title: 'Only the branch that was taken',
      config: { fields: { answer: { type: 'string' }, apology: { type: 'string' } } },
      inputs: { apology: 'We are sorry.' },
      outputs: { apology: 'We are sorry.' },
    },
  ],
});
