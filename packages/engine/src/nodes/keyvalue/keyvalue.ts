/** The kind `keyvalue`: a key-value store such as Redis, as a step with one action and as tools of a control node. */
import { connectionTypesThatSpeak, FailureError, failure, isTruncated, type Json, type JsonObject } from '@switchyard/shared';
import { z } from 'zod';
import { parseTemplate, templateVariables } from '../../expression.ts';
import { defineNode, field, type Context, type Operation, type Problem, type Step } from '../../node.ts';
import { actionNames, actions, type Action } from './actions.ts';

const stores = connectionTypesThatSpeak('key-value');

const config = z.strictObject({
  connection: field.connection(stores).meta({ widget: 'connection', connectionTypes: stores, title: 'Connection', description: 'The store.' }),
  access: z
    .enum(['read', 'write'])
    .default('read')
    .meta({ title: 'Access', description: 'Read: nothing can be changed. Write: the node offers the actions that change something too.' }),
  prefix: z
    .string()
    .default('')
    .meta({ title: 'Keys that begin with', description: 'Only these are seen, such as session: for sessions alone. Empty: all keys.' }),
  action: z.enum(actionNames).default('get').meta({ title: 'Action of the step', description: 'What is done when the node is linked as a step.' }),
  key: field.template().optional().meta({
    widget: 'template',
    title: 'Key',
    description: 'Of the step, such as session:{{id}}. For scan a pattern, such as session:*.',
  }),
  value: field.template().optional().meta({ widget: 'template', title: 'Value', description: 'What a set of the step writes.' }),
});
type Config = z.output<typeof config>;

const noKey: Problem = {
  field: 'key',
  message: 'The node runs as a step, but has no key. Write one in its settings, or grant the node to a control node instead.',
};

export const keyvalueKind = defineNode({
  kind: 'keyvalue',
  layer: 'data',
  title: 'Key-value store',
  tagline: 'Reads and writes keys',
  icon: 'key',
  doc: `Reads a key-value store: Redis, Valkey, and what else speaks their protocol. Granted to a control node, it offers \`get\` (a key of any type), \`scan\` (keys that match a pattern), \`fields\` (of a hash) and \`stream\` (entries of a stream); with **access** write also \`set\`, \`set_fields\`, \`append\` and \`remove\`. Linked as a step, it does its one **action**.

A control node is told what the keys look like: patterns such as \`session:*\`, how many keys each has, of which types, when they are forgotten, and one of them.

The commands are fixed: no other command and no script can be sent. With **keys that begin with**, no other key can be read, found or written.

At most 1,000 entries and 1 MB are read of one key; what is cut says \`truncated\`. Bytes that are no text arrive as \`{ "base64": … }\`.`,
  config,
  initial: { access: 'read', action: 'get' },
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
  catalogue: ({ connection, prefix }, context) => context.catalogue(connection, '', prefix === '' ? {} : { prefix }),
  operations: (settings, { title }) =>
    actions
      .filter(({ effect }) => effect === 'read' || settings.access === 'write')
      .map(
        (action): Operation => ({
          name: action.name,
          description: `${action.description} Store: "${title}".${settings.prefix && ` Its keys begin with ${JSON.stringify(settings.prefix)}.`}`,
          input: action.input,
          effect: action.effect,
          ...(action.isIdempotent && { idempotent: true }),
          call: (args, context) => perform(settings, action, { args, context }),
        }),
      ),
  stepProblem: ({ key }) => (key?.trim() ? undefined : noKey),
  *run({ config: settings, inputs }, context) {
    const action = actions.find(({ name }) => name === settings.action) as Action;
    if (!settings.key?.trim()) throw new FailureError(failure('key-missing', noKey.message));
    const args = action.argumentsOf(
      parseTemplate(settings.key).render(inputs),
      settings.value === undefined ? '' : parseTemplate(settings.value).render(inputs),
    );
    const result = yield* perform(settings, action, { args, context });
    return { value: action.valueOf(result), truncated: isTruncated(result) };
  },
  examples: [
    {
      title: 'The session of a visitor',
      config: { connection: 'cache', key: 'session:{{ visitor }}' },
      inputs: { visitor: 'v-17' },
      answers: { example: { key: 'session:v-17', type: 'hash', value: { customer: 'Ada', cart: '3' } } },
      outputs: { value: { customer: 'Ada', cart: '3' }, truncated: false },
    },
    {
      title: 'Which sessions there are',
      config: { connection: 'cache', action: 'scan', key: 'session:*' },
      inputs: {},
      answers: { example: { keys: ['session:v-17', 'session:v-9'] } },
      outputs: { value: ['session:v-17', 'session:v-9'], truncated: false },
    },
  ],
});

function stepTemplates({ key, value, action }: Config): string[] {
  return [key ?? '', action === 'set' ? (value ?? '') : ''];
}

function* perform({ connection, prefix }: Config, action: Action, { args, context }: { args: JsonObject; context: Context }): Step<Json> {
  const name = String(args.key ?? args.pattern ?? '');
  // A pattern of another beginning could match keys within the prefix, but also others: the beginning must be the prefix itself.
  if (!name.startsWith(prefix))
    throw new FailureError(
      failure('key-not-granted', `Only keys that begin with ${JSON.stringify(prefix)} can be used here, and ${JSON.stringify(name)} does not.`),
    );
  if (action.name === 'scan' && /[*?[\]\\]/.test(prefix))
    throw new FailureError(
      failure('key-not-granted', 'Keys cannot be listed here, since the beginning of their names is itself a pattern. Read a key by its name.'),
    );
  return yield* context.connect(
    { connection, action: action.name, arguments: args },
    { effect: action.effect, ...(action.isIdempotent && { isIdempotent: true }) },
  );
}

function findProblems(settings: Config): { field: string; message: string }[] {
  const action = actions.find(({ name }) => name === settings.action) as Action;
  const problems: { field: string; message: string }[] = [];
  if (action.effect === 'write' && settings.access === 'read')
    problems.push({ field: 'action', message: `The action "${action.name}" changes the store. Set the access to write, or choose an action that reads.` });
  if (!action.isStep)
    problems.push({
      field: 'action',
      message: `The action "${action.name}" needs more than a key, so it cannot be the step. Grant the node to a control node for it.`,
    });
  return problems;
}
