/** The control node: a large model that plans, chooses what to call of what it was granted, and answers. */
import { z } from 'zod';
import { templateVariables } from '../../expression.ts';
import { defineNode, field } from '../../node.ts';
import { objectSchema } from '../../schema.ts';
import { escalationFields } from '../escalation.ts';
import { converse } from './conversation.ts';
import { strategyNames } from './strategies/index.ts';

const config = z.strictObject({
  model: field.model().meta({ widget: 'model', title: 'Model', description: 'The model that plans and answers.' }),
  strategy: z.enum(strategyNames).default('tools').meta({
    title: 'Strategy',
    description:
      'Tools: calls what it was granted turn by turn, and sees each result. Plan: gives a whole plan, which is checked, carried out, and answered from. Code: writes JavaScript that calls what it was granted, and answers from what it returns.',
  }),
  instructions: field
    .template()
    .default('')
    .meta({ widget: 'template', title: 'Instructions', description: 'What the model is told before the request. Holes such as {{region}} become inputs.' }),
  output: field
    .schema()
    .optional()
    .meta({ widget: 'schema', title: 'Answer schema', description: 'When set, the answer is JSON of this schema instead of text.' }),
  approveCode: z
    .boolean()
    .optional()
    .meta({ title: 'Show me the code first', description: 'With the strategy code: the run waits until a person has seen each program and lets it run.' }),
  approvePlan: z.boolean().optional().meta({
    title: 'Approve the plan',
    description: 'With the strategy plan: a person is shown each plan and must agree before anything of it is carried out.',
  }),
  ...escalationFields,
  catalogueTokens: z.number().int().min(500).max(200_000).optional().meta({
    title: 'Catalogue tokens',
    description:
      'About how many tokens the model is told of its data layer (12,000 if empty). Where all of it does not fit, what the request is about keeps its detail.',
  }),
  description: z.string().optional().meta({ title: 'Description', description: 'What it is good for, told to a control node that may ask it.' }),
});

const requestSchema = { description: 'What is asked' };
const historySchema = { type: 'array', items: { type: 'object' }, description: 'What was said before: { role: user or assistant, text }, the oldest first' };

export const controlKind = defineNode({
  kind: 'control',
  layer: 'control',
  mayCall: true,
  title: 'Control',
  tagline: 'Plans, chooses what to call',
  icon: 'brain-circuit',
  doc: `A **control node** is a large model that plans. It is given a request, sees what the data nodes it was *granted* can do, calls them, reads what comes back, and answers.

It can reach exactly its grants: draw a tether from its bottom edge to a data node to grant it. Calls that do not depend on one another are made side by side. Failures and arguments that do not fit go back to the model, so that it can mend them.

What was said before in a conversation comes at **history**, a list of messages with \`role\` (user or assistant) and \`text\`: it is an input, so the flow decides what is remembered.

**Instructions** are a template: a hole such as \`{{region}}\` becomes an input of the node. With an **answer schema** the answer is JSON that fits it.`,
  config,
  initial: { model: 'planner', strategy: 'tools', instructions: 'Answer with figures from the data layer.' },
  summary: ({ model, strategy }) => `${model} · ${strategy}`,
  ports: ({ instructions, output }) => {
    const variables = templateVariables(instructions).filter((name) => name !== 'request');
    const hasHistory = !variables.includes('history');
    return {
      inputs: { request: requestSchema, ...(hasHistory && { history: historySchema }), ...Object.fromEntries(variables.map((name) => [name, {}])) },
      outputs: { answer: output ?? { type: 'string' } },
      ...(hasHistory && { optional: ['history'] }),
    };
  },
  problems: ({ approveCode, approvePlan, strategy }) => [
    ...(approveCode && strategy !== 'code'
      ? [{ field: 'approveCode', message: 'Only the strategy code writes code that could be shown. Choose it, or switch this off.' }]
      : []),
    ...(approvePlan && strategy !== 'plan'
      ? [{ field: 'approvePlan', message: 'Only the strategy plan makes a plan that could be approved. Choose it, or switch this off.' }]
      : []),
  ],
  operations: (settings, { granted, title }) => [
    {
      name: 'ask',
      description: settings.description ?? `Asks "${title}", which plans and answers with what it may call itself.`,
      input: objectSchema({
        request: { type: 'string', description: 'What is asked, complete in itself' },
        ...Object.fromEntries(
          templateVariables(settings.instructions)
            .filter((name) => name !== 'request')
            .map((name) => [name, {}]),
        ),
      }),
      output: settings.output ?? { type: 'string' },
      effect: 'read',
      call: (args, context) => converse(settings, args, granted, context.scope('', { isSubAgent: true })),
    },
  ],
  *run({ config: settings, inputs, granted }, context) {
    return { answer: yield* converse(settings, inputs, granted, context) };
  },
  examples: [
    {
      title: 'Answers without calling anything',
      config: { model: 'planner', instructions: 'Be brief.' },
      inputs: { request: 'Say hello.' },
      answers: { 'example#t1.model': { text: 'Hello.', toolCalls: [], finish: 'stop', served: 'planner' } },
      outputs: { answer: 'Hello.' },
    },
  ],
});
