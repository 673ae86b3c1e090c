/** The kind `map`: runs a flow of this document for each item of a list, several at a time, and gives the results in the order of the items. */
import { FailureError, failure, type Json, type JsonObject } from '@switchyard/shared';
import { z } from 'zod';
import { defineNode, field, parallel, type Context, type FlowPorts, type Step } from '../../node.ts';

const config = z.strictObject({
  flow: field
    .flow()
    .meta({ widget: 'flow', title: 'Flow', description: 'The flow of this document that runs for each item. Of a saved flow, a copy is brought in.' }),
  item: z
    .string()
    .min(1)
    .optional()
    .meta({ title: 'Item goes to', description: 'The input of the flow that takes the item: "item", or its only input, if nothing is said.' }),
  index: z.string().min(1).optional().meta({ title: 'Position goes to', description: 'The input of the flow that takes the position, from 0.' }),
  concurrency: z.int().min(1).max(64).default(4).meta({ title: 'At once', description: 'How many items are worked on at the same time.' }),
  onFailure: z
    .enum(['stop', 'keep'])
    .default('stop')
    .meta({ title: 'When an item fails', description: 'Stop: the node fails. Keep: its result is { failure }, and the others go on.' }),
});
type Config = z.output<typeof config>;

const list = 'items';

export const mapKind = defineNode({
  kind: 'map',
  layer: 'control',
  title: 'Map',
  tagline: 'A flow for each item of a list',
  icon: 'list',
  doc: [
    "Runs a flow of this document once for each item of `items`. `results` is a list in the order of the items; each result is an object with the fields of the flow's output.",
    '',
    'The item goes to one input of the flow; its other inputs are inputs here and the same for every item. At most **at once** items are worked on at the same time.',
    '',
    'When an item fails, the node fails, its failure says the place of that item from 0 as `item`, and the rest is given up; or, with **keep**, the result of that item is `{ failure }` and the others go on. Limits of the run end it in any case.',
  ].join('\n'),
  config,
  initial: { concurrency: 4, onFailure: 'stop' },
  summary: ({ flow, concurrency, onFailure }) => `${flow} · ${concurrency} at once${onFailure === 'keep' ? ' · keeps failures' : ''}`,
  subflow: ({ flow }) => flow,
  ports: (settings, flow) => {
    const shared = sharedInputs(settings, flow);
    return {
      inputs: { [list]: { type: 'array' }, ...Object.fromEntries(shared.map((name) => [name, flow?.inputs[name] ?? {}])) },
      outputs: { results: { type: 'array', items: { type: 'object' } } },
      optional: shared.filter((name) => flow?.optional.includes(name)),
    };
  },
  problems: (settings, flow) => (flow ? problemsOf(settings, flow) : []),
  *run({ config: settings, inputs, flow }, context) {
    const { [list]: items, ...shared } = inputs;
    if (!Array.isArray(items))
      throw new FailureError(
        failure('input-invalid', `"${list}" is ${items === null ? 'null' : typeof items}, not a list. Wire a list to it, or convert the value on the way.`),
      );
    const work: Work = { settings, shared, flow, context, items, results: new Array<Json>(items.length), next: 0 };
    yield* parallel(Array.from({ length: Math.min(settings.concurrency, items.length) }, () => lane(work)));
    return { results: work.results };
  },
  examples: [
    {
      title: 'A price for each order, in their order',
      config: { flow: 'pricing' },
      flow: { inputs: { order: { type: 'integer' } }, outputs: { price: { type: 'number' } } },
      inputs: { items: [7, 8] },
      answers: { 'example[0]': { price: 10 }, 'example[1]': { price: 20 } },
      outputs: { results: [{ price: 10 }, { price: 20 }] },
    },
    {
      title: 'A failed item keeps its place',
      config: { flow: 'pricing', item: 'order', onFailure: 'keep', concurrency: 1 },
      flow: { inputs: { order: { type: 'integer' }, currency: { type: 'string' } }, outputs: { price: { type: 'number' } } },
      inputs: { items: [7, 8], currency: 'EUR' },
      answers: { 'example[0]': { failure: { code: 'http-status', message: 'The shop said 500.', retry: 'never' } }, 'example[1]': { price: 20 } },
      outputs: { results: [{ failure: { code: 'http-status', message: 'The shop said 500.', retry: 'never' } }, { price: 20 }] },
    },
  ],
});

/** The items of one map, and how far they have been taken. */
interface Work {
  settings: Config;
  shared: JsonObject;
  flow: FlowPorts | undefined;
  context: Context;
  items: readonly Json[];
  results: Json[];
  next: number;
}

/** Takes one item after the other until none is left. */
function* lane(work: Work): Step<void> {
  const { settings, shared, flow, context, items, results } = work;
  for (let at = work.next++; at < results.length; at = work.next++)
    results[at] = yield* runItem(settings, { ...shared, ...ofItem(settings, flow, { at, item: items[at] as Json }) }, { context, at, of: results.length });
}

function* runItem({ flow, onFailure }: Config, inputs: JsonObject, { context, at, of }: { context: Context; at: number; of: number }): Step<Json> {
  try {
    return yield* context.body(flow, inputs, `[${at}]`);
  } catch (error) {
    if (!(error instanceof FailureError)) throw error;
    if (onFailure === 'stop') throw new FailureError({ ...error.failure, message: `Item ${at + 1} of ${of}: ${error.failure.message}`, item: at });
    return { failure: error.failure as unknown as JsonObject };
  }
}

function ofItem(settings: Config, flow: FlowPorts | undefined, { at, item }: { at: number; item: Json }): JsonObject {
  return { [itemInput(settings, flow)]: item, ...(settings.index !== undefined && { [settings.index]: at }) };
}

function itemInput({ item, index }: Config, flow: FlowPorts | undefined): string {
  if (item !== undefined) return item;
  const names = Object.keys(flow?.inputs ?? {}).filter((name) => name !== index);
  return names.length === 1 ? (names[0] as string) : 'item';
}

function sharedInputs(settings: Config, flow: FlowPorts | undefined): string[] {
  const own = [itemInput(settings, flow), settings.index];
  return Object.keys(flow?.inputs ?? {}).filter((name) => !own.includes(name));
}

function problemsOf(settings: Config, flow: FlowPorts): { field: string; message: string }[] {
  const item = itemInput(settings, flow);
  const names = Object.keys(flow.inputs);
  const known = names.map((name) => `"${name}"`).join(', ') || 'none';
  return [
    ...(names.includes(item) ? [] : [{ field: 'item', message: `The flow "${settings.flow}" has no input "${item}" for the item. Its inputs: ${known}.` }]),
    ...(settings.index === undefined || names.includes(settings.index)
      ? []
      : [{ field: 'index', message: `The flow "${settings.flow}" has no input "${settings.index}" for the position. Its inputs: ${known}.` }]),
    ...(settings.index === item ? [{ field: 'index', message: 'Item and position cannot go to the same input.' }] : []),
    ...(sharedInputs(settings, flow).includes(list)
      ? [
          {
            field: 'flow',
            message: `The flow "${settings.flow}" has an input "${list}", which is the list here. Rename it in that flow, or let it take the item.`,
          },
        ]
      : []),
  ];
}
