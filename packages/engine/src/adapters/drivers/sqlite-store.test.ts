import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { emptyFlow, type RunEvent } from '@switchyard/shared';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Plan } from '../../plan.ts';
import type { JournalEntry } from './journal.ts';
import { RunStore, type StoredRun } from './sqlite-store.ts';

let folder: string;
let store: RunStore;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'switchyard-store-'));
  store = new RunStore(join(folder, 'runs.db'));
});

afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true });
});

const run = (id: string, startedAt = 1): StoredRun => ({
  run: id,
  flow: emptyFlow('F'),
  plan: { hash: 'h' } as Plan,
  inputs: { question: 'q' },
  status: 'running',
  startedAt,
});
const event = (seq: number): RunEvent => ({ type: 'task-end', task: 't', outputs: {}, seq, at: seq });
const entry = (key: string, more: Partial<JournalEntry> = {}): JournalEntry => ({ key, kind: 'fetch', inputHash: 'x', attempt: 1, startedAt: 1, ...more });

describe('the SQLite store', () => {
  test('gives a run back as it was accepted, in a new process too', () => {
    store.create(run('a'));
    store.close();
    store = new RunStore(join(folder, 'runs.db'));
    expect(store.get('a')).toEqual(run('a'));
    expect(store.unfinished()).toEqual(['a']);
  });

  test('refuses an id that is taken', () => {
    store.create(run('a'));
    expect(() => store.create(run('a'))).toThrow();
  });

  test('a journal entry is there when it is called durable, and replaces the intent of its key but never an outcome', async () => {
    store.create(run('a'));
    const journal = store.journal('a');
    const recorded = (one: JournalEntry) => new Promise<JournalEntry[]>((resolve) => journal.record(one, () => resolve(store.recorded('a'))));
    expect(await recorded(entry('w'))).toEqual([entry('w')]);
    const outcome = entry('w', { completion: 0, result: { ok: true }, endedAt: 2 });
    expect(await recorded(outcome)).toEqual([outcome]);
    expect(await recorded(entry('w', { completion: 1, result: 'other', endedAt: 3 }))).toEqual([outcome]);
  });

  test('becomes durable in the order given, also over several commits', async () => {
    store.create(run('a'));
    const journal = store.journal('a');
    const order: number[] = [];
    await new Promise<void>((resolve) => {
      for (let index = 0; index < 600; index += 1) {
        journal.record(entry(`k${index}`, { completion: index }), () => {
          order.push(index);
          if (index === 599) resolve();
        });
      }
    });
    expect(order).toEqual(Array.from({ length: 600 }, (_, index) => index));
    expect(store.recorded('a')).toHaveLength(600);
  });

  test('pages through events, and finish keeps every event before the end', () => {
    store.create(run('a'));
    for (let seq = 0; seq < 10; seq += 1) store.appendEvent('a', event(seq));
    store.finish('a', { status: 'done', outputs: { answer: 1 }, usage: { modelCalls: 1, toolCalls: 0, inputTokens: 2, outputTokens: 3 }, endedAt: 9 });
    expect(store.events('a', 3, 2).map(({ seq }) => seq)).toEqual([4, 5]);
    expect(store.lastSeq('a')).toBe(9);
    expect(store.get('a')).toMatchObject({ status: 'done', outputs: { answer: 1 }, endedAt: 9 });
    expect(store.unfinished()).toEqual([]);
  });

  test('lists the newest first, by pages and by flow, without the bodies', () => {
    for (const [index, id] of ['a', 'b', 'c', 'd'].entries()) store.create({ ...run(id, index < 2 ? 1 : index), ...(id !== 'c' && { flowId: 'f' }) });
    expect(store.list({ limit: 2 }).map((one) => one.run)).toEqual(['d', 'c']);
    expect(store.list({ before: 'c' }).map((one) => one.run)).toEqual(['b', 'a']);
    expect(store.list({ flowId: 'f' }).map((one) => one.run)).toEqual(['d', 'b', 'a']);
    expect(store.list()[0]).not.toHaveProperty('plan');
  });

  test('refuses a file of a newer version and leaves it as it is', () => {
    store.close();
    const file = join(folder, 'newer.db');
    const newer = new DatabaseSync(file);
    newer.exec('PRAGMA user_version = 2');
    newer.close();
    const before = readFileSync(file);
    expect(() => new RunStore(file)).toThrow(/newer Switchyard/);
    expect(readFileSync(file)).toEqual(before);
    store = new RunStore(join(folder, 'runs.db'));
  });
});
