/** A flow that asks a person, for tests of what the runners do with runs that wait. */
import { hash } from 'node:crypto';
import { defineNode, registryOf } from '@switchyard/engine';
import { kinds } from '@switchyard/engine/nodes';
import { stableText, type Ask, type Flow, type Json, type JsonObject } from '@switchyard/shared';
import { z } from 'zod';

/** Asks whether a write may be made, and gives the answer. */
const asking = defineNode({
  kind: 'asking',
  layer: 'control',
  title: 'Ask',
  tagline: 'Asks',
  icon: 'shield-check',
  doc: 'Asks.',
  config: z.strictObject({ seconds: z.number().optional(), event: z.string().optional() }),
  initial: {},
  summary: () => '',
  ports: () => ({ inputs: { value: {} }, outputs: { answer: {} } }),
  *run({ config: { seconds, event }, inputs }, context) {
    if (event !== undefined) return { answer: yield* context.wait({ signal: event }) };
    const ask = askOver({ id: inputs.value as Json });
    return { answer: yield* context.wait({ ask, ...(seconds !== undefined && { time: context.now() + seconds * 1000 }) }) };
  },
  examples: [],
});

const askOver = (args: JsonObject): Ask => ({
  about: 'call',
  title: 'Cancel the order?',
  node: 'ask',
  operation: 'orders.cancel',
  arguments: args,
  schema: { type: 'object', properties: { id: { type: 'string' } }, required: ['id'], additionalProperties: false },
  hash: hash('sha256', stableText(args)),
});

export const askingKinds = registryOf([...kinds.values(), asking]);

/** What a person is asked about, for an input `value`. */
export const askedHash = (value: string): string => hash('sha256', stableText({ id: value }));

/** The input goes to each of the nodes that ask, and their answers come out under the nodes' names. */
export function askingFlow(asked: Record<string, { seconds?: number; event?: string }> = { ask: {} }): Flow {
  const names = Object.keys(asked);
  return {
    format: 'switchyard.flow',
    version: 1,
    name: 'Asking',
    nodes: {
      start: { kind: 'input', config: { fields: { value: { type: 'string' } } } },
      ...Object.fromEntries(names.map((name) => [name, { kind: 'asking', config: asked[name] as JsonObject }])),
      end: { kind: 'output', config: { fields: Object.fromEntries(names.map((name) => [name, {}])) } },
    },
    links: names.flatMap((name) => [
      { from: 'start.value', to: `${name}.value` },
      { from: `${name}.answer`, to: `end.${name}` },
    ]),
    grants: [],
  };
}
