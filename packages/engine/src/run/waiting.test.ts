/** Rooms that wait for somebody outside: the time limit stands still, and what a driver lets go of goes on in another life. */
import { answerSignal, type Ask, type Flow, type Json, type RunEventBody } from '@switchyard/shared';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { createCallPort, Pools, type CallPort, type Journal, type JournalEntry } from '../adapters/drivers/index.ts';
import { defineNode, registryOf } from '../node.ts';
import { kinds } from '../nodes/index.ts';
import { hostOf, planOf } from '../testing/test-run.ts';
import { runPlan } from './index.ts';

const ask: Ask = { about: 'step', title: 'Go on?', node: 'ask' };

/** Asks a person, and gives the answer. */
const asking = defineNode({
  kind: 'asking',
  layer: 'control',
  title: 'Ask',
  tagline: 'Asks',
  icon: 'shield-check',
  doc: 'Asks.',
  config: z.strictObject({ seconds: z.number().optional() }),
  initial: {},
  summary: () => '',
  ports: () => ({ inputs: { value: {} }, outputs: { answer: {} } }),
  *run({ config: { seconds } }, context) {
    return { answer: yield* context.wait({ ask, ...(seconds !== undefined && { time: context.now() + seconds * 1000 }) }) };
  },
  examples: [],
});

const registry = registryOf([...kinds.values(), asking]);

/** A person is asked, then a minute passes. */
const flow = (seconds: number, limits: Flow['limits'] = {}): Flow => ({
  format: 'switchyard.flow',
  version: 1,
  name: 'Asked',
  nodes: {
    start: { kind: 'input', config: { fields: { q: { type: 'string' } } } },
    ask: { kind: 'asking', config: {} },
    pause: { kind: 'wait', config: { seconds } },
    end: { kind: 'output', config: { fields: { answer: {} } } },
  },
  links: [
    { from: 'start.q', to: 'ask.value' },
    { from: 'ask.answer', to: 'pause.value' },
    { from: 'pause.value', to: 'end.answer' },
  ],
  grants: [],
  limits,
});

interface Life {
  port: CallPort;
  result: ReturnType<typeof runPlan>;
  events: RunEventBody[];
}

function live(source: Flow, { entries, signals, parks }: { entries?: JournalEntry[]; signals?: Map<string, Json>; parks?: 'asked' | 'always' } = {}): Life {
  const events: RunEventBody[] = [];
  const journal: Journal = {
    record: (entry, whenDurable) => {
      entries?.push({ ...entry });
      whenDurable();
    },
  };
  const host = hostOf({});
  const port = createCallPort({
    run: 'r',
    startedAt: 0,
    host,
    pools: new Pools(host.pool),
    redact: (value) => value,
    emit: (event) => events.push(event),
    ...(entries && { journal, recorded: [...entries] }),
    ...(signals && { signals }),
    ...(parks && { parks }),
  });
  const result = runPlan(planOf(source, registry), { q: 'x' }, { run: 'r', registry, port, emit: (event) => events.push(event) });
  return { port, result, events };
}

const answer = { choice: 'approve' };

describe('a run that waits for a person', () => {
  beforeEach(() => void vi.useFakeTimers({ now: 0 }));
  afterEach(() => void vi.useRealTimers());

  test('its time limit stands still while it does nothing else', async () => {
    const { port, result } = live(flow(5, { seconds: 10 }));
    await vi.advanceTimersByTimeAsync(3_600_000);
    port.signal(answerSignal('ask'), answer);
    await vi.advanceTimersByTimeAsync(5000);
    expect(await result).toMatchObject({ status: 'done', outputs: { answer } });
  });

  test('its time limit goes on with the answer', async () => {
    const { port, result } = live(flow(20, { seconds: 10 }));
    await vi.advanceTimersByTimeAsync(3_600_000);
    port.signal(answerSignal('ask'), answer);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await result).toMatchObject({ status: 'failed', failure: { code: 'limit-seconds' } });
  });

  test('every life agrees on the time that was left', async () => {
    const entries: JournalEntry[] = [];
    const before = live(flow(5, { seconds: 10 }), { entries });
    await vi.advanceTimersByTimeAsync(3_600_000);
    before.port.signal(answerSignal('ask'), answer);
    await vi.advanceTimersByTimeAsync(1000);
    before.port.close();
    const after = live(flow(5, { seconds: 10 }), { entries });
    await vi.advanceTimersByTimeAsync(4000);
    expect(await after.result).toMatchObject({ status: 'done', outputs: { answer } });
    expect(entries.map(({ key }) => key)).toEqual(['ask', 'pause']);
  });

  test('it is let go of, and goes on from its journal with the answer', async () => {
    const entries: JournalEntry[] = [];
    const before = live(flow(0), { entries, parks: 'always' });
    await vi.advanceTimersByTimeAsync(0);
    expect(await before.result).toMatchObject({ status: 'waiting', outputs: {} });
    expect(before.port.parked).toEqual({});
    expect(before.events.at(-1)).toMatchObject({ type: 'run-end', status: 'waiting' });
    expect(vi.getTimerCount()).toBe(0);
    const after = live(flow(0), { entries, parks: 'always', signals: new Map([[answerSignal('ask'), answer]]) });
    await vi.advanceTimersByTimeAsync(0);
    expect(await after.result).toMatchObject({ status: 'done', outputs: { answer } });
  });

  test('it tells what it asks, and that it was answered', async () => {
    const { port, result, events } = live(flow(0));
    await vi.advanceTimersByTimeAsync(0);
    expect(events.at(-1)).toEqual({ type: 'wait-start', key: 'ask', task: 'ask', until: { signal: 'answer/ask', ask } });
    port.signal(answerSignal('ask'), answer);
    await vi.advanceTimersByTimeAsync(0);
    await result;
    expect(events).toContainEqual({ type: 'wait-end', key: 'ask', result: answer });
  });

  test('a cancelled run waits for nobody', async () => {
    const { port, result, events } = live(flow(0));
    await vi.advanceTimersByTimeAsync(0);
    port.signal('cancel');
    await vi.advanceTimersByTimeAsync(0);
    expect(await result).toMatchObject({ status: 'cancelled' });
    expect(events.filter(({ type }) => type === 'wait-end')).toHaveLength(1);
  });
});

describe('a run that waits for a moment', () => {
  beforeEach(() => void vi.useFakeTimers({ now: 0 }));
  afterEach(() => void vi.useRealTimers());
  const answered = new Map<string, Json>([[answerSignal('ask'), answer]]);

  test('far away: it is let go of until then', async () => {
    const entries: JournalEntry[] = [];
    const before = live(flow(3600, { seconds: 7200 }), { entries, parks: 'always', signals: answered });
    await vi.advanceTimersByTimeAsync(0);
    expect(await before.result).toMatchObject({ status: 'waiting' });
    expect(before.port.parked).toEqual({ wakeAt: 3_600_000 });
    vi.setSystemTime(3_600_000);
    const after = live(flow(3600, { seconds: 7200 }), { entries, parks: 'always', signals: answered });
    await vi.advanceTimersByTimeAsync(0);
    expect(await after.result).toMatchObject({ status: 'done' });
  });

  test('near, or where a person looks on: it stays', async () => {
    const near = live(flow(30), { entries: [], parks: 'always', signals: answered });
    const watched = live(flow(120), { entries: [], parks: 'asked', signals: answered });
    await vi.advanceTimersByTimeAsync(0);
    expect([near.port.parked, watched.port.parked]).toEqual([undefined, undefined]);
    await vi.advanceTimersByTimeAsync(120_000);
    expect(await near.result).toMatchObject({ status: 'done' });
    expect(await watched.result).toMatchObject({ status: 'done' });
  });
});
