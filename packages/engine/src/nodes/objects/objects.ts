/** The kind `objects`: a bucket or a folder, as a step with one action and as tools of a control node. */
import { connectionTypesThatSpeak, FailureError, failure, isTruncated, type Json, type JsonObject } from '@switchyard/shared';
import { z } from 'zod';
import { parseTemplate, templateVariables } from '../../expression.ts';
import { defineNode, field, type Context, type Operation, type Problem, type Step } from '../../node.ts';
import { actionNames, actions, type Action } from './actions.ts';

const stores = connectionTypesThatSpeak('objects');

const config = z.strictObject({
  connection: field.connection(stores).meta({ widget: 'connection', connectionTypes: stores, title: 'Connection', description: 'The bucket or folder.' }),
  access: z
    .enum(['read', 'write'])
    .default('read')
    .meta({ title: 'Access', description: 'Read: nothing can be changed. Write: objects can be written and removed too; a folder cannot.' }),
  prefix: z.string().default('').meta({ title: 'Keys that begin with', description: 'Only these are seen, such as reports/ for one folder. Empty: all.' }),
  action: z.enum(actionNames).default('read').meta({ title: 'Action of the step', description: 'What is done when the node is linked as a step.' }),
  key: field.template().optional().meta({
    widget: 'template',
    title: 'Key',
    description: 'Of the step, such as reports/{{month}}.csv. For list what keys begin with.',
  }),
  text: field.template().optional().meta({ widget: 'template', title: 'Text', description: 'What a write of the step writes.' }),
});
type Config = z.output<typeof config>;

/** Objects shown to a control node before it asks. */
const mostShown = 50;

const noKey: Problem = {
  field: 'key',
  message: 'The node runs as a step, but has no key. Write one in its settings, or grant the node to a control node instead.',
};

export const objectsKind = defineNode({
  kind: 'objects',
  layer: 'data',
  title: 'Objects and files',
  tagline: 'Files of a bucket or a folder',
  icon: 'box',
  doc: `Reads objects of a bucket (S3, MinIO, Ceph and what else speaks their protocol) or files of a folder of the server. Granted to a control node, it offers \`list\`, \`read\` and \`link\` (an address that works for a time; buckets only); with **access** write also \`write\` and \`remove\`, for buckets. Linked as a step, it does its one **action**.

\`read\` gives text, JSON, the rows of a CSV or TSV (the first 1,000), the text of a PDF, or the first 500 kB of anything else as base64. Text is read to 5 MB and a PDF to 25 MB; what is cut says \`truncated\`.

With **keys that begin with**, nothing else can be listed, read or written. Of a folder, hidden files and links are left out.`,
  config,
  initial: { access: 'read', action: 'read' },
  summary: ({ connection, access, prefix }) => `${connection}${prefix && ` · ${prefix}…`} · ${access === 'read' ? 'read only' : 'read and write'}`,
  ports: (settings) => ({
    inputs: Object.fromEntries(
      stepTemplates(settings)
        .flatMap(templateVariables)
        .map((name) => [name, {}]),
    ),
    outputs: { value: {}, truncated: { type: 'boolean' } },
  }),
  problems: (settings) => findProblems(settings),
  catalogue: (settings, context) => list(settings, context),
  operations: (settings, { title }) =>
    actions
      .filter(({ effect }) => effect === 'read' || settings.access === 'write')
      .map(
        (action): Operation => ({
          name: action.name,
          description: `${action.description} Store: "${title}".${settings.prefix && ` Its keys begin with ${JSON.stringify(settings.prefix)}.`}`,
          input: action.input,
          effect: action.effect,
          ...(action.effect === 'write' && { idempotent: true }),
          call: (args, context) => perform(settings, action, { args, context }),
        }),
      ),
  stepProblem: ({ key, action }) => (key?.trim() || action === 'list' ? undefined : noKey),
  *run({ config: settings, inputs }, context) {
    const action = actions.find(({ name }) => name === settings.action) as Action;
    const key = parseTemplate(settings.key ?? '').render(inputs);
    if (key === '' && action.name !== 'list') throw new FailureError(failure('key-missing', noKey.message));
    const text = settings.text === undefined ? '' : parseTemplate(settings.text).render(inputs);
    const result = yield* perform(settings, action, { args: action.argumentsOf(key, text), context });
    return { value: action.valueOf(result), truncated: isTruncated(result) };
  },
  examples: [
    {
      title: "A month's figures as rows",
      config: { connection: 'reports', key: 'figures/{{ month }}.csv' },
      inputs: { month: '2026-05' },
      answers: {
        example: { key: 'figures/2026-05.csv', size: 27, form: 'rows', columns: ['product', 'sold'], rows: [{ product: 'Lamp', sold: 12 }] },
      },
      outputs: { value: [{ product: 'Lamp', sold: 12 }], truncated: false },
    },
    {
      title: 'Which files there are',
      config: { connection: 'reports', action: 'list', key: 'figures/' },
      inputs: {},
      answers: { example: { objects: [{ key: 'figures/2026-05.csv', size: 27, modified: '2026-06-01T08:00:00.000Z' }] } },
      outputs: { value: [{ key: 'figures/2026-05.csv', size: 27, modified: '2026-06-01T08:00:00.000Z' }], truncated: false },
    },
  ],
});

function stepTemplates({ key, text, action }: Config): string[] {
  return [key ?? '', action === 'write' ? (text ?? '') : ''];
}

/** The first keys, so that a model knows what there is to ask for. */
function* list({ connection, prefix }: Config, context: Context): Step<Json> {
  return yield* context.connect({ connection, action: 'list', arguments: { prefix, count: mostShown } });
}

function* perform({ connection, prefix }: Config, action: Action, { args, context }: { args: JsonObject; context: Context }): Step<Json> {
  return yield* context.connect(
    { connection, action: action.name, arguments: withinPrefix(action, args, prefix) },
    { effect: action.effect, ...(action.effect === 'write' && { isIdempotent: true }) },
  );
}

/** Throws `key-not-granted` where a key is outside; a listing of nothing in particular is one of what begins with the prefix. */
function withinPrefix({ name }: Action, args: JsonObject, prefix: string): JsonObject {
  const asked = String((name === 'list' ? args.prefix : args.key) ?? '');
  if (asked.startsWith(prefix)) return args;
  if (name === 'list' && asked === '') return { ...args, prefix };
  throw new FailureError(
    failure('key-not-granted', `Only keys that begin with ${JSON.stringify(prefix)} can be used here, and ${JSON.stringify(asked)} does not.`),
  );
}

function findProblems(settings: Config): { field: string; message: string }[] {
  const action = actions.find(({ name }) => name === settings.action) as Action;
  if (action.effect === 'read' || settings.access === 'write') return [];
  return [{ field: 'action', message: `The action "${action.name}" changes the store. Set the access to write, or choose an action that reads.` }];
}
