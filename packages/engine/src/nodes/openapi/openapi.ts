/** The kind `openapi`: an API with a description, as a step with one operation and as tools of a control node. */
import { connectionTypesThat, FailureError, failure, type ApiCatalogue, type DescribedOperation, type JsonObject } from '@switchyard/shared';
import { z } from 'zod';
import { defineNode, field, type Context, type Operation, type Step } from '../../node.ts';
import { mismatchText, validate } from '../../schema.ts';
import { buildRequest } from './build-request.ts';

/** Offered where nothing was chosen: more tools than this make a model choose badly. */
const mostUnchosen = 40;

const withDescriptions = connectionTypesThat('catalogue').filter((type) => connectionTypesThat('fetch').includes(type));

const config = z.strictObject({
  connection: field.connection(withDescriptions).meta({
    widget: 'connection',
    connectionTypes: withDescriptions,
    title: 'Connection',
    description: 'The API, with its description.',
  }),
  access: z
    .enum(['read', 'write'])
    .default('read')
    .meta({ title: 'Access', description: 'Read: only operations that read are offered. Write: those that change something too.' }),
  operations: z
    .array(z.string().min(1))
    .default([])
    .meta({ title: 'Operations', description: `Names of those that are offered. Empty: the first ${mostUnchosen}.` }),
  tags: z.array(z.string().min(1)).default([]).meta({ title: 'Tags', description: 'Only operations with one of these tags are offered. Empty: all.' }),
  operation: z.string().optional().meta({ title: 'Operation of the step', description: 'Which operation runs when the node is linked as a step.' }),
});
type Config = z.output<typeof config>;

export const openapiKind = defineNode({
  kind: 'openapi',
  layer: 'data',
  title: 'OpenAPI',
  tagline: 'Calls an API by its description',
  icon: 'file-text',
  doc: `Calls an API that has an OpenAPI description (2.0, 3.0 or 3.1). Its operations become tools of the control node that it is granted to, each with the parameters that the description says.

Only operations that read are offered unless **access** is write. Choose a few by their names or tags: without a choice the first ${mostUnchosen} are offered.

Linked as a step, it runs its **operation** with the input \`arguments\`, an object with the operation's parameters; the body, where it has one, is the parameter \`body\`.`,
  config,
  initial: { access: 'read' },
  summary: ({ connection, operation, access }) => `${connection} · ${operation || (access === 'read' ? 'read only' : 'read and write')}`,
  ports: () => ({ inputs: { arguments: { type: 'object' } }, outputs: { status: { type: 'integer' }, body: {} }, optional: ['arguments'] }),
  problems: ({ operation, operations }) =>
    operation && operations.length > 0 && !operations.includes(operation)
      ? [
          {
            field: 'operation',
            message: `The operation "${operation}" is not among those that the node offers. Add it to the operations, or choose one of them.`,
          },
        ]
      : [],
  *catalogue(settings, context) {
    const { title, operations } = yield* readChosen(settings, context);
    return { title, operations: settings.operations.length === 0 ? operations.slice(0, mostUnchosen) : operations };
  },
  tellCatalogue: (catalogue) => ({ title: (catalogue as ApiCatalogue).title }),
  operations: (settings, { catalogue }) =>
    catalogue === undefined
      ? settings.operations.map((name) => unread(settings, name))
      : (catalogue as ApiCatalogue).operations.map((each) => toOperation(settings, each)),
  unlisted: ({ operations, access }) => (operations.length === 0 ? access : undefined),
  *run({ config: settings, inputs }, context) {
    if (!settings.operation)
      throw new FailureError(
        failure(
          'operation-missing',
          'The node runs as a step, but does not say which operation. Choose one in its settings, or grant the node to a control node instead.',
        ),
      );
    return yield* find(settings, settings.operation, { args: (inputs.arguments ?? {}) as JsonObject, context });
  },
  examples: [
    {
      title: 'Where a parcel is',
      config: { connection: 'carrier', operation: 'track' },
      inputs: { arguments: { parcel: 'P-20481' } },
      answers: {
        'example.description': {
          title: 'Carrier',
          operations: [
            {
              name: 'track',
              description: 'Where a parcel is',
              method: 'GET',
              path: '/parcels/{parcel}',
              tags: [],
              effect: 'read',
              parameters: [{ property: 'parcel', name: 'parcel', in: 'path' }],
              input: { type: 'object', properties: { parcel: { type: 'string' } }, required: ['parcel'], additionalProperties: false },
            },
          ],
        },
        example: { status: 200, headers: {}, body: { place: 'Ghent' } },
      },
      outputs: { status: 200, body: { place: 'Ghent' } },
    },
  ],
});

/** The catalogue with what the settings choose and no more. */
function* readChosen(settings: Config, context: Context, suffix = ''): Step<ApiCatalogue> {
  const { title, operations } = (yield* context.catalogue(settings.connection, suffix)) as ApiCatalogue;
  const fitting = operations.filter(
    ({ name, tags, effect }) =>
      (settings.access === 'write' || effect === 'read') &&
      (settings.operations.length === 0 || settings.operations.includes(name)) &&
      (settings.tags.length === 0 || tags.some((tag) => settings.tags.includes(tag))),
  );
  return { title, operations: fitting };
}

/** One that was chosen by name, before the description was read. Nothing says that it reads. */
function unread(settings: Config, name: string): Operation {
  return {
    name,
    description: `The operation ${name} of ${settings.connection}.`,
    input: { type: 'object' },
    effect: settings.access,
    call: (args, context) => find(settings, name, { args, context }),
  };
}

function* find(settings: Config, name: string, asked: { args: JsonObject; context: Context }): Step<JsonObject> {
  const { operations } = yield* readChosen(settings, asked.context, '.description');
  const operation = operations.find((each) => each.name === name);
  if (!operation)
    throw new FailureError(
      failure(
        'operation-missing',
        `Connection "${settings.connection}" has no operation "${name}" that this node may call with access ${settings.access}. Choose another, or set the access.`,
      ),
    );
  const mismatches = validate(operation.input, asked.args);
  if (mismatches.length > 0)
    throw new FailureError(failure('arguments-invalid', `The arguments do not fit "${name}": ${mismatchText(mismatches)} Correct them.`));
  return yield* send(settings, operation, asked);
}

function toOperation(settings: Config, operation: DescribedOperation): Operation {
  const { name, description, input, output, effect } = operation;
  return {
    name,
    description,
    input,
    ...(output && { output: { type: 'object', properties: { status: { type: 'integer' }, body: output } } }),
    effect,
    call: (args, context) => send(settings, operation, { args, context }),
  };
}

function* send({ connection }: Config, operation: DescribedOperation, { args, context }: { args: JsonObject; context: Context }): Step<JsonObject> {
  const { status, body } = yield* context.fetch({ connection, ...buildRequest(operation, args) }, { effect: operation.effect });
  return { status, body };
}
