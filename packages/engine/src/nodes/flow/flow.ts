/** The kind `flow`: another flow of this document, as a step and as something that a control node may call. */
import { z } from 'zod';
import { defineNode, field, type FlowPorts } from '../../node.ts';
import { objectSchema } from '../../schema.ts';

const config = z.strictObject({
  flow: field.flow().meta({ widget: 'flow', title: 'Flow', description: 'The flow of this document that runs here. Of a saved flow, a copy is brought in.' }),
  description: z.string().optional().meta({ title: 'Description', description: 'What it does, told to a control node that may call it.' }),
});

const noPorts: FlowPorts = { inputs: {}, optional: [], outputs: {}, effect: 'write' };

export const flowKind = defineNode({
  kind: 'flow',
  layer: 'control',
  title: 'Flow',
  tagline: 'Another flow as one step',
  icon: 'workflow',
  doc: [
    'Runs another flow: one of this document, or a saved one, of which the designer brings a copy into this document. The fields of its input are the inputs here, the fields of its output the outputs.',
    '',
    'Granted to a control node it is a tool, `run`, whose parameters are those inputs. It counts as a write where some node of it may change data.',
    'A failure within it is the failure of this node. Flows cannot run one another in a circle.',
  ].join('\n'),
  config,
  initial: {},
  summary: ({ flow }) => flow,
  subflow: ({ flow }) => flow,
  ports: (_, flow = noPorts) => ({ inputs: flow.inputs, outputs: flow.outputs, optional: flow.optional }),
  operations: ({ flow: name, description }, { flow = noPorts, title }) => [
    {
      name: 'run',
      description: description ?? `Runs "${title}".`,
      input: objectSchema(flow.inputs, flow.optional),
      output: objectSchema(flow.outputs, Object.keys(flow.outputs)),
      effect: flow.effect,
      call: (args, context) => context.body(name, args),
    },
  ],
  *run({ config: { flow }, inputs }, context) {
    return yield* context.body(flow, inputs);
  },
  examples: [
    {
      title: 'The price of an order',
      config: { flow: 'pricing' },
      flow: { inputs: { order: { type: 'integer' } }, outputs: { price: { type: 'number' } } },
      inputs: { order: 1042 },
      answers: { example: { price: 59.9 } },
      outputs: { price: 59.9 },
    },
  ],
});
