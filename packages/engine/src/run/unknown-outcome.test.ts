/** A write that was under way at a crash: its run asks a person once, and does what they say. */
import { answerSignal, type Answer, type Json, type RunEventBody } from '@switchyard/shared';
import { expect, test } from 'vitest';
import { createCallPort, Pools, type Journal, type JournalEntry } from '../adapters/drivers/index.ts';
import type { Call } from '../port.ts';
import { kinds } from '../nodes/index.ts';
import { postingFlow } from '../testing/posting-flow.ts';
import { hostOf, planOf } from '../testing/test-run.ts';
import { runPlan } from './index.ts';

/** One life; where nothing answers the write, it is broken off in the midst of it. */
async function live(entries: JournalEntry[], signals: Record<string, Answer> = {}, answer?: (call: Call) => Json) {
  const made: string[] = [];
  const events: RunEventBody[] = [];
  const underWay = Promise.withResolvers<undefined>();
  const host = hostOf({
    fetch: (call) => {
      made.push(call.target.node);
      if (answer) return { status: 200, headers: {}, body: answer(call) };
      underWay.resolve(undefined);
      return new Promise<never>(() => {});
    },
  });
  const journal: Journal = {
    record: (entry, whenDurable) => {
      const at = entries.findIndex(({ key }) => key === entry.key);
      if (at < 0) entries.push({ ...entry });
      else entries[at] = { ...entry };
      whenDurable();
    },
  };
  const port = createCallPort({
    run: 'r',
    startedAt: 0,
    host,
    pools: new Pools(host.pool),
    redact: (value) => value,
    emit: (event) => events.push(event),
    journal,
    recorded: entries.map((entry) => ({ ...entry })),
    signals: new Map(Object.entries(signals).map(([key, given]) => [answerSignal(key), given as Json])),
    parks: 'always',
  });
  const run = runPlan(planOf(postingFlow), { q: 'x' }, { run: 'r', registry: kinds, port, emit: (event) => events.push(event) });
  const result = await Promise.race([run, underWay.promise]);
  port.close();
  const asked = events.flatMap((event) => (event.type === 'wait-start' ? [event.key] : []));
  return { result, made, events, asked };
}

/** A journal that ends with a write under way. */
async function brokenOff(): Promise<JournalEntry[]> {
  const entries: JournalEntry[] = [];
  await live(entries);
  expect(entries).toMatchObject([{ key: 'post' }]);
  expect(entries[0]?.completion).toBeUndefined();
  return entries;
}

test('the run waits and shows what was written; nothing is made again', async () => {
  const entries = await brokenOff();
  for (let life = 0; life < 2; life += 1) {
    const { result, made, events, asked } = await live(entries, {}, () => 'made');
    expect(result?.status).toBe('waiting');
    expect(made).toEqual([]);
    expect(asked).toEqual(['post.outcome']);
    expect(events).toContainEqual(
      expect.objectContaining({
        type: 'wait-start',
        until: expect.objectContaining({ ask: expect.objectContaining({ about: 'outcome', node: 'post', title: 'Did the write of HTTP API take effect?' }) }),
      }),
    );
  }
});

test.each([
  ['its body', { id: 7 }, { id: 7 }],
  ['the whole answer', { status: 201, body: 'whole' }, 'whole'],
  ['nothing', null, null],
])('it happened: the run goes on with what the person tells, %s', async (_what, told, body) => {
  const { result, made } = await live(await brokenOff(), { 'post.outcome': { choice: 'happened', result: told } }, () => 'made');
  expect(result).toMatchObject({ status: 'done', outputs: { body } });
  expect(made).toEqual([]);
});

test('repeat: it is made once more, and never again in a later life', async () => {
  const entries = await brokenOff();
  const repeat: Record<string, Answer> = { 'post.outcome': { choice: 'repeat' } };
  const { result, made } = await live(entries, repeat, () => 'made');
  expect(result).toMatchObject({ status: 'done', outputs: { body: 'made' } });
  expect(made).toEqual(['post']);
  const later = await live(entries, {}, () => 'made twice');
  expect(later.result).toMatchObject({ outputs: { body: 'made' } });
  expect(later.made).toEqual([]);
});

test('repeat, and broken off again: asked again, under a key of its own', async () => {
  const entries = await brokenOff();
  const repeat: Record<string, Answer> = { 'post.outcome': { choice: 'repeat' } };
  await live(entries, repeat);
  const { result, made, asked } = await live(entries, {}, () => 'made');
  expect(result?.status).toBe('waiting');
  expect(made).toEqual([]);
  expect(asked).toContain('post.again.outcome');
});

test('give up: it fails with outcome-unknown', async () => {
  const { result, made } = await live(await brokenOff(), { 'post.outcome': { choice: 'give-up' } }, () => 'made');
  expect(result).toMatchObject({ status: 'failed', failure: { code: 'outcome-unknown', node: 'post' } });
  expect(made).toEqual([]);
});
