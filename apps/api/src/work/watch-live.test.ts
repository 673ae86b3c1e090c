/** Watching a run under way, by those who keep up and those who do not: the same story, and no more of it in memory than it takes. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { RunStore } from '@switchyard/engine/adapters';
import { kinds } from '@switchyard/engine/nodes';
import { createHandSettledHost, planOf } from '@switchyard/engine/testing';
import type { Flow, JsonObject, RunEvent } from '@switchyard/shared';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { eachEvent } from './event-batches.ts';
import { sizeOf } from './event-size.ts';
import type { LiveRun } from './live-run.ts';
import { createRunner } from './runner.ts';
import { watchLive } from './watch-live.ts';
import type { LocalRunner } from './runner-interface.ts';

const items = 700;
/** A template for each item: some thousand events, most of them told before the one call of the run. */
const flow: Flow = {
  format: 'switchyard.flow',
  version: 1,
  name: 'Many',
  nodes: {
    ask: { kind: 'input', config: { fields: { items: { type: 'array' } } } },
    each: { kind: 'map', config: { flow: 'one' } },
    boss: { kind: 'control', config: { model: 'm' } },
    reply: { kind: 'output', config: { fields: { answer: {} } } },
  },
  links: [
    { from: 'ask.items', to: 'each.items' },
    { from: 'each.results', to: 'boss.request' },
    { from: 'boss.answer', to: 'reply.answer' },
  ],
  grants: [],
  flows: {
    one: {
      nodes: {
        in: { kind: 'input', config: { fields: { item: {} } } },
        say: { kind: 'template', config: { template: 'item {{item}}' } },
        out: { kind: 'output', config: { fields: { said: {} } } },
      },
      links: [
        { from: 'in.item', to: 'say.item' },
        { from: 'say.text', to: 'out.said' },
      ],
      grants: [],
    },
  },
};

let folder: string;
let store: RunStore;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'switchyard-watch-'));
  store = new RunStore(join(folder, 'runs.db'));
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true });
});

describe.each(['with a store', 'without a store'])('a watcher %s', (kind) => {
  const open = () => {
    const host = createHandSettledHost();
    const isDurable = kind === 'with a store';
    return { host, runner: createRunner({ registry: kinds, host, redactor: () => (value) => value, ...(isDurable && { store }) }) };
  };
  const begin = async (runner: LocalRunner) =>
    (await runner.start({ flow, plan: planOf(flow), inputs: { items: Array.from({ length: items }, (_, index) => index) } })).run;

  test('that stops taking events for a while misses none of them', async () => {
    const { host, runner } = open();
    const run = await begin(runner);
    const seen: RunEvent[] = [];
    const slow = eachEvent(runner.watch(run, -1, new AbortController().signal));
    seen.push((await slow.next()).value as RunEvent);
    // Everything but the end happens while it does not look.
    const call = await host.next();
    call.say('Hel');
    for (let isTelling = true; isTelling; ) {
      const event = (await slow.next()).value as RunEvent;
      seen.push(event);
      isTelling = event.type !== 'call-delta';
    }
    call.succeed({ text: 'Hello', toolCalls: [], finish: 'stop', served: 'm' });
    for (let step = await slow.next(); !step.done; step = await slow.next()) seen.push(step.value);
    expect(seen.map(({ seq }) => seq)).toEqual(Array.from({ length: seen.length }, (_, seq) => seq));
    expect(seen.length).toBeGreaterThan(items * 6);
    expect(seen.at(-1)).toMatchObject({ type: 'run-end', status: 'done', outputs: { answer: 'Hello' } });
    await runner.close();
  });

  test('gets the same story page by page', async () => {
    const { host, runner } = open();
    const run = await begin(runner);
    (await host.next()).succeed({ text: 'Hello', toolCalls: [], finish: 'stop', served: 'm' });
    await runner.result(run);
    const paged: RunEvent[] = [];
    for (let page = runner.events(run, -1, 500); page.length > 0; page = runner.events(run, paged.at(-1)?.seq ?? -1, 500)) paged.push(...page);
    const watched: RunEvent[] = [];
    for await (const event of eachEvent(runner.watch(run, -1, new AbortController().signal))) watched.push(event);
    expect(paged).toEqual(watched);
    await runner.close();
  });

  test('that comes again from the id of any batch misses nothing and gets nothing twice', async () => {
    const { host, runner } = open();
    const run = await begin(runner);
    const seen: RunEvent[] = [];
    let batches = 0;
    // Each batch over a connection of its own; the first ones while the run goes on.
    for (let isOver = false; !isOver; batches += 1) {
      if (batches === 2) (await host.next()).succeed({ text: 'Hello', toolCalls: [], finish: 'stop', served: 'm' });
      for await (const batch of runner.watch(run, seen.at(-1)?.seq ?? -1, new AbortController().signal)) {
        expect(batch.length).toBeGreaterThan(0);
        expect(batch.length).toBeLessThanOrEqual(1000);
        seen.push(...batch);
        break;
      }
      isOver = seen.at(-1)?.type === 'run-end';
    }
    expect(seen.map(({ seq }) => seq)).toEqual(Array.from({ length: seen.length }, (_, seq) => seq));
    expect(seen.length).toBeGreaterThan(items * 6);
    expect(batches).toBeLessThan(seen.length / 100);
    await runner.close();
  });

  test('that takes all there is at once lets others have their turn', async () => {
    const { host, runner } = open();
    const run = await begin(runner);
    (await host.next()).succeed({ text: 'Hello', toolCalls: [], finish: 'stop', served: 'm' });
    await runner.result(run);
    let turns = 0;
    let isOver = false;
    const look = () => {
      turns += 1;
      if (!isOver) setImmediate(look);
    };
    setImmediate(look);
    let seen = 0;
    for await (const _ of eachEvent(runner.watch(run, -1, new AbortController().signal))) seen += 1;
    isOver = true;
    expect(turns).toBeGreaterThanOrEqual(Math.floor(seen / 1000));
    await runner.close();
  });
});

/** A run that tells what the test says; `pages` are the seqs after which it was read. */
function toldByHand() {
  const told: RunEvent[] = [];
  const pages: number[] = [];
  let listener = (_event: RunEvent, _size: number) => {};
  const live: Pick<LiveRun, 'hasEnded' | 'listen' | 'page'> = {
    hasEnded: false,
    listen: (listening) => {
      listener = listening;
      return () => {};
    },
    page: (after) => {
      pages.push(after);
      return { events: told.filter(({ seq }) => seq > after), isAll: true };
    },
  };
  const leave = new AbortController();
  const tell = (length: number) => {
    const event: RunEvent = { type: 'task-end', task: 't', outputs: { text: 'x'.repeat(length) }, seq: told.length, at: 0 };
    told.push(event);
    listener(event, sizeOf(event));
  };
  return { told, pages, tell, leave, watching: watchLive(live as LiveRun, -1, leave.signal) };
}

const seqsOf = (step: IteratorResult<RunEvent[], unknown>) => (step.value as RunEvent[]).map(({ seq }) => seq);

test('the first event of a quiet run waits for no other', async () => {
  const { tell, watching, leave } = toldByHand();
  for (const seq of [0, 1]) {
    const next = watching.next();
    await nextTurn();
    tell(1);
    // No time passes: it is there in the turn after.
    let step: IteratorResult<RunEvent[], unknown> | undefined;
    void next.then((value) => (step = value));
    await nextTurn();
    await nextTurn();
    expect(step && seqsOf(step)).toEqual([seq]);
  }
  leave.abort();
});

test('what happens in one turn of the event loop is one batch', async () => {
  const { tell, watching, leave } = toldByHand();
  const first = watching.next();
  await nextTurn();
  for (let index = 0; index < 300; index += 1) {
    tell(1);
    // As a run tells: between two events promises settle.
    await Promise.resolve();
  }
  expect(seqsOf(await first)).toEqual(Array.from({ length: 300 }, (_, seq) => seq));
  leave.abort();
});

test('a watcher that does not look holds few long events, and reads them again', async () => {
  const { told, pages, tell, watching } = toldByHand();
  tell(600_000);
  const seen = (await watching.next()).value as RunEvent[];
  for (let index = 0; index < 5; index += 1) tell(600_000);
  while (seen.length < told.length) seen.push(...((await watching.next()).value as RunEvent[]));
  expect(seen).toEqual(told);
  expect(pages).toEqual([-1, 0]);
});

test('the size of an event is about that of its JSON, and counted to a million', () => {
  const sized = (outputs: JsonObject) => sizeOf({ type: 'task-end', task: 't', outputs, seq: 0, at: 0 });
  expect(sized({ text: 'x'.repeat(50_000) })).toBeGreaterThan(50_000);
  expect(sized({ text: 'x'.repeat(50_000) })).toBeLessThan(51_000);
  expect(sized({ list: new Array<number>(3_000_000).fill(0) })).toBe(1_000_000);
});
