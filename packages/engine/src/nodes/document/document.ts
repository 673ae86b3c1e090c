/** The kind `document`: a database of documents such as MongoDB, as a step with one action and as tools of a control node. */
import { anyJson, connectionTypesThatSpeak, FailureError, failure, isTruncated, type Json, type JsonObject } from '@switchyard/shared';
import { z } from 'zod';
import { defineNode, field, type Context, type Operation, type Problem, type Step } from '../../node.ts';
import { actionNames, actions, type Action } from './actions.ts';
import { argumentProblems, argumentVariables, fillArguments } from './fill-arguments.ts';

const databases = connectionTypesThatSpeak('documents');

const config = z.strictObject({
  connection: field.connection(databases).meta({ widget: 'connection', connectionTypes: databases, title: 'Connection', description: 'The database.' }),
  access: z
    .enum(['read', 'write'])
    .default('read')
    .meta({ title: 'Access', description: 'Read: nothing can be changed. Write: the node offers the actions that change something too.' }),
  collections: z
    .array(z.string().min(1))
    .default([])
    .meta({ title: 'Collections', description: 'Only these can be used, also by a pipeline that joins. Empty: all of the database.' }),
  action: z.enum(actionNames).default('find').meta({ title: 'Action of the step', description: 'What is done when the node is linked as a step.' }),
  arguments: z.record(z.string(), anyJson).optional().meta({
    title: 'Arguments of the step',
    description:
      'As JSON, such as { "collection": "orders", "filter": { "customer": "{{customer}}" } }. A text that is one {{ }} hole becomes the value itself.',
  }),
});
type Config = z.output<typeof config>;

const noArguments: Problem = {
  field: 'arguments',
  message: 'The node runs as a step, but has no arguments. Write them in its settings, or grant the node to a control node instead.',
};

export const documentKind = defineNode({
  kind: 'document',
  layer: 'data',
  title: 'Documents',
  tagline: 'Asks a database of documents',
  icon: 'layers',
  doc: `Asks a database of documents: MongoDB, and what else speaks its protocol. Granted to a control node, it offers \`find\`, \`aggregate\`, \`count\` and \`distinct\`; with **access** write also \`insert\`, \`update\` and \`remove\`. Linked as a step, it does its one **action** with its **arguments**.

A pipeline may have stages that read and no others, and nothing may carry JavaScript. With **collections**, no other collection can be read, joined or changed. What changes documents must say which.

What fills a hole of the arguments is a plain value: operators such as \`$ne\` are refused there, so data cannot change the query.

At most 1,000 documents and 1 MB are given; what is cut says \`truncated\`. Ids and moments stand as \`{ "$oid": … }\` and \`{ "$date": … }\`, and are written so.`,
  config,
  initial: { access: 'read', action: 'find' },
  summary: ({ connection, access, collections }) =>
    `${connection}${collections.length > 0 ? ` · ${collections.join(', ')}` : ''} · ${access === 'read' ? 'read only' : 'read and write'}`,
  ports: (settings) => ({
    inputs: Object.fromEntries(argumentVariables(settings.arguments ?? null).map((name) => [name, {}])),
    outputs: { value: {}, truncated: { type: 'boolean' } },
  }),
  problems: (settings) => findProblems(settings),
  *catalogue({ connection, collections }, context) {
    const found = (yield* context.catalogue(connection)) as { collections: { name: string }[] };
    return { collections: found.collections.filter(({ name }) => collections.length === 0 || collections.includes(name)) };
  },
  operations: (settings, { title }) =>
    actions
      .filter(({ effect }) => effect === 'read' || settings.access === 'write')
      .map(
        (action): Operation => ({
          name: action.name,
          description: `${action.description} Database: "${title}".`,
          input: action.input,
          effect: action.effect,
          call: (args, context) => perform(settings, action, { args, context }),
        }),
      ),
  stepProblem: (settings) => (settings.arguments ? undefined : noArguments),
  *run({ config: settings, inputs }, context) {
    if (!settings.arguments) throw new FailureError(failure('arguments-missing', noArguments.message));
    const action = actionOf(settings);
    const result = yield* perform(settings, action, { args: fillArguments(settings.arguments, inputs) as JsonObject, context });
    return { value: action.valueOf(result), truncated: isTruncated(result) };
  },
  examples: [
    {
      title: "A customer's open orders",
      config: { connection: 'shop', arguments: { collection: 'orders', filter: { customer: '{{ customer }}', state: 'open' }, sort: { placed: -1 } } },
      inputs: { customer: 'Ada' },
      answers: { example: { documents: [{ _id: 7, customer: 'Ada', state: 'open' }] } },
      outputs: { value: [{ _id: 7, customer: 'Ada', state: 'open' }], truncated: false },
    },
    {
      title: 'What was sold, by city',
      config: {
        connection: 'shop',
        action: 'aggregate',
        arguments: { collection: 'orders', pipeline: [{ $group: { _id: '$city', sold: { $sum: '$total' } } }] },
      },
      inputs: {},
      answers: { example: { documents: [{ _id: 'Ghent', sold: 120 }] } },
      outputs: { value: [{ _id: 'Ghent', sold: 120 }], truncated: false },
    },
  ],
});

function actionOf({ action }: Config): Action {
  return actions.find(({ name }) => name === action) as Action;
}

/** The connection holds to `within`; a model cannot set it, since no operation takes it. */
function* perform({ connection, collections }: Config, action: Action, { args, context }: { args: JsonObject; context: Context }): Step<Json> {
  const within = collections.length === 0 ? {} : { within: collections };
  return yield* context.connect({ connection, action: action.name, arguments: { ...args, ...within } }, { effect: action.effect });
}

function findProblems(settings: Config): { field: string; message: string }[] {
  const action = actionOf(settings);
  const given = settings.arguments ?? {};
  const { collection } = given;
  const problems = argumentProblems(given).map((message) => ({ field: 'arguments', message: `In the arguments: ${message}` }));
  if (action.effect === 'write' && settings.access === 'read')
    problems.push({ field: 'action', message: `The action "${action.name}" changes documents. Set the access to write, or choose an action that reads.` });
  if (settings.arguments && (typeof collection !== 'string' || collection.includes('{{')))
    problems.push({ field: 'arguments', message: 'The arguments name no collection. Write it as text, without holes: { "collection": "orders" }.' });
  else if (typeof collection === 'string' && settings.collections.length > 0 && !settings.collections.includes(collection))
    problems.push({ field: 'arguments', message: `The collection "${collection}" is not among the collections of the node.` });
  return problems;
}
