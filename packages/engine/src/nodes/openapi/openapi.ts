/** The kind `openapi`: an API with a description, as a step with one operation and as tools of a control node. */
import { connectionTypesThat, FailureError, failure, type ApiCatalogue, type JsonObject } from '@switchyard/shared';
import { z } from 'zod';
import { defineNode, field, type Problem } from '../../node.ts';
import { anyOperation, toldLines } from './any-operation.ts';
import { readChosen, runByName, toOperations, unread } from './described-operations.ts';

/** With more than this, where none were chosen, they are found and called by name: more tools make a model choose badly. */
const mostTools = 40;

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
    .meta({
      title: 'Operations',
      description: `Names of those that are offered, each as a tool. Empty: all; above ${mostTools} they are found by words and called by name.`,
    }),
  tags: z.array(z.string().min(1)).default([]).meta({ title: 'Tags', description: 'Only operations with one of these tags are offered. Empty: all.' }),
  operation: z.string().optional().meta({ title: 'Operation of the step', description: 'Which operation runs when the node is linked as a step.' }),
});

const noOperation: Problem = {
  field: 'operation',
  message: 'The node runs as a step, but does not say which operation. Choose one in its settings, or grant the node to a control node instead.',
};

export const openapiKind = defineNode({
  kind: 'openapi',
  layer: 'data',
  title: 'OpenAPI',
  tagline: 'Calls an API by its description',
  icon: 'file-text',
  doc: `Calls an API that has an OpenAPI description (2.0, 3.0 or 3.1). Its operations become tools of the control node that it is granted to, each with the parameters that the description says.

Only operations that read are offered unless **access** is write. Choose a few by their names or tags. Where none are chosen by name and more than ${mostTools} are left, the control node sees which of them belong to the request, and gets three tools for all of them: \`find\` gives operations by words, with their arguments; \`read\` and \`write\` call one by its name.

Bodies are sent as JSON, as a form, or as text, as the description says. What cannot be sent (files, cookies that are required, other media types) is not offered.

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
  catalogue: (settings, context) => readChosen(settings, context),
  tellCatalogue: (catalogue) => {
    const read = catalogue as ApiCatalogue;
    return { title: read.title, ...(read.operations.length > mostTools && { operations: toldLines(read) }) };
  },
  operations: (settings, { catalogue }) => {
    if (catalogue === undefined) return settings.operations.map((name) => unread(settings, name));
    const read = catalogue as ApiCatalogue;
    const isLarge = settings.operations.length === 0 && read.operations.length > mostTools;
    return isLarge ? anyOperation(settings, read) : toOperations(settings, read);
  },
  whyMissing(_, catalogue, operation) {
    const { refused = {} } = catalogue as ApiCatalogue;
    return Object.hasOwn(refused, operation) ? refused[operation] : undefined;
  },
  unlisted: ({ operations, access }) => (operations.length === 0 ? access : undefined),
  stepProblem: ({ operation }) => (operation ? undefined : noOperation),
  *run({ config: settings, inputs }, context) {
    if (!settings.operation) throw new FailureError(failure('operation-missing', noOperation.message));
    return yield* runByName(settings, settings.operation, { args: (inputs.arguments ?? {}) as JsonObject, context });
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
