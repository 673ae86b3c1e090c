/** The distributed engine as real processes on a real PostgreSQL: one trace from any server, takeover, zombies, draining, pools by process. */
import { findPostgres, startPostgres, startScriptedModel, type PostgresServer, type ScriptedModel } from '@switchyard/engine/testing';
import type { Flow, RunEvent } from '@switchyard/shared';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createCluster, type Cluster, type ClusterServer } from '../testing/cluster.ts';

if (!findPostgres()) process.stderr.write('PostgreSQL is not installed: the tests of the distributed engine are skipped.\n');

/** Two model calls, one after the other, so that one can be recorded and the other under way. */
const twoCalls: Flow = {
  format: 'switchyard.flow',
  version: 1,
  name: 'Two calls',
  nodes: {
    ask: { kind: 'input', config: { fields: { question: { type: 'string' } } } },
    first: { kind: 'llm', config: { model: 'first', prompt: '{{question}}' } },
    second: { kind: 'llm', config: { model: 'second', prompt: '{{text}}' } },
    reply: { kind: 'output', config: { fields: { answer: { type: 'string' } } } },
  },
  links: [
    { from: 'ask.question', to: 'first.question' },
    { from: 'first.text', to: 'second.text' },
    { from: 'second.text', to: 'reply.answer' },
  ],
  grants: [],
};

/** Longer than a heartbeat takes to go stale. */
const takeoverMs = 15_000;

describe.skipIf(!findPostgres())('the distributed engine', () => {
  let postgres: PostgresServer;
  let cluster: Cluster;
  let first: ScriptedModel;
  let second: ScriptedModel;
  let release: (text: string) => void;
  const models = () => ({ first: first.model, second: second.model });
  const statusOf = async (server: ClusterServer, run: string) => ((await server.query('runs.get', { run })) as { status: string }).status;
  const ofType = (events: RunEvent[], type: RunEvent['type']) => events.filter((event) => event.type === type);

  beforeAll(async () => {
    postgres = await startPostgres();
  });
  afterAll(async () => {
    await postgres.stop();
  });
  beforeEach(async () => {
    cluster = createCluster(await postgres.createDatabase());
    [first, second] = await Promise.all([startScriptedModel(() => 'One.'), startScriptedModel([])]);
    const held = Promise.withResolvers<string>();
    release = held.resolve;
    // Slow enough that its words are told before its end.
    second.play(async () => ({ text: await held.promise, chunkDelayMs: 80 }));
  });
  afterEach(async () => {
    await cluster.close();
    await first.close();
    await second.close();
  });

  it('tells the same live trace from both of two servers, lists the run on both, and cancels it from the other one', async () => {
    const [a, b] = await Promise.all([cluster.server(models()), cluster.server(models())]);
    const run = await a.start(twoCalls, { question: 'Why?' });
    const watching = Promise.all([a.watch(run), b.watch(run)]);
    await second.arrived(1);
    expect(await b.query('runs.get', { run })).toMatchObject({ status: 'running', inputs: { question: 'Why?' } });
    release('Because of that.');
    const [fromA, fromB] = await watching;
    expect(fromA.at(-1)).toMatchObject({ type: 'run-end', status: 'done', outputs: { answer: 'Because of that.' } });
    const stored = (events: RunEvent[]) => events.filter(({ type }) => type !== 'call-delta');
    expect(stored(fromB)).toEqual(stored(fromA));
    expect(ofType(fromB, 'call-delta').length).toBeGreaterThan(0);
    expect(await b.query('runs.list', {})).toMatchObject([{ run, status: 'done', flowName: 'Two calls' }]);

    second.play(() => new Promise(() => {}));
    const other = await a.start(twoCalls, { question: 'Again?' });
    await second.arrived(1);
    expect(await b.mutate('runs.cancel', { run: other })).toEqual({ cancelled: true });
    await expect.poll(() => statusOf(a, other)).toBe('cancelled');
    expect(await second.requests[0]?.ended).toBe('left');
    expect(await b.mutate('runs.cancel', { run: other })).toEqual({ cancelled: false });
  }, 60_000);

  it('goes on with the runs of a server that was killed, without repeating what they had recorded', async () => {
    const [a, b] = await Promise.all([cluster.server(models()), cluster.server(models())]);
    const run = await a.start(twoCalls, { question: 'Why?' });
    await second.arrived(1);
    const killedAt = Date.now();
    a.process.child.kill('SIGKILL');
    await second.arrived(2);
    const tookMs = Date.now() - killedAt;
    release('After all.');
    await expect.poll(() => statusOf(b, run), { timeout: takeoverMs }).toBe('done');
    expect(await b.query('runs.get', { run })).toMatchObject({ outputs: { answer: 'After all.' } });
    expect(first.requests).toHaveLength(1);
    expect(tookMs).toBeLessThan(5000);
    expect(ofType(await b.watch(run), 'call-end')).toMatchObject([{ replayed: true }, { result: { text: 'After all.' } }]);
  }, 60_000);

  it('a stopped owner whose run was moved changes nothing when it goes on', async () => {
    const [a, b] = await Promise.all([cluster.server(models()), cluster.server(models())]);
    const answers = [Promise.withResolvers<string>(), Promise.withResolvers<string>()];
    second.play((_, index) => answers[index]?.promise ?? 'too many');
    const run = await a.start(twoCalls, { question: 'Why?' });
    await second.arrived(1);
    a.process.child.kill('SIGSTOP');
    await second.arrived(2);
    // The zombie wakes while the new owner still waits: its answer comes first, and does not count.
    answers[0]?.resolve('From the zombie.');
    a.process.child.kill('SIGCONT');
    await second.requests[0]?.ended;
    await expect.poll(async () => (await fetch(`${a.url}/health/ready`)).status).toBe(200);
    answers[1]?.resolve('From the owner.');
    await expect.poll(() => statusOf(b, run), { timeout: takeoverMs }).toBe('done');
    for (const server of [a, b]) expect(await server.query('runs.get', { run })).toMatchObject({ outputs: { answer: 'From the owner.' } });
    const events = await b.watch(run);
    expect(ofType(events, 'run-end')).toHaveLength(1);
    expect(JSON.stringify(events)).not.toContain('zombie');
    // The zombie serves again.
    second.play(['Fresh.']);
    const next = await a.start(twoCalls, { question: 'And?' });
    await expect.poll(() => statusOf(a, next)).toBe('done');
  }, 60_000);

  it('a server told to stop takes no more runs, waits for those under way, and gives the rest to another at once', async () => {
    const [a, b] = await Promise.all([cluster.server(models(), ['--drain-seconds', '1']), cluster.server(models())]);
    for (const server of [a, b]) expect((await fetch(`${server.url}/health/ready`)).status).toBe(200);
    const run = await a.start(twoCalls, { question: 'Why?' });
    await second.arrived(1);
    const stoppedAt = Date.now();
    a.process.child.kill('SIGTERM');
    await expect.poll(async () => (await fetch(`${a.url}/health/ready`)).status).toBe(503);
    await expect(a.start(twoCalls, { question: 'More?' })).rejects.toThrow('takes no more runs');
    expect((await a.process.ended).code).toBe(0);
    await second.arrived(2);
    // A drain of one second, and no wait for the heartbeat to go stale.
    expect(Date.now() - stoppedAt).toBeLessThan(4000);
    release('Handed over.');
    await expect.poll(() => statusOf(b, run), { timeout: takeoverMs }).toBe('done');
    expect(first.requests).toHaveLength(1);
  }, 60_000);

  it('makes the calls of a pool only where it is served, and goes on with those of a worker that was killed', async () => {
    const elsewhere = await startScriptedModel(() => new Promise(() => {}));
    try {
      const server = await cluster.server(models(), ['--remote-pools', 'model:second']);
      const run = await server.start(twoCalls, { question: 'Why?' });
      await first.arrived(1);
      // The worker knows the second model at another address, which tells who asks it.
      const workspace = { first: first.model, second: elsewhere.model };
      const worker = await cluster.worker(workspace, ['--pools', 'model:second']);
      await elsewhere.arrived(1);
      worker.child.kill('SIGKILL');
      await cluster.worker(workspace, ['--pools', 'model:second']);
      await elsewhere.arrived(2);
      elsewhere.play(() => 'From a worker.');
      await expect.poll(() => statusOf(server, run), { timeout: 1000 }).toBe('running');
      const events = server.watch(run);
      await server.mutate('runs.cancel', { run });
      expect((await events).at(-1)).toMatchObject({ status: 'cancelled' });
      expect(await elsewhere.requests[1]?.ended).not.toBe('sent');
      const next = await server.start(twoCalls, { question: 'And?' });
      await expect.poll(() => statusOf(server, next), { timeout: takeoverMs }).toBe('done');
      const told = await server.watch(next);
      expect(told.at(-1)).toMatchObject({ outputs: { answer: 'From a worker.' } });
      expect(second.requests).toHaveLength(0);
    } finally {
      await elsewhere.close();
    }
  }, 90_000);

  it('of two workers of a pool the one that is left makes the calls of the one that was killed', async () => {
    const never = () => new Promise<string>(() => {});
    const [one, other] = [await startScriptedModel(never), await startScriptedModel(never)];
    try {
      const known = (model: ScriptedModel) => ({ first: first.model, second: model.model });
      const server = await cluster.server(models(), ['--remote-pools', 'model:second']);
      const workers = await Promise.all([one, other].map((model) => cluster.worker(known(model), ['--pools', 'model:second'])));
      const run = await server.start(twoCalls, { question: 'Why?' });
      const taken = await Promise.race([one, other].map(async (model, index) => await model.arrived(1).then(() => index)));
      const [left, killedAt] = [taken === 0 ? other : one, Date.now()];
      expect(left.requests).toHaveLength(0);
      left.play(['From the one that is left.']);
      workers[taken]?.child.kill('SIGKILL');
      await left.arrived(1);
      expect(Date.now() - killedAt).toBeLessThan(5000);
      await expect.poll(() => statusOf(server, run), { timeout: takeoverMs }).toBe('done');
      expect(await server.query('runs.get', { run })).toMatchObject({ outputs: { answer: 'From the one that is left.' } });
      expect([first, one, other].map(({ requests }) => requests.length)).toEqual([1, 1, 1]);
    } finally {
      await one.close();
      await other.close();
    }
  }, 60_000);

  it('shares the calls of a pool between its workers, with the limit of the pool over all of them', async () => {
    const asked = { one: 0, other: 0, atOnce: 0, most: 0 };
    const counting = (name: 'one' | 'other') => async () => {
      asked[name] += 1;
      asked.atOnce += 1;
      asked.most = Math.max(asked.most, asked.atOnce);
      // Calls of different lengths, so that neither worker is always the one that looks just when a place is free.
      await new Promise((resolve) => setTimeout(resolve, 10 + (((asked.one + asked.other) * 37) % 90)));
      asked.atOnce -= 1;
      return 'Done.';
    };
    const [one, other] = [await startScriptedModel(counting('one')), await startScriptedModel(counting('other'))];
    try {
      const limited = (model: ScriptedModel) => ({ first: first.model, second: { ...model.model, limits: { concurrency: 2 } } });
      const server = await cluster.server(limited(second), ['--remote-pools', 'model:second']);
      await Promise.all([one, other].map((model) => cluster.worker(limited(model), ['--pools', 'model:second'])));
      // Who takes a call is chance; that one of two takes all of many is not.
      let batches = 0;
      while (batches < 10 && Math.min(asked.one, asked.other) === 0) {
        batches += 1;
        const runs = await Promise.all(Array.from({ length: 16 }, (_, index) => server.start(twoCalls, { question: `${batches}, ${index}?` })));
        for (const run of runs) await expect.poll(() => statusOf(server, run), { timeout: takeoverMs }).toBe('done');
      }
      expect(asked.one + asked.other).toBe(16 * batches);
      expect(Math.min(asked.one, asked.other)).toBeGreaterThan(0);
      expect(asked.most).toBe(2);
    } finally {
      await one.close();
      await other.close();
    }
  }, 60_000);
});
