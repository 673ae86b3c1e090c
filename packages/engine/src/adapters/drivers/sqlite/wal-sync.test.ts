import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { walOf } from './wal-sync.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'switchyard-wal-'));
  writeFileSync(join(folder, 'some.db-wal'), 'x');
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

test('waits for a quick disk in place, and for a slow one beside the loop', async () => {
  let now = 0;
  let takesMs = 0;
  // Told twice a sync: before it and after it.
  vi.spyOn(performance, 'now').mockImplementation(() => {
    now += takesMs / 2;
    return now;
  });
  const wal = walOf(join(folder, 'some.db'));
  const isInPlace = async () => {
    let isDone = false;
    const done = new Promise<void>((resolve) => {
      wal.sync((error) => {
        expect(error).toBeNull();
        isDone = true;
        resolve();
      });
    });
    const was = isDone;
    await done;
    return was;
  };
  expect(await isInPlace()).toBe(false);
  for (let count = 0; count < 4; count += 1) await isInPlace();
  expect(await isInPlace()).toBe(true);
  takesMs = 40;
  expect(await isInPlace()).toBe(true);
  expect(await isInPlace()).toBe(false);
  wal.close();
});

test('tells what prevented a sync, in place too', async () => {
  vi.spyOn(performance, 'now').mockReturnValue(0);
  const wal = walOf(join(folder, 'some.db'));
  const synced = () => new Promise<string | undefined>((resolve) => wal.sync((error) => resolve((error as NodeJS.ErrnoException | null)?.code)));
  for (let count = 0; count < 6; count += 1) expect(await synced()).toBeUndefined();
  wal.close();
  expect(await synced()).toBe('EBADF');
  expect(() => wal.syncNow()).toThrow(/EBADF/);
});
