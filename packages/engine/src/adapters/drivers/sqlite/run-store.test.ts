import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { emptyFlow, type RunEvent } from '@switchyard/shared';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Plan } from '../../../plan.ts';
import type { JournalEntry } from '../journal.ts';
import type { StoredRun } from '../stored-run.ts';
import { RunStore } from './run-store.ts';

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
const usage = { modelCalls: 1, toolCalls: 0, inputTokens: 2, outputTokens: 3 };
const event = (seq: number): RunEvent => ({ type: 'task-end', task: 't', outputs: {}, seq, at: seq });
const entry = (key: string, more: Partial<JournalEntry> = {}): JournalEntry => ({ key, kind: 'fetch', inputHash: 'x', attempt: 1, startedAt: 1, ...more });

describe('the SQLite store', () => {
  test('gives a run back as it was accepted, in a new process too', async () => {
    await store.create(run('a'));
    store.close();
    store = new RunStore(join(folder, 'runs.db'));
    expect(store.get('a')).toEqual(run('a'));
    expect(store.unfinished()).toEqual(['a']);
  });

  test('refuses an id that is taken', async () => {
    await store.create(run('a'));
    await expect(store.create(run('a'))).rejects.toMatchObject({ failure: { code: 'run-exists' } });
    expect(store.get('a')).toEqual(run('a'));
  });

  test('a row of long events, as earlier versions wrote them, fills a page rather than being read for each of them', async () => {
    await store.create(run('a'));
    const told = Array.from({ length: 100 }, (_, seq): RunEvent => ({ type: 'task-end', task: 't', outputs: { text: 'x'.repeat(60_000) }, seq, at: seq }));
    const file = new DatabaseSync(join(folder, 'runs.db'));
    file.prepare('INSERT INTO batches (run, first, last, events) VALUES (?, 0, 99, ?)').run('a', JSON.stringify(told));
    file.close();
    const pages: number[] = [];
    for (let page = store.events('a', -1, 1000, 1_000_000); page.length > 0; page = store.events('a', page.at(-1)?.seq, 1000, 1_000_000))
      pages.push(page.length);
    expect(pages).toEqual([17, 17, 17, 17, 17, 15]);
  });

  test('a journal entry is there when it is called durable, and replaces the intent of its key but never an outcome', async () => {
    await store.create(run('a'));
    const journal = store.journal('a');
    const recorded = (one: JournalEntry) => new Promise<JournalEntry[]>((resolve) => journal.record(one, () => resolve(store.recorded('a')), true));
    expect(await recorded(entry('w'))).toEqual([entry('w')]);
    const outcome = entry('w', { completion: 0, result: { ok: true }, endedAt: 2 });
    expect(await recorded(outcome)).toEqual([outcome]);
    expect(await recorded(entry('w', { completion: 1, result: 'other', endedAt: 3 }))).toEqual([outcome]);
  });

  test('becomes durable in the order given, also over several commits', async () => {
    await store.create(run('a'));
    const journal = store.journal('a');
    const order: number[] = [];
    await new Promise<void>((resolve) => {
      for (let index = 0; index < 600; index += 1) {
        const recorded = () => {
          order.push(index);
          if (index === 599) resolve();
        };
        journal.record(entry(`k${index}`, { completion: index }), recorded, index === 599);
      }
    });
    expect(order).toEqual(Array.from({ length: 600 }, (_, index) => index));
    expect(store.recorded('a')).toHaveLength(600);
  });

  test('what is accepted is in the files at that moment, whatever happens to the process then', async () => {
    const lost: string[] = [];
    const acceptances = Array.from({ length: 20 }, async (_, index) => {
      await store.create(run(`a${index}`));
      const crashed = join(folder, `crashed-${index}.db`);
      for (const end of ['', '-wal']) copyFileSync(join(folder, `runs.db${end}`), `${crashed}${end}`);
      const after = new RunStore(crashed);
      if (!after.unfinished().includes(`a${index}`)) lost.push(`a${index}`);
      after.close();
    });
    await Promise.all(acceptances);
    expect(lost).toEqual([]);
  });

  test('close writes what is pending, and the end of a run resolves after everything of it', async () => {
    const order: string[] = [];
    void store.create(run('a')).then(() => order.push('accepted'));
    store.journal('a').record(entry('k', { completion: 0 }), () => order.push('recorded'), true);
    store.appendEvent('a', event(0));
    void store.finish('a', { status: 'done', outputs: {}, usage, endedAt: 9 }).then(() => order.push('ended'));
    store.close();
    await new Promise((resolve) => setImmediate(resolve));
    expect(order.toSorted()).toEqual(['accepted', 'ended', 'recorded']);
    expect(order.at(-1)).toBe('ended');
    store = new RunStore(join(folder, 'runs.db'));
    expect([store.get('a')?.status, store.recorded('a').length, store.lastSeq('a')]).toEqual(['done', 1, 0]);
  });

  test('a run that could not be written at all was not begun, and is begun when there is room', async () => {
    const other = new DatabaseSync(join(folder, 'runs.db'));
    other.exec(`CREATE TRIGGER refuse BEFORE INSERT ON runs BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END`);
    await expect(store.create(run('a'))).rejects.toMatchObject({
      failure: {
        code: 'store-failed',
        message: expect.stringMatching(/disk is full\. Nothing of it was begun\. See to the disk, then run it again\.$/) as string,
      },
    });
    other.exec('DROP TRIGGER refuse');
    other.close();
    await store.create(run('a'));
    expect(store.unfinished()).toEqual(['a']);
  });

  test('a run of which an event could not be written takes nothing more, another one goes on', async () => {
    await Promise.all([store.create(run('a')), store.create(run('b'))]);
    const other = new DatabaseSync(join(folder, 'runs.db'));
    other.exec(`CREATE TRIGGER refuse BEFORE INSERT ON batches WHEN new.run = 'a' BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END`);
    store.appendEvent('a', event(0));
    store.appendEvent('b', event(0));
    store.flush();
    other.exec('DROP TRIGGER refuse');
    other.close();
    const refusal = await new Promise((resolve) => store.journal('a').record(entry('k', { completion: 0 }), resolve, true));
    expect(refusal).toMatchObject({ failure: { code: 'store-failed', retry: 'never' } });
    expect(String(refusal)).toMatch(/"a".*runs\.db: database or disk is full/);
    const end = { status: 'done', outputs: {}, usage, endedAt: 9 } as const;
    await expect(store.finish('a', end)).rejects.toMatchObject({ failure: { code: 'store-failed' } });
    await store.finish('b', end);
    expect([store.unfinished(), store.recorded('a'), store.events('b')]).toEqual([['a'], [], [event(0)]]);
  });

  test('what a run tells and records between two commits is one row, and what it writes otherwise comes in its place', async () => {
    await store.create(run('a'));
    const record = (key: string) => store.journal('a').record(entry(key, { completion: 0 }), () => {}, false);
    store.appendEvent('a', event(0));
    record('k');
    store.appendEvent('a', event(1));
    void store.waits.keepSignal('a', 'go', 1);
    store.appendEvent('a', event(2));
    record('l');
    store.flush();
    const other = new DatabaseSync(join(folder, 'runs.db'), { readOnly: true });
    expect(other.prepare('SELECT first, last, json_array_length(entries) AS entries FROM batches').all()).toEqual([
      { first: 0, last: 1, entries: 1 },
      { first: 2, last: 2, entries: 1 },
    ]);
    other.close();
    store.forgetEvents('a');
    store.flush();
    expect([store.events('a'), store.lastSeq('a'), store.recorded('a').map(({ key }) => key)]).toEqual([[], -1, ['k', 'l']]);
    store.appendEvent('a', event(0));
    expect(store.events('a')).toEqual([event(0)]);
  });

  test('pages through events, and finish keeps every event before the end', async () => {
    await store.create(run('a'));
    for (let seq = 0; seq < 10; seq += 1) store.appendEvent('a', event(seq));
    await store.finish('a', { status: 'done', outputs: { answer: 1 }, usage, endedAt: 9 });
    expect(store.events('a', 3, 2).map(({ seq }) => seq)).toEqual([4, 5]);
    expect(store.lastSeq('a')).toBe(9);
    expect(store.get('a')).toMatchObject({ status: 'done', outputs: { answer: 1 }, endedAt: 9 });
    expect(store.unfinished()).toEqual([]);
  });

  test('pages through events of many commits without a gap, wherever a page ends', async () => {
    await Promise.all([store.create(run('a')), store.create(run('b'))]);
    const seqs: number[] = [];
    for (let seq = 0; seq < 300; seq += seq % 7 === 0 ? 3 : 1) {
      seqs.push(seq);
      store.appendEvent('a', event(seq));
      store.appendEvent('b', event(seq));
      if (seq % 11 === 0) store.flush();
    }
    for (const limit of [1, 2, 5, 1000]) {
      const read: number[] = [];
      for (let page = store.events('a', -1, limit); page.length > 0; page = store.events('a', read.at(-1), limit)) read.push(...page.map(({ seq }) => seq));
      expect(read).toEqual(seqs);
    }
    store.forgetEvents('a');
    expect([store.events('a'), store.lastSeq('a'), store.events('b').length]).toEqual([[], -1, seqs.length]);
  });

  test('keeps a flow and its plan once, however many runs there are of them', async () => {
    const shared = run('a');
    await Promise.all([
      store.create(shared),
      store.create({ ...shared, run: 'b' }),
      store.create(run('c')),
      store.create({ ...run('d'), flow: emptyFlow('G') }),
    ]);
    const other = new DatabaseSync(join(folder, 'runs.db'));
    expect(other.prepare('SELECT count(*) AS count FROM documents').get()).toEqual({ count: 3 });
    other.close();
    expect([store.get('b')?.flow, store.get('c')?.plan, store.get('d')?.flow]).toEqual([shared.flow, shared.plan, emptyFlow('G')]);
  });

  test('lists the newest first, by pages and by flow, without the bodies', async () => {
    for (const [index, id] of ['a', 'b', 'c', 'd'].entries()) await store.create({ ...run(id, index < 2 ? 1 : index), ...(id !== 'c' && { flowId: 'f' }) });
    expect(store.list({ limit: 2 }).map((one) => one.run)).toEqual(['d', 'c']);
    expect(store.list({ before: 'c' }).map((one) => one.run)).toEqual(['b', 'a']);
    expect(store.list({ flowId: 'f' }).map((one) => one.run)).toEqual(['d', 'b', 'a']);
    expect(store.list()[0]).not.toHaveProperty('plan');
  });
});
