import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { RunStore } from '@switchyard/engine/adapters';
import { kinds } from '@switchyard/engine/nodes';
import { createHandSettledHost, planOf, type HandSettledHost } from '@switchyard/engine/testing';
import { emptyRun, foldRun, type Flow, type RunEvent } from '@switchyard/shared';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { eachEvent } from './event-batches.ts';
import { createRunner } from './runner.ts';
import type { Runner } from './runner-interface.ts';

const flow: Flow = {
  format: 'switchyard.flow',
  version: 1,
  name: 'Two calls',
  nodes: {
    ask: { kind: 'input', config: { fields: { q: { type: 'string' } } } },
    boss: { kind: 'control', config: { model: 'm' } },
    reply: { kind: 'output', config: { fields: { answer: {} } } },
  },
  links: [
    { from: 'ask.q', to: 'boss.request' },
    { from: 'boss.answer', to: 'reply.answer' },
  ],
  grants: [],
};
const said = (text: string) => ({ text, toolCalls: [], finish: 'stop', served: 'm' });

let folder: string;
let store: RunStore;
let host: HandSettledHost;
let runner: Runner;

const open = () => {
  store = new RunStore(join(folder, 'runs.db'));
  host = createHandSettledHost();
  runner = createRunner({ registry: kinds, host, store, redactor: () => (value) => value });
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'switchyard-runner-'));
  open();
});

afterEach(async () => {
  await runner.close();
  store.close();
  rmSync(folder, { recursive: true });
});

const begin = (run?: string) => runner.start({ flow, plan: planOf(flow), inputs: { q: 'hi' }, ...(run && { run }) });

async function collect(run: string, after = -1): Promise<RunEvent[]> {
  const events: RunEvent[] = [];
  for await (const event of eachEvent(runner.watch(run, after, new AbortController().signal))) events.push(event);
  return events;
}

describe('the embedded runner', () => {
  test('an accepted run is on disk, runs, and ends there', async () => {
    const { run } = await begin();
    expect(store.get(run)?.status).toBe('running');
    (await host.next()).succeed(said('Hello'), { modelCalls: 1, inputTokens: 1, outputTokens: 2 });
    expect(await runner.result(run)).toMatchObject({ run, status: 'done', outputs: { answer: 'Hello' }, usage: { modelCalls: 1, outputTokens: 2 } });
    expect(store.get(run)).toMatchObject({ status: 'done', outputs: { answer: 'Hello' } });
  });

  test('a run takes as long in its trace as in the list of runs, on a machine that is slow to begin it', async () => {
    let now = Date.now();
    const clock = vi.spyOn(Date, 'now').mockImplementation(() => (now += 10));
    try {
      const { run } = await begin();
      (await host.next()).succeed(said('Hello'));
      await runner.result(run);
      const view = (await collect(run)).reduce(foldRun, emptyRun());
      expect({ startedAt: view.startedAt, endedAt: view.endedAt }).toEqual({ startedAt: store.get(run)?.startedAt, endedAt: store.get(run)?.endedAt });
    } finally {
      clock.mockRestore();
    }
  });

  test('watchers get the whole story in order, early or late, and what comes after what they saw', async () => {
    const { run } = await begin();
    const early = collect(run);
    const call = await host.next();
    call.say('Hel');
    const late = collect(run);
    call.succeed(said('Hello'));
    const events = await early;
    expect(events.map(({ type }) => type)).toEqual([
      'run-start',
      'task-start',
      'task-end',
      'task-start',
      'call-start',
      'call-delta',
      'call-end',
      'task-end',
      'task-start',
      'task-end',
      'run-end',
    ]);
    expect(events.map(({ seq }) => seq)).toEqual([...events.keys()]);
    expect(await late).toEqual(events);
    expect(await collect(run, events[5]?.seq)).toEqual(events.slice(6));
    expect(await collect(run)).toEqual(events.filter(({ type }) => type !== 'call-delta'));
  });

  test('a watcher that leaves is forgotten', async () => {
    const { run } = await begin();
    const leave = new AbortController();
    const seen: string[] = [];
    const watching = (async () => {
      for await (const event of eachEvent(runner.watch(run, -1, leave.signal))) {
        seen.push(event.type);
        if (event.type === 'call-start') leave.abort();
      }
    })();
    await watching;
    expect(seen.at(-1)).toBe('call-start');
  });

  test('a run that was interrupted goes on from its journal, and tells its story anew', async () => {
    const { run } = await begin('fixed');
    const before = eachEvent(runner.watch(run, -1, new AbortController().signal));
    const first = (await before.next()).value as RunEvent;
    await host.next();
    await runner.close();
    store.close();

    open();
    expect(store.unfinished()).toEqual(['fixed']);
    const resumed = runner.resume('fixed');
    const story = collect('fixed', first.seq);
    (await host.next()).succeed(said('Again'));
    expect(await resumed).toMatchObject({ status: 'done', outputs: { answer: 'Again' } });
    const view = emptyRun();
    for (const event of await story) foldRun(view, event);
    expect([view.status, [...view.tasks.keys()]]).toEqual(['done', ['ask', 'boss', 'reply']]);
    expect(await runner.resume('fixed')).toMatchObject({ status: 'done' });
  });

  test('a run that was interrupted within a map and a wait repeats no call that is recorded, and waits only for the rest', async () => {
    const each = {
      nodes: {
        first: { kind: 'input', config: { fields: { item: {} } } },
        get: { kind: 'http', config: { connection: 'api', operations: [{ name: 'get', description: 'd', path: '/{{ item }}' }] } },
        pause: { kind: 'wait', config: { seconds: 0.5 } },
        last: { kind: 'output', config: { fields: { got: {} } } },
      },
      links: [
        { from: 'first.item', to: 'get.item' },
        { from: 'get.body', to: 'pause.value' },
        { from: 'pause.value', to: 'last.got' },
      ],
      grants: [],
    };
    const mapping: Flow = {
      ...flow,
      nodes: {
        ask: { kind: 'input', config: { fields: { many: {} } } },
        all: { kind: 'map', config: { flow: 'each', concurrency: 2 } },
        reply: { kind: 'output', config: { fields: { out: {} } } },
      },
      links: [
        { from: 'ask.many', to: 'all.items' },
        { from: 'all.results', to: 'reply.out' },
      ],
      flows: { each },
    };
    await runner.start({ flow: mapping, plan: planOf(mapping), inputs: { many: ['a', 'b'] }, run: 'mapped' });
    const [a] = [await host.next(), await host.next()];
    a.succeed({ status: 200, headers: {}, body: 'A' });
    await expect.poll(() => store.events('mapped').some(({ type }) => type === 'wait-start')).toBe(true);
    await runner.close();
    store.close();

    open();
    const resumed = runner.resume('mapped');
    const b = await host.next();
    expect(b.call.request).toMatchObject({ path: '/b' });
    b.succeed({ status: 200, headers: {}, body: 'B' });
    expect(await resumed).toMatchObject({ status: 'done', outputs: { out: [{ got: 'A' }, { got: 'B' }] } });
    expect(
      store
        .recorded('mapped')
        .map(({ key }) => key)
        .sort(),
    ).toEqual(['all[0].get', 'all[0].pause', 'all[1].get', 'all[1].pause']);
    const view = emptyRun();
    for (const event of await collect('mapped')) foldRun(view, event);
    expect(view.tasks.get('all[1].get')).toMatchObject({ parent: 'all', status: 'done' });
    expect(view.calls.get('all[0].get')?.replayed).toBe(true);
  });

  test('cancel ends a run in flight as cancelled, and says false where there is none', async () => {
    const { run } = await begin();
    await host.next();
    expect(await runner.cancel(run)).toBe(true);
    expect(await runner.result(run)).toMatchObject({ status: 'cancelled' });
    expect(await runner.cancel(run)).toBe(false);
    expect(await runner.cancel('nobody')).toBe(false);
  });

  test('an id that is taken is refused', async () => {
    await begin('twice');
    await expect(begin('twice')).rejects.toMatchObject({ failure: { code: 'run-exists' } });
  });

  /** Until it is called again, what goes into the table finds the disk full, and its transaction is lost. */
  function fillDisk(table: string) {
    const other = new DatabaseSync(join(folder, 'runs.db'));
    other.exec(`CREATE TRIGGER full BEFORE INSERT ON ${table} BEGIN SELECT RAISE(ROLLBACK, 'database or disk is full'); END`);
    return () => {
      other.exec('DROP TRIGGER full');
      other.close();
    };
  }

  test('a run whose call cannot be recorded ends with that failure, the runner goes on, and the next start goes on with the run', async () => {
    const { run } = await begin('full');
    const watched = collect(run);
    const makeRoom = fillDisk('batches');
    (await host.next()).succeed(said('Hello'));
    expect(await runner.result(run)).toMatchObject({ status: 'failed', failure: { code: 'store-failed' } });
    expect((await watched).at(-1)).toMatchObject({ type: 'run-end', status: 'failed', failure: { code: 'store-failed' } });
    expect([(await runner.get(run))?.status, store.unfinished()]).toEqual(['failed', ['full']]);
    makeRoom();
    const { run: second } = await begin();
    (await host.next()).succeed(said('Hello'));
    expect(await runner.result(second)).toMatchObject({ status: 'done' });
    await runner.close();
    store.close();

    open();
    const resumed = runner.resume('full');
    (await host.next()).succeed(said('Again'));
    expect(await resumed).toMatchObject({ status: 'done', outputs: { answer: 'Again' } });
    expect((await collect('full')).map(({ type }) => type).filter((type) => type.startsWith('run-'))).toEqual(['run-start', 'run-end']);
  });

  test('a run that cannot be written is not accepted', async () => {
    const makeRoom = fillDisk('runs');
    await expect(begin('refused')).rejects.toMatchObject({ failure: { code: 'store-failed' } });
    makeRoom();
    expect(await runner.get('refused')).toBeUndefined();
    expect(await runner.list({ limit: 5 })).toEqual([]);
  });

  test('secrets are masked in inputs, events and what is stored', async () => {
    const mask = <T>(value: T): T => JSON.parse(JSON.stringify(value).replaceAll('s3cret', '[secret]')) as T;
    runner = createRunner({ registry: kinds, host, store, redactor: () => mask });
    const { run } = await runner.start({ flow, plan: planOf(flow), inputs: { q: 'my s3cret' } });
    const call = await host.next();
    call.say('s3cret!');
    call.succeed(said('it is s3cret'));
    await runner.result(run);
    expect(JSON.stringify([store.get(run)?.inputs, store.get(run)?.outputs, store.events(run), store.recorded(run)])).not.toContain('s3cret');
  });

  test('without a store runs work and are remembered while the process lives', async () => {
    runner = createRunner({ registry: kinds, host, redactor: () => (value) => value });
    const { run } = await begin();
    (await host.next()).succeed(said('Hello'));
    expect((await runner.result(run)).outputs).toEqual({ answer: 'Hello' });
    expect((await runner.list({ limit: 5 })).map((one) => [one.run, one.status, one.flowName])).toEqual([[run, 'done', 'Two calls']]);
    expect((await collect(run)).at(-1)?.type).toBe('run-end');
  });
});
