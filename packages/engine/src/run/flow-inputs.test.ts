/** What enters a flow within the document fits what its input asks for, as the inputs of a run do: else the node that runs it says so at once. */
import type { Flow, Json, JsonObject, NodePolicy } from '@switchyard/shared';
import { expect, test } from 'vitest';
import { hashed } from '../plan-hash.ts';
import type { Plan } from '../plan.ts';
import { liveRecorded, replayRecorded } from '../testing/recorded-life.ts';
import { drawBody, drawFlow, entry, exit, fetching } from '../testing/subflow.ts';
import { planOf, testRun } from '../testing/test-run.ts';

const number = { type: 'integer', minimum: 1 };
const priced = drawBody(
  {
    first: ['input', { fields: { order: number, currency: { type: 'string', default: 'EUR' } } }],
    get: fetching('/{{ order }}/{{ currency }}'),
    last: exit('got'),
  },
  ['first.order>get.order', 'first.currency>get.currency', 'get.body>last.got'],
);
const answers = { fetch: ({ request }: { request: Json }) => ({ status: 200, headers: {}, body: (request as JsonObject).path as string }) };

const asStep = (policy?: NodePolicy): Flow =>
  drawFlow(
    drawBody({ ask: entry('order'), price: ['flow', { flow: 'pricing' }, policy], reply: exit('got') }, ['ask.order>price.order', 'price.got>reply.got']),
    { pricing: priced },
  );

test('what fits enters, and what has a default may be left out', async () => {
  expect((await testRun(asStep(), { answers, inputs: { order: 7 } })).result).toMatchObject({ status: 'done', outputs: { got: '/7/EUR' } });
});

test.each([
  ['a text', 'seven', 'The input "order" of the flow "pricing" does not fit: Instance type "string" is invalid. Expected "integer".'],
  ['null', null, 'The input "order" of the flow "pricing" does not fit: Instance type "null" is invalid. Expected "integer".'],
  ['too small a number', 0, 'The input "order" of the flow "pricing" does not fit: 0 is less than 1.'],
])('%s is refused before anything of the flow runs', async (_what, order, message) => {
  const { result, view } = await testRun(asStep(), { answers, inputs: { order } });
  expect(result).toMatchObject({ status: 'failed', failure: { code: 'input-invalid', node: 'price' } });
  expect(result.failure?.message).toBe(`${message} It takes: integer. Mend what is wired there, or what the input of the flow asks for.`);
  expect([...view.tasks.keys()]).toEqual(['ask', 'price']);
  expect(view.calls.size).toBe(0);
});

test('the failure is dealt with as the node says', async () => {
  const { result } = await testRun(asStep({ onFailure: 'continue', default: { got: 'none' } }), { answers, inputs: { order: 'seven' } });
  expect(result).toMatchObject({ status: 'done', outputs: { got: 'none' } });
});

test('of a map the item fails, and the others go on', async () => {
  const flow = drawFlow(
    drawBody({ ask: entry('many'), all: ['map', { flow: 'pricing', item: 'order', onFailure: 'keep' }], reply: exit('out') }, [
      'ask.many>all.items',
      'all.results>reply.out',
    ]),
    { pricing: priced },
  );
  const { result } = await testRun(flow, { answers, inputs: { many: [1, 'two', 3] } });
  expect(result.outputs).toMatchObject({ out: [{ got: '/1/EUR' }, { failure: { code: 'input-invalid' } }, { got: '/3/EUR' }] });
});

test('a run whose plan was made before this was checked is replayed as it went', async () => {
  const { hash: _, checksFlowInputs, ...before } = planOf(asStep());
  expect(checksFlowInputs).toBe(true);
  const plan: Plan = hashed(before);
  const recorded = await liveRecorded({ plan, inputs: { order: 'seven' }, answer: (path) => path });
  expect(recorded.result).toMatchObject({ status: 'done', outputs: { got: '/seven/EUR' } });
  expect(await replayRecorded(recorded)).toBeUndefined();
});
