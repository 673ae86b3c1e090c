/** The kind `http`: an API, as a step with one operation and as tools of a control node. */
import { anyJson, connectionTypesThat, FailureError, failure, type FetchResult, type Json, type JsonObject, type Schema } from '@switchyard/shared';
import { z } from 'zod';
import { defineNode, field, type Context, type Operation, type Problem, type Step } from '../../node.ts';
import { objectSchema } from '../../schema.ts';
import { buildRequest } from './build-request.ts';
import { effectOf, methods, operationProblems, operationVariables, type HttpOperation } from './http-operation.ts';

const paginationSchema = z.strictObject({
  by: z.enum(['link', 'cursor', 'page', 'offset']).meta({
    title: 'Next page by',
    description: 'The header Link, a cursor in the answer, the number of the page, or the number of items so far.',
  }),
  items: z.string().optional().meta({ title: 'List', description: 'Where it stands in the answer, such as data.items; empty where the answer is the list.' }),
  cursor: z.string().optional().meta({ title: 'Cursor', description: 'Where it stands in the answer, such as meta.next.' }),
  parameter: z
    .string()
    .min(1)
    .optional()
    .meta({ title: 'Parameter', description: 'Of the query, which asks for the next page. Default: cursor, page or offset.' }),
  first: z.int().nonnegative().optional().meta({ title: 'First page', description: 'Its number; default 1.' }),
  most: z.int().min(1).max(200).optional().meta({ title: 'Most pages', description: 'Default 20. What is left is told by truncated.' }),
});

const operationSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/, 'has letters, digits and _ only')
    .meta({ title: 'Name' }),
  description: z.string().default('').meta({ title: 'Description', description: 'What it does, told to the model.' }),
  method: z.enum(methods).default('GET').meta({ title: 'Method' }),
  path: field.template().meta({
    widget: 'template',
    title: 'Path',
    description: 'Below the base URL of the connection, such as /parcels/{{parcel}}. What fills a hole is percent-encoded.',
  }),
  query: z
    .record(z.string(), field.template())
    .optional()
    .meta({ title: 'Query', description: 'Parameters after the question mark. One that is a single empty hole is left out.' }),
  headers: z
    .record(z.string(), field.template())
    .optional()
    .meta({ title: 'Headers', description: 'Besides those of the connection. Secrets belong in the connection.' }),
  body: anyJson.optional().meta({ title: 'Body', description: 'Sent as JSON. A text that is one {{ }} hole becomes the value itself.' }),
  params: field
    .fields()
    .default({})
    .meta({ widget: 'fields', title: 'Parameters', description: 'Schemas of the names in the holes; text where none is given.' }),
  output: field.schema().optional().meta({ widget: 'schema', title: 'Answer', description: 'What the body of the answer looks like.' }),
  effect: z.enum(['read', 'write']).optional().meta({ title: 'Effect', description: 'By the method where not given: GET and HEAD read, all others write.' }),
  idempotent: z
    .boolean()
    .optional()
    .meta({ title: 'Idempotent', description: 'The same request twice does no more than once, told by its Idempotency-Key header; it may then be repeated.' }),
  pagination: paginationSchema.optional().meta({
    title: 'Pages',
    description: 'The list comes in pages: they are read one after the other, and become one list.',
  }),
});

const apis = connectionTypesThat('fetch');

const config = z.strictObject({
  connection: field.connection(apis).meta({ widget: 'connection', connectionTypes: apis, title: 'Connection', description: 'The API.' }),
  operations: z.array(operationSchema).default([]).meta({ title: 'Operations', description: 'What may be asked of the API.' }),
  operation: z
    .string()
    .optional()
    .meta({ title: 'Operation of the step', description: 'Which operation runs when the node is linked as a step; the only one where there is one.' }),
});
type Config = z.output<typeof config>;

const textSchema: Schema = { type: 'string' };

const noOperation: Problem = {
  field: 'operation',
  message: 'The node runs as a step, but does not say which of its operations. Choose one in its settings, or grant the node to a control node instead.',
};

export const httpKind = defineNode({
  kind: 'http',
  layer: 'data',
  title: 'HTTP API',
  tagline: 'Calls an API',
  icon: 'globe',
  doc: `Calls an HTTP API. The **connection** of the workspace says where it is and holds its credentials; the node says which **operations** there are, below that address and nowhere else.

Every name in a \`{{ }}\` hole of the path, the query, the headers or the body is a parameter: an input when the node is linked as a step, filled by the model when it is granted to a control node. What fills a hole of the path is percent-encoded, so it cannot lead to another path.

In the body, a text that is exactly one hole becomes the value itself: \`{ "items": "{{items}}" }\` sends a list. GET and HEAD read; other methods write unless **effect** says otherwise. A status of 400 or more is a failure.

A list that comes in pages is read whole where the operation says how its **pages** follow one another; the output \`truncated\` then says whether there were more than were read.`,
  config,
  initial: { operations: [{ name: 'get', description: '', method: 'GET', path: '/' }] },
  summary: (settings) => summarise(settings),
  ports: (settings) => {
    const operation = stepOperation(settings);
    return {
      inputs: Object.fromEntries((operation ? operationVariables(operation) : []).map((name) => [name, operation?.params[name] ?? {}])),
      outputs: { status: { type: 'integer' }, body: operation?.output ?? {}, ...(operation?.pagination && { truncated: { type: 'boolean' } }) },
    };
  },
  problems: (settings) => findProblems(settings),
  operations: (settings) => settings.operations.map((operation) => toOperation(settings, operation)),
  stepProblem: (settings) => (stepOperation(settings) ? undefined : noOperation),
  *run({ config: settings, inputs }, context) {
    const operation = stepOperation(settings);
    if (!operation) throw new FailureError(failure('operation-missing', noOperation.message));
    const { status, body, truncated = false } = yield* send(settings, operation, { args: inputs, context });
    return { status, body, ...(operation.pagination && { truncated }) };
  },
  examples: [
    {
      title: 'Where a parcel is',
      config: { connection: 'carrier-api', operations: [{ name: 'track', description: 'Where a parcel is', path: '/parcels/{{parcel}}' }] },
      inputs: { parcel: 'P-20481' },
      answers: { example: { status: 200, headers: {}, body: { place: 'Ghent', delayed: true } } },
      outputs: { status: 200, body: { place: 'Ghent', delayed: true } },
    },
    {
      title: 'All open orders, page by page',
      config: {
        connection: 'shop-api',
        operations: [{ name: 'orders', path: '/orders', query: { state: 'open' }, pagination: { by: 'cursor', items: 'orders', cursor: 'next' } }],
      },
      inputs: {},
      answers: { example: { status: 200, headers: {}, body: { orders: [{ id: 1 }, { id: 2 }], next: 'c2' } } },
      outputs: { status: 200, body: { orders: [{ id: 1 }, { id: 2 }], next: 'c2' }, truncated: false },
    },
    {
      title: 'A message is sent, its list as a list',
      config: {
        connection: 'mail-api',
        operation: 'send',
        operations: [
          { name: 'list', path: '/messages', query: { folder: '{{folder}}' } },
          { name: 'send', method: 'POST', path: '/messages', body: { to: '{{people}}', text: 'Dear {{name}}' } },
        ],
      },
      inputs: { people: ['ada@example.com'], name: 'Ada' },
      answers: { example: { status: 201, headers: {}, body: { id: 5 } } },
      outputs: { status: 201, body: { id: 5 } },
    },
  ],
});

function toOperation(settings: Config, operation: HttpOperation): Operation {
  const schemas = Object.fromEntries(operationVariables(operation).map((name) => [name, operation.params[name] ?? textSchema]));
  return {
    name: operation.name,
    description: operation.description || `${operation.method} ${operation.path}`,
    input: objectSchema(schemas),
    output: { type: 'object', properties: { status: { type: 'integer' }, body: operation.output ?? {} }, required: ['status', 'body'] },
    effect: effectOf(operation),
    ...(operation.idempotent && { idempotent: true }),
    call: (args, context) => call(settings, operation, { args: withDefaults(args, schemas), context }),
  };
}

function* call(settings: Config, operation: HttpOperation, asked: { args: JsonObject; context: Context }): Step<Json> {
  const { status, body, truncated } = yield* send(settings, operation, asked);
  return { status, body, ...(truncated && { truncated }) };
}

function* send({ connection }: Config, operation: HttpOperation, asked: { args: JsonObject; context: Context }): Step<FetchResult> {
  const request = { connection, ...buildRequest(operation, asked.args) };
  return yield* asked.context.fetch(request, { effect: effectOf(operation), isIdempotent: operation.idempotent ?? false });
}

function withDefaults(args: JsonObject, schemas: Record<string, Schema>): JsonObject {
  const filled: JsonObject = { ...args };
  for (const [name, schema] of Object.entries(schemas)) if (!Object.hasOwn(filled, name)) filled[name] = (schema.default as Json | undefined) ?? null;
  return filled;
}

/** The operation that runs as a step: the one named, or the only one. */
function stepOperation({ operation, operations }: Config): HttpOperation | undefined {
  if (operation === undefined || operation === '') return operations.length === 1 ? operations[0] : undefined;
  return operations.find(({ name }) => name === operation);
}

function summarise(settings: Config): string {
  const { connection, operations } = settings;
  const operation = stepOperation(settings);
  if (operation) return `${operation.method} ${operation.path.replaceAll(/\{\{[^}]*\}\}/g, '{…}')}`;
  return operations.length === 0 ? `${connection} · no operations yet` : `${connection} · ${operations.map(({ name }) => name).join(', ')}`;
}

function findProblems({ operation, operations }: Config): { field: string; message: string }[] {
  const messages = operations.flatMap((each, index) => {
    const isDoubled = operations.findIndex(({ name }) => name === each.name) < index;
    return [...(isDoubled ? [`Two operations are named "${each.name}". Rename one.`] : []), ...operationProblems(each)];
  });
  const problems = messages.map((message) => ({ field: 'operations', message }));
  if (operation && !operations.some(({ name }) => name === operation))
    problems.push({
      field: 'operation',
      message: `There is no operation "${operation}" in this node. Choose ${operations.map(({ name }) => `"${name}"`).join(' or ') || 'none until one is there'}.`,
    });
  return problems;
}
