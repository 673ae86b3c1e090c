/** Runs that wait on the distributed engine: held by no process, answered and woken by any. */
import { join } from 'node:path';
import { findPostgres, createHandSettledHost, planOf, startPostgres, type PostgresServer } from '@switchyard/engine/testing';
import type { Answer, Flow, Json, OpenWait } from '@switchyard/shared';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { askedHash, askingFlow, askingKinds } from '../testing/asking-flow.ts';
import { startAskingServer, type AskingServer } from '../testing/asking-server.ts';
import { createCluster } from '../testing/cluster.ts';
import { temporaryFolder } from '../testing/test-server.ts';
import { eachEvent } from './event-batches.ts';
import { openDistributedRunner, type DistributedRunner } from './distributed-runner.ts';

if (!findPostgres()) process.stderr.write('PostgreSQL is not installed: the tests of waiting on the distributed engine are skipped.\n');

const approve: Answer = { choice: 'approve', hash: askedHash('A1') };

describe.skipIf(!findPostgres())('a run that waits on the distributed engine', () => {
  let postgres: PostgresServer;
  let databaseUrl: string;
  let runner: DistributedRunner;
  const warnings: string[] = [];
  beforeAll(async () => {
    postgres = await startPostgres();
  });
  afterAll(() => postgres.stop());
  const open = async () => {
    const log = { info: () => {}, warn: (text: string) => void warnings.push(text) };
    runner = await openDistributedRunner({ databaseUrl, registry: askingKinds, host: createHandSettledHost(), redactor: () => (value) => value, log });
  };
  beforeEach(async () => {
    databaseUrl = await postgres.createDatabase();
    warnings.length = 0;
    await open();
  });
  afterEach(async () => {
    await runner.close();
    // DBOS may be looking into its queue at this moment.
    expect(warnings.filter((text) => !text.includes('has been shut down'))).toEqual([]);
  });
  const start = async (flow: Flow = askingFlow(), seed?: object) =>
    (await runner.start({ flow, plan: planOf(flow, askingKinds), inputs: { value: 'A1' }, ...(seed && { seed }) })).run;
  const becomes = (run: string, status: string) => expect.poll(async () => (await runner.get(run))?.status, { timeout: 15_000 }).toBe(status);

  it('is told as waiting, is listed with its question, and is held by no process', async () => {
    const run = await start();
    expect(await runner.result(run)).toMatchObject({ status: 'waiting' });
    expect(await runner.questions()).toMatchObject([{ run, key: 'ask', flowName: 'Asking', ask: { arguments: { id: 'A1' } } }]);
    const started = Date.now();
    await runner.drain(10_000);
    expect(Date.now() - started).toBeLessThan(5000);
  });

  it('goes on with the first of two answers, in one trace', async () => {
    const run = await start();
    await runner.result(run);
    const told: string[] = [];
    const watching = (async () => {
      for await (const event of eachEvent(runner.watch(run, -1, new AbortController().signal))) {
        if (event.type === 'run-start') told.push('start');
        if (event.type === 'run-end') told.push(event.status);
      }
    })();
    await expect.poll(() => told).toEqual(['start', 'waiting']);
    await expect(runner.answer(run, 'ask', { choice: 'approve', hash: 'x' })).rejects.toMatchObject({ failure: { code: 'answer-invalid' } });
    const accepted = await Promise.all([
      runner.answer(run, 'ask', approve),
      runner.answer(run, 'ask', { ...approve, choice: 'reject', reason: 'no' } as Answer),
    ]);
    expect([...accepted].sort()).toEqual([false, true]);
    await watching;
    expect(told).toEqual(['start', 'waiting', 'start', 'done']);
    expect(await runner.questions()).toEqual([]);
    await expect(runner.answer(run, 'ask', approve)).rejects.toMatchObject({ failure: { code: 'run-ended' } });
  });

  it('goes on in another process, and asks again what is not answered', async () => {
    const run = await start(askingFlow({ ask: {}, other: {} }));
    await runner.result(run);
    const before = await runner.questions();
    await runner.close();
    await open();
    expect(await runner.questions()).toEqual(before);
    expect(await runner.answer(run, 'ask', approve)).toBe(true);
    await expect.poll(async () => (await runner.questions()).map(({ key }) => key), { timeout: 15_000 }).toEqual(['other']);
    await becomes(run, 'waiting');
    expect((await runner.questions())[0]?.since).toBe(before.find(({ key }) => key === 'other')?.since);
    expect(await runner.answer(run, 'other', approve)).toBe(true);
    await becomes(run, 'done');
    expect((await runner.get(run))?.outputs).toEqual({ ask: approve, other: approve });
  });

  it('is cancelled while it waits, and takes what it is told just before it is let go of', async () => {
    const run = await start();
    await runner.result(run);
    expect(await runner.cancel(run)).toBe(true);
    await becomes(run, 'cancelled');
    expect(await runner.cancel(run)).toBe(false);
    const flow = askingFlow({ news: { event: 'paid' } });
    for (let tries = 0; tries < 20; tries += 1) {
      const early = await start(flow);
      await new Promise((resolve) => setTimeout(resolve, tries * 2));
      await runner.signal(early, 'paid', tries);
      await becomes(early, 'done');
    }
  }, 60_000);

  it('is begun from another run, and replayed', async () => {
    const run = await start();
    await runner.result(run);
    await expect(start(askingFlow(), { of: run })).rejects.toMatchObject({ failure: { code: 'seed-unfinished' } });
    await runner.answer(run, 'ask', approve);
    await becomes(run, 'done');
    const again = await start(askingFlow(), { of: run });
    await becomes(again, 'done');
    expect(await runner.get(again)).toMatchObject({ seed: { of: run }, outputs: { ask: approve } });
    expect((await runner.journal(again)).map(({ key }) => key)).toEqual(['ask']);
  });

  it('tells at its end of a given answer that was to another question', async () => {
    const first = await start();
    await runner.result(first);
    await runner.answer(first, 'ask', approve);
    await becomes(first, 'done');
    const request = { flow: askingFlow(), plan: planOf(askingFlow(), askingKinds), inputs: { value: 'A2' } };
    const { run } = await runner.start({ ...request, seed: { of: first, edits: { ask: approve as unknown as Json } } });
    expect(await runner.result(run)).toMatchObject({ status: 'waiting' });
    await runner.answer(run, 'ask', { ...approve, hash: askedHash('A2') });
    await becomes(run, 'done');
    expect((await runner.events(run, -1, 100)).at(-1)).toMatchObject({ type: 'run-end', status: 'done', unusedEdits: ['ask'] });
  });
});

describe.skipIf(!findPostgres())('a waiting run and its servers', () => {
  const paused: Flow = {
    format: 'switchyard.flow',
    version: 1,
    name: 'Paused',
    nodes: {
      ask: { kind: 'input', config: { fields: { text: { type: 'string' } } } },
      pause: { kind: 'wait', config: { seconds: 3600 } },
      reply: { kind: 'output', config: { fields: { text: {} } } },
    },
    links: [
      { from: 'ask.text', to: 'pause.value' },
      { from: 'pause.value', to: 'reply.text' },
    ],
    grants: [],
    limits: { seconds: 7200 },
  };

  it('outlives the server that began it: another wakes it', async () => {
    const postgres = await startPostgres();
    const cluster = createCluster(await postgres.createDatabase());
    try {
      const [a, b] = await Promise.all([cluster.server({}), cluster.server({})]);
      const run = await a.start(paused, { text: 'x' });
      const statusOn = async () => ((await b.query('runs.get', { run })) as { status: string }).status;
      await expect.poll(statusOn, { timeout: 15_000 }).toBe('waiting');
      a.process.child.kill('SIGKILL');
      await a.process.ended;
      expect(await b.mutate('runs.cancel', { run })).toEqual({ cancelled: true });
      await expect.poll(statusOn, { timeout: 15_000 }).toBe('cancelled');
    } finally {
      await cluster.close();
      await postgres.stop();
    }
  }, 60_000);

  it('is answered at another server than the one that asked and died, also where that takes the answer and dies too', async () => {
    const postgres = await startPostgres();
    const folder = temporaryFolder();
    const servers: AskingServer[] = [];
    const server = async (name: string) => {
      const started = await startAskingServer(join(folder.path, name), databaseUrl);
      servers.push(started);
      return started;
    };
    const databaseUrl = await postgres.createDatabase();
    const begin = async (at: AskingServer) => (await at.call<{ run: string }>('runs.start', { change: { flow: askingFlow(), inputs: { value: 'A1' } } })).run;
    const ask = async (at: AskingServer, run: string) => (await at.call<OpenWait[]>('runs.questions', { query: { run } })).length;
    const reply = (at: AskingServer, run: string) => at.call('runs.answer', { change: { run, key: 'ask', answer: approve } });
    const status = async (at: AskingServer, run: string) => (await at.call<{ status: string }>('runs.get', { query: { run } })).status;
    try {
      const [a, b, c] = [await server('a'), await server('b'), await server('c')];
      const runs = [await begin(a), await begin(a)] as const;
      for (const run of runs) await expect.poll(() => ask(b, run), { timeout: 15_000 }).toBe(1);
      await a.kill();
      expect(await reply(b, runs[0])).toEqual({ accepted: true });
      await expect.poll(() => status(c, runs[0]), { timeout: 15_000 }).toBe('done');
      expect(await reply(b, runs[1])).toEqual({ accepted: true });
      await b.kill();
      await expect.poll(() => status(c, runs[1]), { timeout: 30_000 }).toBe('done');
      expect((await c.call<{ outputs: object }>('runs.get', { query: { run: runs[1] } })).outputs).toEqual({ ask: approve });
    } finally {
      for (const started of servers) await started.kill();
      await postgres.stop();
      folder.remove();
    }
  }, 120_000);
});
