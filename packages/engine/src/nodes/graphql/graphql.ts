/** The kind `graphql`: a GraphQL API, as a step with one query and as tools of a control node. */
import { connectionTypesThatSpeak, FailureError, failure, type GraphqlCatalogue, type Json, type JsonObject } from '@switchyard/shared';
import { z } from 'zod';
import { defineNode, field, type Context, type Operation, type Problem, type Step } from '../../node.ts';

const mostUnchosen = 40;
const apis = connectionTypesThatSpeak('graphql');

const config = z.strictObject({
  connection: field.connection(apis).meta({ widget: 'connection', connectionTypes: apis, title: 'Connection', description: 'The API.' }),
  access: z.enum(['read', 'write']).default('read').meta({ title: 'Access', description: 'Read: queries only. Write: the node offers mutations too.' }),
  operations: z
    .array(z.string().min(1))
    .default([])
    .meta({ title: 'Operations', description: `Names of the fields that are offered. Empty: the first ${mostUnchosen}.` }),
  document: z.string().optional().meta({ title: 'Query of the step', description: 'Sent when the node is linked as a step, with the input variables.' }),
});
type Config = z.output<typeof config>;

const noQuery: Problem = {
  field: 'document',
  message: 'The node runs as a step, but has no query. Write one in its settings, or grant the node to a control node instead.',
};

export const graphqlKind = defineNode({
  kind: 'graphql',
  layer: 'data',
  title: 'GraphQL',
  tagline: 'Queries a GraphQL API',
  icon: 'layers',
  doc: `Asks a GraphQL API. Granted to a control node, each field of its queries becomes a tool, and \`query\` takes a read-only query that the model writes; with **access** write, mutations become tools too. Values always go as variables.

Linked as a step, it sends its **query** with the input \`variables\`.

A query is checked before it is sent: one operation, at most 8 levels, 300 fields and 20 aliases, and no introspection.`,
  config,
  initial: { access: 'read' },
  summary: ({ connection, access }) => `${connection} · ${access === 'read' ? 'read only' : 'read and write'}`,
  ports: () => ({ inputs: { variables: { type: 'object' } }, outputs: { data: {} }, optional: ['variables'] }),
  *catalogue(settings, context) {
    const operations = yield* readChosen(settings, context);
    return { operations: settings.operations.length === 0 ? operations.slice(0, mostUnchosen) : operations };
  },
  tellCatalogue: () => undefined,
  operations: (settings, { catalogue, title }) => [
    freeQuery(settings, title),
    ...(catalogue === undefined
      ? settings.operations.map((name) => unread(settings, name))
      : (catalogue as GraphqlCatalogue).operations.map(
          ({ name, description, effect, document, input }): Operation => ({
            name,
            description,
            input,
            effect,
            call: (args, context) => send(settings, { document, variables: args }, { effect, context }),
          }),
        )),
  ],
  unlisted: ({ operations, access }) => (operations.length === 0 ? access : undefined),
  stepProblem: ({ document }) => (document?.trim() ? undefined : noQuery),
  *run({ config: settings, inputs }, context) {
    const { document, access } = settings;
    if (!document?.trim()) throw new FailureError(failure('query-missing', noQuery.message));
    // With access write a step may hold either; the connection refuses what is not of the effect.
    const effect = access === 'write' && /^\s*mutation\b/.test(document) ? 'write' : 'read';
    return { data: yield* send(settings, { document, variables: (inputs.variables ?? {}) as JsonObject }, { effect, context }) };
  },
  examples: [
    {
      title: 'An order by its number',
      config: { connection: 'shop', document: 'query ($id: ID!) { order(id: $id) { state } }' },
      inputs: { variables: { id: '7' } },
      answers: { example: { order: { state: 'sent' } } },
      outputs: { data: { order: { state: 'sent' } } },
    },
  ],
});

function freeQuery(settings: Config, title: string): Operation {
  return {
    name: 'query',
    description: `Sends a read-only GraphQL query to "${title}". Give values as variables.`,
    input: {
      type: 'object',
      properties: { document: { type: 'string', description: 'The query' }, variables: { type: 'object', description: 'Values by name' } },
      required: ['document'],
      additionalProperties: false,
    },
    effect: 'read',
    call: (args, context) => send(settings, { document: args.document ?? '', variables: args.variables ?? {} }, { effect: 'read', context }),
  };
}

/** What the API offers of what the settings choose. */
function* readChosen(settings: Config, context: Context, suffix = ''): Step<GraphqlCatalogue['operations']> {
  const { operations } = (yield* context.catalogue(settings.connection, suffix)) as GraphqlCatalogue;
  return operations.filter(
    ({ name, effect }) => (settings.access === 'write' || effect === 'read') && (settings.operations.length === 0 || settings.operations.includes(name)),
  );
}

/** A field that was chosen by name, before the API was asked what it offers: a grant may name it. Nothing says that it reads. */
function unread(settings: Config, name: string): Operation {
  return {
    name,
    description: `The field ${name} of ${settings.connection}.`,
    input: { type: 'object' },
    effect: settings.access,
    call: (args, context) => callUnread(settings, name, { args, context }),
  };
}

function* callUnread(settings: Config, name: string, { args, context }: { args: JsonObject; context: Context }): Step<Json> {
  const operation = (yield* readChosen(settings, context, '.catalogue')).find((each) => each.name === name);
  if (operation) return yield* send(settings, { document: operation.document, variables: args }, { effect: operation.effect, context });
  throw new FailureError(
    failure(
      'operation-missing',
      `Connection "${settings.connection}" has no field "${name}" that this node may call with access ${settings.access}. Choose another, or set the access.`,
    ),
  );
}

function* send({ connection }: Config, args: JsonObject, { effect, context }: { effect: 'read' | 'write'; context: Context }): Step<Json> {
  return yield* context.connect({ connection, action: 'run', arguments: args }, { effect });
}
