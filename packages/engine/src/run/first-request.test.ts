import type { Flow, Json, JsonObject, ModelRequest } from '@switchyard/shared';
import { expect, test } from 'vitest';
import { compile } from '../compile/compile.ts';
import { kinds } from '../nodes/index.ts';
import { scriptedTurns, testRun } from '../testing/test-run.ts';
import { firstRequest } from './first-request.ts';

const catalogue: Json = {
  dialect: 'sqlite',
  tables: [{ name: 'orders', columns: [{ name: 'id', type: 'INTEGER', primaryKey: true }], rows: 3 }],
};
const flowOf = (strategy: string): Flow => ({
  format: 'switchyard.flow',
  version: 1,
  name: 'Asked first',
  nodes: {
    ask: { kind: 'input', config: { fields: { question: { type: 'string' } } } },
    boss: { kind: 'control', config: { model: 'm', strategy, instructions: 'Be exact.' } },
    shop: { kind: 'sql', title: 'Shop', config: { connection: 'shop' } },
    reply: { kind: 'output', config: { fields: { answer: {} } } },
  },
  links: [
    { from: 'ask.question', to: 'boss.request' },
    { from: 'boss.answer', to: 'reply.answer' },
  ],
  grants: [{ from: 'boss', to: 'shop' }],
});

const planOf = (flow: Flow) => {
  const { plan } = compile(flow, undefined, kinds);
  if (!plan) throw new Error('The flow does not compile');
  return plan;
};

test.each(['tools', 'plan', 'code'])('with strategy %s it is what the run asks, word for word', async (strategy) => {
  const flow = flowOf(strategy);
  const model = scriptedTurns(['Three.']);
  await testRun(flow, { inputs: { question: 'How many orders?' }, registry: kinds, answers: { model: model.answer, catalogue: () => catalogue } });
  const told = firstRequest(planOf(flow), 'boss', { registry: kinds, inputs: { request: 'How many orders?' }, catalogue: () => catalogue });
  expect(told).toEqual({ request: model.requests[0], catalogues: [{ connection: 'shop' }] });
  expect(JSON.stringify(told.request)).toContain('orders');
});

test('what of a catalogue a node may see is asked for as a run asks', () => {
  const flow = flowOf('tools');
  flow.nodes.shop = { kind: 'sql', title: 'Shop', config: { connection: 'shop', tables: ['orders'] } };
  const { catalogues } = firstRequest(planOf(flow), 'boss', { registry: kinds, catalogue: () => undefined });
  expect(catalogues).toEqual([{ connection: 'shop', tables: ['orders'] }]);
});

test('a catalogue that is not known is named, and the rest is told', () => {
  const told = firstRequest(planOf(flowOf('tools')), 'boss', { registry: kinds, catalogue: () => undefined });
  expect(told.catalogues).toEqual([{ connection: 'shop' }]);
  expect((told.request as ModelRequest).tools?.map(({ name }) => name)).toEqual(['shop_query']);
});

test('what would end the node before it asks is told', () => {
  const flow = flowOf('tools');
  const told = firstRequest(planOf(flow), 'boss', { registry: kinds, inputs: { request: 'x', history: 'no list' }, catalogue: () => catalogue });
  expect(told).toMatchObject({ request: undefined, failure: { message: expect.stringContaining('The history cannot be used') as string } });
});

test('of a node that asks no model, and of one that is not there, nothing is told', () => {
  const plan = planOf(flowOf('tools'));
  const options = { registry: kinds, catalogue: () => undefined };
  expect(firstRequest(plan, 'ask', options)).toEqual({ request: undefined, catalogues: [] });
  expect(firstRequest(plan, 'nobody', { ...options, inputs: {} as JsonObject })).toEqual({ request: undefined, catalogues: [] });
});
