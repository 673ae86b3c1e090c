/** What runs ask, and what they are begun from, over HTTP. */
import type { Flow, RunEvent } from '@switchyard/shared';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askedHash, askingFlow, askingKinds } from '../testing/asking-flow.ts';
import { echoFlow } from '../testing/ask-flow.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ registry: askingKinds });
});
afterAll(() => server.close());

const start = async (flow: Flow, inputs: object, seed?: object) => await server.mutate('runs.start', { flow, inputs, ...(seed && { seed }) });
const settled = async (run: string, status: string) =>
  await expect.poll(async () => (await server.query('runs.get', { run })).data.status as string, { timeout: 10_000 }).toBe(status);

const paidFlow: Flow = {
  format: 'switchyard.flow',
  version: 1,
  name: 'Paid',
  nodes: {
    ask: { kind: 'input', config: { fields: { order: { type: 'integer' } } } },
    money: { kind: 'wait', config: { event: 'paid', seconds: 86_400 } },
    reply: { kind: 'output', config: { fields: { order: {}, news: {} } } },
  },
  links: [
    { from: 'ask.order', to: 'money.value' },
    { from: 'money.value', to: 'reply.order' },
    { from: 'money.payload', to: 'reply.news' },
  ],
  grants: [],
};

describe('questions of runs', () => {
  it('are listed and answered once; a run that waits is told so', async () => {
    const { run } = (await start(askingFlow(), { value: 'A1' })).data as { run: string };
    await settled(run, 'waiting');
    expect((await server.query('runs.list', { limit: 1 })).data).toMatchObject([{ run, status: 'waiting' }]);
    const { data } = await server.query('runs.questions');
    expect(data).toMatchObject([{ run, key: 'ask', flowName: 'Asking', ask: { about: 'call', hash: askedHash('A1') } }]);
    expect((await server.query('runs.questions', { run: 'other' })).data).toEqual([]);
    const refused = await server.mutate('runs.answer', { run, key: 'ask', answer: { choice: 'approve', hash: 'other' } });
    expect(refused).toMatchObject({ status: 422, error: { data: { failure: { code: 'answer-invalid' } } } });
    expect(await server.mutate('runs.answer', { run, key: 'ask', answer: { choice: 'dance' } })).toMatchObject({ status: 400 });
    const answer = { choice: 'approve', hash: askedHash('A1') };
    const both = await Promise.all([1, 2].map(() => server.mutate('runs.answer', { run, key: 'ask', answer })));
    expect(both.map(({ data: given }) => given.accepted as boolean).sort()).toEqual([false, true]);
    await settled(run, 'done');
    expect((await server.query('runs.questions')).data).toEqual([]);
    expect(await server.mutate('runs.answer', { run, key: 'ask', answer })).toMatchObject({ status: 422, error: { data: { failure: { code: 'run-ended' } } } });
  });

  it('take other arguments that fit, or a refusal with its reason', async () => {
    const asked = async (value: string) => {
      const { run } = (await start(askingFlow(), { value })).data as { run: string };
      await settled(run, 'waiting');
      return { run, hash: askedHash(value) };
    };
    const edited = await asked('B1');
    const edit = (args: object) =>
      server.mutate('runs.answer', { run: edited.run, key: 'ask', answer: { choice: 'edit', hash: edited.hash, arguments: args } });
    const misfit = await edit({ id: 7 });
    expect(misfit).toMatchObject({ status: 422, error: { data: { failure: { code: 'answer-invalid' } } } });
    expect(misfit.error?.message).toContain('/id');
    expect((await edit({ id: 'B2' })).data).toEqual({ accepted: true });
    await settled(edited.run, 'done');
    expect((await server.query('runs.get', { run: edited.run })).data.outputs).toMatchObject({ ask: { choice: 'edit', arguments: { id: 'B2' } } });

    const rejected = await asked('C1');
    const answer = { choice: 'reject', hash: rejected.hash, reason: 'It was sent already.' };
    expect((await server.mutate('runs.answer', { run: rejected.run, key: 'ask', answer })).data).toEqual({ accepted: true });
    await settled(rejected.run, 'done');
    expect((await server.query('runs.get', { run: rejected.run })).data.outputs).toMatchObject({ ask: { choice: 'reject', reason: 'It was sent already.' } });
  });

  it('are not the only thing that is heard from outside', async () => {
    const { run } = (await start(paidFlow, { order: 7 })).data as { run: string };
    await settled(run, 'waiting');
    expect(await server.mutate('runs.signal', { run, name: 'cancel' })).toMatchObject({
      status: 422,
      error: { data: { failure: { code: 'signal-refused' } } },
    });
    expect((await server.mutate('runs.signal', { run, name: 'paid', payload: { sum: 5 } })).data).toEqual({ accepted: true });
    await settled(run, 'done');
    expect((await server.query('runs.get', { run })).data.outputs).toEqual({ order: 7, news: { sum: 5 } });
  });
});

describe('runs that are begun from another', () => {
  it('keep what they were begun from, and use its results', async () => {
    const { run } = (await start(askingFlow(), { value: 'A1' })).data as { run: string };
    await settled(run, 'waiting');
    const early = await start(askingFlow(), { value: 'A1' }, { of: run });
    expect(early).toMatchObject({ status: 422, error: { data: { failure: { code: 'seed-unfinished' } } } });
    await server.mutate('runs.answer', { run, key: 'ask', answer: { choice: 'approve', hash: askedHash('A1') } });
    await settled(run, 'done');
    const { run: again } = (await start(askingFlow(), { value: 'A1' }, { of: run, to: 'ask' })).data as { run: string };
    await settled(again, 'done');
    expect((await server.query('runs.get', { run: again })).data).toMatchObject({ seed: { of: run, to: 'ask' }, outputs: {} });
    expect((await server.query('runs.list', { limit: 1 })).data).toMatchObject([{ run: again, seed: { of: run, to: 'ask' } }]);
    const events = (await server.query('runs.events', { run: again })).data as RunEvent[];
    expect(events.find((event) => event.type === 'task-end' && event.task === 'ask')).toMatchObject({ outputs: { answer: { choice: 'approve' } } });
    const { run: pinned } = (await start(askingFlow(), { value: 'A1' }, { pins: { ask: { answer: 'pinned' } } })).data as { run: string };
    await settled(pinned, 'done');
    expect((await server.query('runs.get', { run: pinned })).data.outputs).toEqual({ ask: 'pinned' });
    for (const replayed of [run, again, pinned]) expect(await server.query('runs.replay', { run: replayed })).toMatchObject({ status: 200, data: {} });
  });

  it('ask nobody twice whose answer had a time limit, and take an edited answer', async () => {
    const flow = askingFlow({ ask: { seconds: 3600 } });
    const { run } = (await start(flow, { value: 'A1' })).data as { run: string };
    await settled(run, 'waiting');
    await server.mutate('runs.answer', { run, key: 'ask', answer: { choice: 'approve', hash: askedHash('A1') } });
    await settled(run, 'done');
    const outputs = async (seed: object) => {
      const { run: again } = (await start(flow, { value: 'A1' }, { of: run, ...seed })).data as { run: string };
      await settled(again, 'done');
      return (await server.query('runs.get', { run: again })).data.outputs as unknown;
    };
    expect(await outputs({})).toMatchObject({ ask: { choice: 'approve' } });
    const no = { choice: 'reject', reason: 'Not now.' };
    expect(await outputs({ edits: { ask: no } })).toEqual({ ask: no });
    const { run: other } = (await start(flow, { value: 'A2' }, { of: run, edits: { ask: no } })).data as { run: string };
    await settled(other, 'waiting');
    expect(await start(askingFlow({ other: {} }), { value: 'A1' }, { of: run, edits: { ask: no } })).toMatchObject({
      status: 422,
      error: { data: { failure: { code: 'seed-unknown' } } },
    });
  });

  it('are refused where they cannot be begun so', async () => {
    for (const [seed, code] of [
      [{ of: 'nobody' }, 'seed-missing'],
      [{ from: 'ask' }, 'seed-unknown'],
      [{ to: 'nowhere' }, 'seed-unknown'],
      [{ only: true }, 'seed-unknown'],
      [{ pins: { nowhere: {} } }, 'seed-unknown'],
      [{ pins: { ask: { wrong: 1 } } }, 'seed-unknown'],
    ] as const)
      expect(await start(echoFlow(), { text: 'x' }, seed), JSON.stringify(seed)).toMatchObject({ status: 422, error: { data: { failure: { code } } } });
    expect(await start(echoFlow(), { text: 'x' }, { of: 5 })).toMatchObject({ status: 400 });
  });
});
