/** The kind `approve` when nobody answers: its time limit, what comes of it, and what an answer in time does. */
import { answerSignal, type Answer, type Flow, type Json, type JsonObject } from '@switchyard/shared';
import { expect, test } from 'vitest';
import type { CallPort } from '../../adapters/drivers/index.ts';
import { testRun } from '../../testing/test-run.ts';

const seconds = 0.05;

function flowOf(config: JsonObject): Flow {
  const rejects = config.onReject === 'port';
  return {
    format: 'switchyard.flow',
    version: 1,
    name: 'refund',
    nodes: {
      ask: { kind: 'input', config: { fields: { order: {} } } },
      lead: { kind: 'approve', config: { title: 'Refund {{ value }}?', who: 'Shift lead', seconds, ...config } },
      paid: { kind: 'output', config: { fields: { paid: {}, ...(rejects && { refused: {} }) } } },
    },
    links: [
      { from: 'ask.order', to: 'lead.value' },
      { from: 'lead.approved', to: 'paid.paid' },
      ...(rejects ? [{ from: 'lead.rejected', to: 'paid.refused' }] : []),
    ],
    grants: [],
  };
}

/** The run of a flow; the answer, if any, comes after so long. */
async function run(config: JsonObject, answer?: { said: Answer; afterMs: number }) {
  const startedAt = Date.now();
  const give = (port: CallPort, said: Answer) => port.signal(answerSignal('lead'), said as unknown as Json);
  const done = await testRun(flowOf(config), {
    inputs: { order: 7 },
    onStart(port) {
      if (answer) setTimeout(() => give(port, answer.said), answer.afterMs);
    },
  });
  return { ...done, took: Date.now() - startedAt };
}

test('fails with approval-lapsed when its time limit ends, and not sooner', async () => {
  const { result, took, events } = await run({});
  expect(result).toMatchObject({ status: 'failed', failure: { code: 'approval-lapsed', node: 'lead', retry: 'never' } });
  expect(result.failure?.message).toBe('"Refund 7?" was not approved: nobody answered in time. Run the flow again, or let the node take its port "rejected".');
  expect(took).toBeGreaterThanOrEqual(seconds * 1_000 - 5);
  expect(took).toBeLessThan(3_000);
  // The person was asked, by a question that tells until when.
  const asked = events.find(({ type }) => type === 'wait-start');
  expect(asked).toMatchObject({ key: 'lead', until: { time: expect.any(Number) as number, ask: { title: 'Refund 7?', who: 'Shift lead' } } });
});

test('with the port for it goes the other way and says that it lapsed', async () => {
  const { result } = await run({ onReject: 'port' });
  expect(result).toMatchObject({ status: 'done', outputs: { refused: { value: 7, reason: 'nobody answered in time', lapsed: true } } });
  expect(result.outputs).not.toHaveProperty('paid');
});

test('an answer in time is heard', async () => {
  const inTime = await run({ seconds: 5 }, { said: { choice: 'approve' }, afterMs: 20 });
  expect(inTime.result).toMatchObject({ status: 'done', outputs: { paid: 7 } });
});

test('a refusal by a person is told apart from a time that ended', async () => {
  const { result } = await run({ seconds: 5 }, { said: { choice: 'reject', reason: 'Too much.' }, afterMs: 20 });
  expect(result.failure).toMatchObject({ code: 'approval-rejected', message: expect.stringContaining('Too much.') as string });
});

test('an answer whose values do not fit does not make the time longer', async () => {
  const misfit: Answer = { choice: 'approve', values: { note: 3 } };
  const { result, took } = await run({ seconds: 0.3, fields: { note: { type: 'string' } } }, { said: misfit, afterMs: 100 });
  expect(result.failure?.code).toBe('approval-lapsed');
  expect(took).toBeLessThan(2_000);
});
