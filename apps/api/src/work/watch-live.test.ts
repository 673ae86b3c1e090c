/** Watching a run under way, by those who keep up and those who do not: the same story, and no more of it in memory than it takes. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RunStore } from '@switchyard/engine/adapters';
import { kinds } from '@switchyard/engine/nodes';
import { createHandSettledHost, planOf } from '@switchyard/engine/testing';
import type { Flow, RunEvent } from '@switchyard/shared';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createRunner } from './runner.ts';
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
    const slow = runner.watch(run, -1, new AbortController().signal)[Symbol.asyncIterator]();
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
    for await (const event of runner.watch(run, -1, new AbortController().signal)) watched.push(event);
    expect(paged).toEqual(watched);
    await runner.close();
  });
});
