import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { GroupCommit } from './group-commit.ts';
import { walOf, type WalSync } from './wal-sync.ts';

let folder: string;
let database: DatabaseSync;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'switchyard-commits-'));
  database = new DatabaseSync(join(folder, 'some.db'));
  database.exec('PRAGMA journal_mode = WAL; CREATE TABLE words (word TEXT PRIMARY KEY) STRICT');
});

afterEach(() => {
  vi.useRealTimers();
  database.close();
  rmSync(folder, { recursive: true });
});

/** A disk whose syncs end when told to. */
function slowDisk() {
  const waiting: ((error: Error | null) => void)[] = [];
  const wal: WalSync = { sync: (done) => waiting.push(done), syncNow: () => {}, close: () => {} };
  return { wal, waiting };
}

const words = () => (database.prepare('SELECT word FROM words ORDER BY rowid').all() as { word: string }[]).map(({ word }) => word);
const nextTurn = () => new Promise((resolve) => setImmediate(resolve));
/** More turns than a transaction gathers for when nothing comes. */
const someTurns = async () => {
  for (let turn = 0; turn < 4; turn += 1) await nextTurn();
};

/** Adds words one by one; tells how each was settled, in order. */
function writer(commits: GroupCommit) {
  const insert = database.prepare('INSERT INTO words VALUES (?)');
  const settled: string[] = [];
  const add = (word: string, isAwaited = true) =>
    commits.add({ isAwaited, run: () => insert.run(word), settle: (error) => settled.push(error ? `${word}: ${error.message}` : word) });
  return { add, settled };
}

describe('a group commit', () => {
  test('settles nothing before the WAL is on the disk, and gathers meanwhile', async () => {
    const { wal, waiting } = slowDisk();
    const commits = new GroupCommit(database, wal);
    const { add, settled } = writer(commits);
    add('a');
    await someTurns();
    expect([words(), waiting.length, settled]).toEqual([['a'], 1, []]);
    add('b');
    add('c');
    await someTurns();
    expect([words(), waiting.length, settled]).toEqual([['a'], 1, []]);
    waiting.shift()?.(null);
    expect(settled).toEqual(['a']);
    await someTurns();
    expect([words(), waiting.length, settled]).toEqual([['a', 'b', 'c'], 1, ['a']]);
    waiting.shift()?.(null);
    expect([waiting.length, settled]).toEqual([0, ['a', 'b', 'c']]);
    commits.close();
  });

  test('gathers while writes come, and no longer than a moment', async () => {
    let now = 1000;
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => now);
    try {
      const { wal, waiting } = slowDisk();
      const commits = new GroupCommit(database, wal);
      const { add } = writer(commits);
      for (let turn = 0; turn < 20; turn += 1) {
        add(`${turn}`);
        await nextTurn();
      }
      expect([words(), waiting.length]).toEqual([[], 0]);
      now += 2;
      add('last');
      await nextTurn();
      expect([words().length, waiting.length]).toEqual([21, 1]);
      commits.close();
    } finally {
      clock.mockRestore();
    }
  });

  test('begins nothing for what nobody waits for, but takes it along in its order, and brings it to the disk after a while', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { wal, waiting } = slowDisk();
    const commits = new GroupCommit(database, wal);
    const { add, settled } = writer(commits);
    add('told', false);
    await someTurns();
    expect([words(), waiting.length]).toEqual([[], 0]);
    add('asked');
    add('told too', false);
    await someTurns();
    expect([words(), waiting.length]).toEqual([['told', 'asked', 'told too'], 1]);
    add('later', false);
    waiting.shift()?.(null);
    await someTurns();
    expect([waiting.length, settled]).toEqual([0, ['told', 'asked', 'told too']]);
    vi.advanceTimersByTime(5);
    expect([waiting.length, words().at(-1)]).toEqual([1, 'later']);
    for (let index = 0; index < 256; index += 1) add(`b${index}`, false);
    waiting.shift()?.(null);
    await someTurns();
    expect([waiting.length, words().length]).toEqual([1, 260]);
    add('last', false);
    commits.close();
    expect(settled.at(-1)).toBe('last');
  });

  test('goes at once with what nobody waited for when somebody does', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { wal, waiting } = slowDisk();
    const commits = new GroupCommit(database, wal);
    const { add, settled } = writer(commits);
    commits.hasten();
    add('held', false);
    await someTurns();
    expect(waiting).toHaveLength(0);
    commits.hasten();
    await someTurns();
    expect([words(), waiting.length]).toEqual([['held'], 1]);
    add('next', false);
    commits.hasten();
    waiting.shift()?.(null);
    await someTurns();
    expect([words(), waiting.length, settled]).toEqual([['held', 'next'], 1, ['held']]);
    commits.close();
  });

  test('a flush settles all in order and once, also what was on its way', async () => {
    const { wal, waiting } = slowDisk();
    const commits = new GroupCommit(database, wal);
    const { add, settled } = writer(commits);
    add('a');
    await someTurns();
    for (let index = 0; index < 300; index += 1) add(`b${index}`);
    commits.flush();
    const all = ['a', ...Array.from({ length: 300 }, (_, index) => `b${index}`)];
    expect(settled).toEqual(all);
    waiting.shift()?.(null);
    await someTurns();
    expect(settled).toEqual(all);
    expect([words(), waiting]).toEqual([all, []]);
    commits.close();
  });

  test('a write that fails by itself is undone alone', async () => {
    const commits = new GroupCommit(database, walOf(join(folder, 'some.db')));
    const { add, settled } = writer(commits);
    for (const word of ['a', 'a', 'b']) add(word);
    commits.close();
    expect(words()).toEqual(['a', 'b']);
    expect(settled.toSorted()).toEqual(['a', 'a: UNIQUE constraint failed: words.word', 'b']);
  });

  test('on a full disk every write of the transaction fails, and later ones go on once there is room', async () => {
    const commits = new GroupCommit(database, walOf(join(folder, 'some.db')));
    const { add, settled } = writer(commits);
    const { page_count: pages } = database.prepare('PRAGMA page_count').get() as { page_count: number };
    database.exec(`PRAGMA max_page_count = ${pages + 1}`);
    for (const letter of ['a', 'b', 'c']) add(letter.repeat(20_000));
    commits.flush();
    expect(settled.map((told) => told.split(': ')[1])).toEqual(Array.from({ length: 3 }, () => 'database or disk is full'));
    expect(words()).toEqual([]);
    database.exec('PRAGMA max_page_count = 1000000');
    add('d');
    commits.close();
    expect(words()).toEqual(['d']);
  });

  test('where the WAL could not be synced nothing later is called durable either', async () => {
    const { wal, waiting } = slowDisk();
    const commits = new GroupCommit(database, wal);
    const { add, settled } = writer(commits);
    add('a');
    await someTurns();
    waiting.shift()?.(new Error('EIO'));
    add('b');
    await someTurns();
    expect(settled).toEqual(['a: EIO', 'b: EIO']);
    commits.close();
  });
});
