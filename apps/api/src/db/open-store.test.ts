/** Opening the store: made once, brought up to date with a copy first, and never put in the place of something else. */
import { existsSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../testing/test-server.ts';
import { createFlow, listFlows } from './flows.ts';
import { migrations, type Migration } from './migrations.ts';
import { openStore } from './open-store.ts';
import { echoFlow } from '../testing/ask-flow.ts';

let folder: ReturnType<typeof temporaryFolder>;
let file: string;
beforeEach(() => {
  folder = temporaryFolder();
  file = join(folder.path, 'switchyard.db');
});
afterEach(() => folder.remove());

const opened = async (...args: Parameters<typeof openStore>) => {
  const store = openStore(...args);
  const flows = await listFlows(store.database);
  store.close();
  return { isNew: store.isNew, flows };
};
const second: Migration = { version: 2, title: 'a further column', sql: "ALTER TABLE flows ADD COLUMN owner TEXT NOT NULL DEFAULT ''" };

describe('the store', () => {
  it('tells a full disk as a failure that may pass, and goes on when there is room', async () => {
    const store = openStore(file);
    const pages = (store.sqlite.prepare('PRAGMA page_count').get() as { page_count: number }).page_count;
    const long = { ...echoFlow(), description: 'x'.repeat(200_000) };
    store.sqlite.exec(`PRAGMA max_page_count = ${pages + 2}`);
    await expect(createFlow(store.database, long, 'one')).rejects.toMatchObject({
      failure: { code: 'store-failed', message: expect.stringContaining(file) as string },
    });
    store.sqlite.exec(`PRAGMA max_page_count = ${pages + 1000}`);
    await createFlow(store.database, long, 'one');
    store.close();
    expect(await opened(file)).toMatchObject({ flows: [{ id: 'one' }] });
  });

  it('is made in an empty folder, durable, and found again', async () => {
    const store = openStore(file);
    expect(store.isNew).toBe(true);
    expect(store.sqlite.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
    expect(store.sqlite.prepare('PRAGMA synchronous').get()).toEqual({ synchronous: 2 });
    expect(store.sqlite.prepare('PRAGMA foreign_keys').get()).toEqual({ foreign_keys: 1 });
    await createFlow(store.database, echoFlow(), 'one');
    store.close();
    expect(await opened(file)).toMatchObject({ isNew: false, flows: [{ id: 'one' }] });
    expect(existsSync(join(folder.path, 'backups'))).toBe(false);
  });

  it.each([
    ['text', () => writeFileSync(file, 'This is a letter, and a long one at that. '.repeat(200))],
    ['another database', () => new DatabaseSync(file).exec('CREATE TABLE notes (text TEXT)')],
    [
      'a damaged store',
      () => {
        openStore(file).close();
        writeFileSync(file, Buffer.concat([Buffer.alloc(100), readFileSync(file).subarray(100)]));
      },
    ],
    ['a store of a newer version', () => openStore(file, [...migrations, second]).close()],
  ])('refuses %s and leaves it as it is', (_, make) => {
    make();
    const before = readFileSync(file);
    expect(() => openStore(file)).toThrow(expect.objectContaining({ failure: expect.objectContaining({ code: 'store-refused' }) as unknown }) as Error);
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  it('is not made anew where it was lost', () => {
    openStore(file).close();
    writeFileSync(join(folder.path, 'vault.key'), 'a key');
    truncateSync(file);
    expect(() => openStore(file)).toThrow(/missing or empty.*vault\.key/);
    expect(statSync(file).size).toBe(0);
  });

  it('is copied before it is brought to a newer version', async () => {
    const store = openStore(file);
    await createFlow(store.database, echoFlow(), 'kept');
    store.close();
    const newer = openStore(file, [...migrations, second]);
    expect(newer.sqlite.prepare('SELECT id, owner FROM flows').all()).toEqual([{ id: 'kept', owner: '' }]);
    newer.close();
    const [copy] = readdirSync(join(folder.path, 'backups'));
    expect(copy).toMatch(/^switchyard-v1-.*\.db$/);
    expect((await opened(join(folder.path, 'backups', copy as string))).flows).toMatchObject([{ id: 'kept' }]);
  });

  it('stays as it was where a migration fails half way', async () => {
    const store = openStore(file);
    await createFlow(store.database, echoFlow(), 'kept');
    store.close();
    const broken: Migration = { version: 2, title: 'broken', sql: `${second.sql}; INSERT INTO nowhere VALUES (1)` };
    expect(() => openStore(file, [...migrations, broken])).toThrow(/version 2 \(broken\) failed and was undone/);
    expect((await opened(file)).flows).toMatchObject([{ id: 'kept' }]);
    const again = new DatabaseSync(file);
    expect(again.prepare('PRAGMA user_version').get()).toEqual({ user_version: 1 });
    expect(again.prepare("SELECT count(*) AS count FROM pragma_table_info('flows') WHERE name = 'owner'").get()).toEqual({ count: 0 });
    again.close();
  });

  it('numbers its migrations from 1 without gaps', () => {
    expect(migrations.map(({ version }) => version)).toEqual(migrations.map((_, index) => index + 1));
  });
});
