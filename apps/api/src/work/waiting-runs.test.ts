/** Runs that wait for a person, on the embedded runner: let go of, listed, answered once, woken by time and by a restart. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { RunStore } from '@switchyard/engine/adapters';
import { createHandSettledHost, planOf } from '@switchyard/engine/testing';
import type { Answer, Flow, RunEvent } from '@switchyard/shared';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { askedHash, askingFlow, askingKinds } from '../testing/asking-flow.ts';
import type { LocalRunner } from './runner-interface.ts';
import { eachEvent } from './event-batches.ts';
import { createRunner } from './runner.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

let folder: string;
let store: RunStore;
let runner: LocalRunner;
const troubles: string[] = [];

const open = () => {
  store = new RunStore(join(folder, 'runs.db'));
  const wakes = { onTrouble: (run: string, error: unknown) => void troubles.push(`${run}: ${String(error)}`) };
  runner = createRunner({ registry: askingKinds, host: createHandSettledHost(), store, redactor: () => (value) => value, parks: 'always', wakes });
};
const close = async () => {
  await runner.close();
  store.close();
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'switchyard-waiting-'));
  troubles.length = 0;
  open();
});
afterEach(async () => {
  await close();
  rmSync(folder, { recursive: true });
  expect(troubles).toEqual([]);
});

const start = async (flow: Flow = askingFlow(), run?: string) =>
  (await runner.start({ flow, plan: planOf(flow, askingKinds), inputs: { value: 'A1' }, ...(run !== undefined && { run }) })).run;
const approve: Answer = { choice: 'approve', hash: askedHash('A1') };
const ended = (run: string) => expect.poll(() => store.status(run), { timeout: 10_000 }).toBe('done');

describe('a run that waits for a person', () => {
  it('is told as waiting, with its question, and costs its rows alone', async () => {
    const run = await start();
    expect(await runner.result(run)).toMatchObject({ run, status: 'waiting', outputs: {} });
    expect(runner.get(run)).toMatchObject({ status: 'waiting' });
    expect(runner.list({ limit: 1 })).toMatchObject([{ run, status: 'waiting' }]);
    expect(runner.events(run, -1, 100).at(-1)).toMatchObject({ type: 'run-end', status: 'waiting' });
    expect(runner.questions()).toMatchObject([
      { run, key: 'ask', task: 'ask', flowName: 'Asking', ask: { title: 'Cancel the order?', arguments: { id: 'A1' } } },
    ]);
    expect(runner.questions({ run: 'other' })).toEqual([]);
  });

  it('goes on with the answer, and whoever watches sees both lives', async () => {
    const run = await start();
    const events: RunEvent[] = [];
    const watching = (async () => {
      for await (const event of eachEvent(runner.watch(run, -1, new AbortController().signal))) {
        events.push(event);
        if (event.type === 'run-end' && event.status === 'waiting') void runner.answer(run, 'ask', approve);
      }
    })();
    await watching;
    expect(
      events.filter(({ type }) => type === 'run-start' || type === 'run-end').map((event) => (event.type === 'run-end' ? event.status : event.type)),
    ).toEqual(['run-start', 'waiting', 'run-start', 'done']);
    expect(events.map(({ seq }) => seq)).toEqual([...events.map(({ seq }) => seq)].sort((a, b) => a - b));
    expect(store.get(run)).toMatchObject({ status: 'done', outputs: { ask: approve } });
    expect(runner.questions()).toEqual([]);
  });

  it('tells of what it goes through again that it took place when it did', async () => {
    const flow = askingFlow();
    const twice: Flow = {
      ...flow,
      nodes: { ...flow.nodes, again: { kind: 'asking', config: { event: 'seen' } } },
      links: [...flow.links, { from: 'ask.answer', to: 'again.value' }],
    };
    const run = await start(twice);
    await runner.result(run);
    await runner.answer(run, 'ask', approve);
    const told = () => runner.events(run, -1, 100).map(({ type }) => type);
    await expect.poll(() => [told().filter((type) => type === 'wait-end').length, told().at(-1)]).toEqual([1, 'run-end']);
    await new Promise((resolve) => setTimeout(resolve, 20));
    const before = Date.now();
    await runner.signal(run, 'seen', null);
    await ended(run);
    const ends = runner.events(run, -1, 100).filter((event) => event.type === 'task-end');
    const [first, second] = ['ask', 'again'].map((task) => ends.find((event) => event.task === task)?.at);
    expect(first).toBeLessThan(before);
    expect(second).toBeGreaterThanOrEqual(before);
  });

  it('began when it was first started, also where nothing was completed before it goes on', async () => {
    const run = await start();
    await runner.result(run);
    await new Promise((resolve) => setTimeout(resolve, 20));
    const before = Date.now();
    await runner.answer(run, 'ask', approve);
    await ended(run);
    const { startedAt } = store.get(run) ?? {};
    const events = runner.events(run, -1, 100);
    expect(events.find(({ type }) => type === 'run-start')?.at).toBe(startedAt);
    expect(events.find((event) => event.type === 'task-start' && event.task === 'ask')?.at).toBe(startedAt);
    expect(events.at(-1)?.at).toBeGreaterThanOrEqual(before);
  });

  it('hears the first of two answers, and the second is told so', async () => {
    const run = await start();
    await runner.result(run);
    const reject: Answer = { choice: 'reject', hash: askedHash('A1'), reason: 'no' };
    const accepted = await Promise.all([runner.answer(run, 'ask', approve), runner.answer(run, 'ask', reject)]);
    expect(accepted).toEqual([true, false]);
    await ended(run);
    expect(store.get(run)?.outputs).toEqual({ ask: approve });
    await expect(runner.answer(run, 'ask', reject)).rejects.toThrow(/has ended/);
  });

  it('refuses answers that do not fit, and keeps its question', async () => {
    const run = await start();
    await runner.result(run);
    const hash = askedHash('A1');
    for (const [answer, words] of [
      [{ choice: 'happened', hash, result: 1 }, 'it takes: approve, edit, reject'],
      [{ choice: 'approve' }, 'other arguments'],
      [{ choice: 'approve', hash: askedHash('A2') }, 'other arguments'],
      [{ choice: 'approve', hash, values: { note: 'x' } }, 'no value "note"'],
      [{ choice: 'edit', hash, arguments: { id: 5 } }, 'do not fit'],
      [{ choice: 'edit', hash, arguments: { id: 'A2', more: 1 } }, 'do not fit'],
    ] as [Answer, string][])
      await expect(runner.answer(run, 'ask', answer), JSON.stringify(answer)).rejects.toMatchObject({
        failure: { code: 'answer-invalid', message: expect.stringContaining(words) as string },
      });
    await expect(runner.answer(run, 'other', approve)).rejects.toMatchObject({ failure: { code: 'question-missing' } });
    await expect(runner.answer('nobody', 'ask', approve)).rejects.toMatchObject({ failure: { code: 'run-missing' } });
    expect(runner.questions({ run })).toHaveLength(1);
    expect(await runner.answer(run, 'ask', { choice: 'edit', hash, arguments: { id: 'A2' } })).toBe(true);
    await ended(run);
  });

  it('goes on after a restart, also where the answer came just before it', async () => {
    const [one, two] = [await start(), await start()];
    await Promise.all([runner.result(one), runner.result(two)]);
    await store.waits.keepSignal(two, 'answer/ask', approve as never);
    await close();
    open();
    await ended(two);
    const [{ since = 0 } = {}] = runner.questions();
    expect(runner.questions()).toMatchObject([{ run: one }]);
    expect(await runner.answer(one, 'ask', approve)).toBe(true);
    await ended(one);
    expect(since).toBeLessThanOrEqual(Date.now());
  });

  it('asks several at once; one answer leaves the others open, since when they were first asked', async () => {
    const run = await start(askingFlow({ ask: {}, other: {} }));
    await runner.result(run);
    const before = runner.questions().find(({ key }) => key === 'other');
    await new Promise((resolve) => setTimeout(resolve, 20));
    await runner.answer(run, 'ask', approve);
    await expect.poll(() => store.status(run)).toBe('waiting');
    await expect.poll(() => runner.questions().map(({ key }) => key)).toEqual(['other']);
    expect(runner.questions()[0]?.since).toBe(before?.since);
    await runner.answer(run, 'other', approve);
    await ended(run);
  });

  it('is cancelled while it waits', async () => {
    const run = await start();
    await runner.result(run);
    expect(await runner.cancel(run)).toBe(true);
    await expect.poll(() => store.status(run)).toBe('cancelled');
    expect(runner.questions()).toEqual([]);
    expect(await runner.cancel(run)).toBe(false);
  });

  it('goes on when its time is up, with nobody asked', async () => {
    const run = await start(askingFlow({ ask: { seconds: 0.2 } }));
    await expect.poll(() => store.status(run), { timeout: 10_000 }).toBe('failed');
    expect(store.get(run)?.failure).toMatchObject({ code: 'wait-lapsed', node: 'ask' });
    expect(runner.questions()).toEqual([]);
  });

  it('hears an outside event, once, also before it waits for it', async () => {
    const run = await start(askingFlow({ ask: {}, news: { event: 'paid' } }));
    expect(await runner.signal(run, 'paid', { sum: 5 })).toBe(true);
    expect(await runner.signal(run, 'paid', { sum: 6 })).toBe(false);
    await expect(runner.signal(run, 'answer/ask', approve as never)).rejects.toMatchObject({ failure: { code: 'signal-refused' } });
    await expect(runner.signal(run, 'cancel', null)).rejects.toMatchObject({ failure: { code: 'signal-refused' } });
    await expect.poll(() => store.status(run)).toBe('waiting');
    await runner.answer(run, 'ask', approve);
    await ended(run);
    expect(store.get(run)?.outputs).toEqual({ ask: approve, news: { sum: 5 } });
  });
});

describe('a thousand runs that wait', () => {
  it('hold no memory, and each is answered', async () => {
    const flow = askingFlow();
    const plan = planOf(flow, askingKinds);
    const many = async (from: number, count: number) => {
      for (let number = from; number < from + count; number += 100)
        await Promise.all(
          Array.from({ length: 100 }, async (_, index) => {
            const run = `r${number + index}`;
            await runner.start({ flow, plan, inputs: { value: 'A1' }, run });
            await runner.result(run);
          }),
        );
    };
    await many(0, 300);
    collect();
    const before = process.memoryUsage().heapUsed;
    await many(300, 1000);
    collect();
    const grown = process.memoryUsage().heapUsed - before;
    // 3 kB a run; one that is held costs some ten times that.
    expect(grown).toBeLessThan(3_000_000);
    expect(runner.questions({ limit: 10_000 })).toHaveLength(1300);
    await Promise.all(Array.from({ length: 1300 }, (_, number) => runner.answer(`r${number}`, 'ask', approve)));
    await expect.poll(() => runner.questions({ limit: 10 }), { timeout: 60_000, interval: 200 }).toEqual([]);
    await expect.poll(() => store.unfinished(), { timeout: 60_000, interval: 200 }).toEqual([]);
    expect(store.status('r1299')).toBe('done');
  }, 120_000);
});
