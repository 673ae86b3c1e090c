import { hash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { emptyFlow } from '@switchyard/shared';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { RunStore } from './run-store.ts';
import { storeMigrations } from './store-migrations.ts';

/** As the first version made it. */
const firstVersion = `
  PRAGMA journal_mode = WAL;
  CREATE TABLE IF NOT EXISTS runs (
    run TEXT PRIMARY KEY, flow_id TEXT, flow_name TEXT NOT NULL, flow TEXT NOT NULL, plan TEXT NOT NULL, inputs TEXT NOT NULL, status TEXT NOT NULL,
    outputs TEXT, failure TEXT, usage TEXT, started_at INTEGER NOT NULL, ended_at INTEGER
  ) STRICT;
  CREATE INDEX IF NOT EXISTS runs_by_start ON runs (started_at DESC);
  CREATE INDEX IF NOT EXISTS runs_by_flow ON runs (flow_id, started_at DESC);
  CREATE INDEX IF NOT EXISTS runs_unfinished ON runs (status) WHERE status = 'running';
  CREATE TABLE IF NOT EXISTS journal (
    id INTEGER PRIMARY KEY, run TEXT NOT NULL, key TEXT NOT NULL, kind TEXT NOT NULL, input_hash TEXT NOT NULL, completion INTEGER,
    result TEXT, failure TEXT, usage TEXT, attempt INTEGER NOT NULL, started_at INTEGER NOT NULL, ended_at INTEGER, UNIQUE (run, key)
  ) STRICT;
  CREATE TABLE IF NOT EXISTS events (run TEXT NOT NULL, seq INTEGER NOT NULL, event TEXT NOT NULL, UNIQUE (run, seq)) STRICT;
  PRAGMA user_version = 1;
`;

const flow = emptyFlow('Old');
const plan = { hash: 'h' };
let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'switchyard-versions-'));
  file = join(folder, 'runs.db');
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Two runs of one flow, the second under way, and 250 events of the first with gaps where deltas were. */
function writeFirstVersion() {
  const old = new DatabaseSync(file);
  old.exec(firstVersion);
  const insert = old.prepare(
    'INSERT INTO runs (run, flow_id, flow_name, flow, plan, inputs, status, outputs, started_at, ended_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
  );
  insert.run('ended', 'f', 'Old', JSON.stringify(flow), JSON.stringify(plan), '{"q":1}', 'done', '{"a":2}', 5, 6);
  insert.run('open', null, 'Old', JSON.stringify(flow), JSON.stringify(plan), '{}', 'running', null, 7, null);
  old.exec(
    `INSERT INTO journal (run, key, kind, input_hash, completion, result, attempt, started_at, ended_at) VALUES ('open', 'k', 'fetch', 'x', 0, '"r"', 1, 8, 9)`,
  );
  const event = old.prepare('INSERT INTO events VALUES (?, ?, ?)');
  for (let seq = 0; seq < 500; seq += 2)
    event.run('ended', seq, JSON.stringify({ type: 'task-end', task: `t${seq}`, outputs: { text: 'a, "b"' }, seq, at: seq }));
  old.close();
}

describe('a store of an older version', () => {
  test('is brought to this one with everything in it, after a copy was put aside', () => {
    writeFirstVersion();
    const store = new RunStore(file);
    expect(store.get('ended')).toMatchObject({ flowId: 'f', flow, plan, inputs: { q: 1 }, status: 'done', outputs: { a: 2 }, startedAt: 5, endedAt: 6 });
    expect([store.get('open')?.plan, store.unfinished()]).toEqual([plan, ['open']]);
    expect(store.recorded('open')).toMatchObject([{ key: 'k', completion: 0, result: 'r' }]);
    expect(store.events('ended').map(({ seq }) => seq)).toEqual(Array.from({ length: 250 }, (_, index) => index * 2));
    expect(store.events('ended', 301, 3)).toMatchObject([302, 304, 306].map((seq) => ({ seq, task: `t${seq}`, outputs: { text: 'a, "b"' } })));
    expect(store.lastSeq('ended')).toBe(498);
    store.close();

    const copies = readdirSync(join(folder, 'backups'));
    expect(copies).toHaveLength(1);
    const copy = new DatabaseSync(join(folder, 'backups', copies[0] as string), { readOnly: true });
    expect(copy.prepare('SELECT count(*) AS count FROM events').get()).toEqual({ count: 250 });
    expect(copy.prepare('PRAGMA user_version').get()).toEqual({ user_version: 1 });
    copy.close();
    new RunStore(file).close();
    expect(readdirSync(join(folder, 'backups'))).toEqual(copies);
  });

  test('keeps every entry of a journal that had a row each', () => {
    const old = new DatabaseSync(file);
    old.function('sha256', (text) => hash('sha256', String(text)));
    for (const { version, sql } of storeMigrations) if (version < 6) old.exec(sql);
    old.exec('PRAGMA user_version = 5');
    const blob = hash('sha256', '["long"]');
    old.prepare('INSERT INTO blobs VALUES (?, ?)').run(blob, '["long"]');
    const insert = old.prepare(
      'INSERT INTO journal (run, key, kind, input_hash, completion, result, failure, usage, attempt, started_at, ended_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
    );
    insert.run('a', 'say "hi"', 'fetch', 'x', 0, '{"of":null,"text":"a\\"b"}', null, '{"modelCalls":1}', 2, 8, 9);
    insert.run('b', 'k', 'query', 'y', 0, `#${blob}["beg`, null, null, 1, 8, 9);
    insert.run('a', 'failed', 'fetch', 'z', 1, null, '{"code":"busy","message":"m","retry":"never"}', null, 1, 8, 10);
    insert.run('a', 'intended', 'fetch', 'w', null, null, null, null, 1, 11, null);
    for (let index = 0; index < 300; index += 1) insert.run('c', `k${index}`, 'fetch', 'v', index, 'null', null, null, 1, 8, 9);
    old.close();
    const store = new RunStore(file);
    expect(store.recorded('a')).toEqual([
      {
        key: 'say "hi"',
        kind: 'fetch',
        inputHash: 'x',
        completion: 0,
        result: { of: null, text: 'a"b' },
        usage: { modelCalls: 1 },
        attempt: 2,
        startedAt: 8,
        endedAt: 9,
      },
      {
        key: 'failed',
        kind: 'fetch',
        inputHash: 'z',
        completion: 1,
        failure: { code: 'busy', message: 'm', retry: 'never' },
        attempt: 1,
        startedAt: 8,
        endedAt: 10,
      },
      { key: 'intended', kind: 'fetch', inputHash: 'w', attempt: 1, startedAt: 11 },
    ]);
    expect(store.recorded('b')).toEqual([{ key: 'k', kind: 'query', inputHash: 'y', completion: 0, result: ['long'], attempt: 1, startedAt: 8, endedAt: 9 }]);
    expect(store.recorded('c').map(({ completion, result }) => [completion, result])).toEqual(Array.from({ length: 300 }, (_, index) => [index, null]));
    store.close();
  });

  test('is left as it was where a step fails', () => {
    writeFirstVersion();
    const old = new DatabaseSync(file);
    old.exec('CREATE TABLE event_batches (in_the_way TEXT)');
    old.close();
    expect(() => new RunStore(file)).toThrow(/runs\.db is not opened: bringing it to version .* failed and was undone/);
    const after = new DatabaseSync(file);
    expect(after.prepare('PRAGMA user_version').get()).toEqual({ user_version: 1 });
    expect(after.prepare('SELECT count(*) AS count FROM events').get()).toEqual({ count: 250 });
    expect(after.prepare('SELECT flow FROM runs').all()).toHaveLength(2);
    after.close();
  });
});

test('the steps are numbered from 1 without gaps', () => {
  expect(storeMigrations.map(({ version }) => version)).toEqual(storeMigrations.map((_, index) => index + 1));
});

test('a file of a newer version, or no database at all, is refused and left as it is', () => {
  const newer = new DatabaseSync(file);
  newer.exec(`PRAGMA user_version = ${storeMigrations.length + 1}`);
  newer.close();
  const before = readFileSync(file);
  expect(() => new RunStore(file)).toThrow(/newer Switchyard/);
  expect(readFileSync(file)).toEqual(before);
});
