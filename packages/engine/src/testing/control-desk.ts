/** For tests: a control node over a desk that reads and cancels orders. */
import type { Flow, Json, JsonObject, Limits } from '@switchyard/shared';
import { z } from 'zod';
import { defineNode, registryOf, type Operation } from '../node.ts';
import { scriptedTurns, testRun, type TestRun } from './test-run.ts';
import { kinds } from '../nodes/index.ts';

const lookup: Operation = {
  name: 'lookup',
  description: 'Looks an order up',
  effect: 'read',
  input: { type: 'object', properties: { id: { type: 'integer' } }, required: ['id'], additionalProperties: false },
  output: { type: 'object', properties: { order: { type: 'integer' }, where: { type: 'string' } }, required: ['order'] },
  *call(args, context) {
    return (yield* context.fetch({ connection: 'api', method: 'GET', path: `/orders/${String(args.id)}` })).body;
  },
};

/** A data kind with a read and a write. */
export const desk = defineNode({
  kind: 'desk',
  layer: 'data',
  title: 'Desk',
  tagline: '',
  icon: 'box',
  doc: '',
  config: z.object({}),
  initial: {},
  summary: () => '',
  ports: () => ({ inputs: {}, outputs: {} }),
  examples: [],
  operations: () => [lookup, { ...lookup, name: 'cancel', effect: 'write' }],
  *run() {
    return {};
  },
});

export const deskKinds = registryOf([...kinds.values(), desk]);

export const question = 'Where is order 7?';

export interface DeskFlow {
  grant?: JsonObject;
  config?: JsonObject;
  limits?: Limits;
  nodes?: Flow['nodes'];
  grants?: Flow['grants'];
}

/** A question goes to the control node `boss`, which is granted the desk; its answer comes out. */
export function deskFlow(more: DeskFlow = {}): Flow {
  return {
    format: 'switchyard.flow',
    version: 1,
    name: 'test',
    nodes: {
      ask: { kind: 'input', config: { fields: { question: { type: 'string' } } } },
      boss: { kind: 'control', config: { model: 'm', instructions: 'Be exact.', ...more.config } },
      desk: { kind: 'desk', config: {} },
      reply: { kind: 'output', config: { fields: { answer: {} } } },
      ...more.nodes,
    },
    links: [
      { from: 'ask.question', to: 'boss.request' },
      { from: 'boss.answer', to: 'reply.answer' },
    ],
    grants: [{ from: 'boss', to: 'desk', ...more.grant }, ...(more.grants ?? [])],
    ...(more.limits && { limits: more.limits }),
  };
}

/** What the desk answers to a path such as `/orders/7`. */
export type DeskAnswers = (path: string) => Json;

export const found = (body: Json) => ({ status: 200, headers: {}, body });

export interface Conversed extends TestRun {
  requests: ReturnType<typeof scriptedTurns>['requests'];
  /** What the model had been told of its calls when it was asked last. */
  toolTexts: string[];
}

/** Runs the flow with a model that says these things in turn. */
export async function converse(
  turns: Parameters<typeof scriptedTurns>[0],
  flow: Flow,
  answers: DeskAnswers,
  more: { sandbox?: (request: Json) => Json | Promise<Json> } = {},
): Promise<Conversed> {
  const model = scriptedTurns(turns);
  const run = await testRun(flow, {
    inputs: { question },
    registry: deskKinds,
    answers: {
      model: model.answer,
      fetch: ({ request }) => found(answers((request as JsonObject).path as string)),
      ...(more.sandbox && { sandbox: ({ request }) => (more.sandbox as (request: Json) => Json)(request) }),
    },
  });
  const toolTexts =
    model.requests
      .at(-1)
      ?.messages.filter((message) => message.role === 'tool')
      .map(({ text }) => text) ?? [];
  return { ...run, requests: model.requests, toolTexts };
}
