import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { killLoop } from './kill-loop.ts';
import { seed, tries } from '../../../testing/thorough.ts';
import { RunStore } from '../sqlite/run-store.ts';

const folder = mkdtempSync(join(tmpdir(), 'switchyard-killed-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const kills = tries(8, 60);

test(`a run on sqlite whose process is killed ${kills} times ends, with nothing lost and nothing journaled made twice`, async () => {
  const place = join(folder, 'runs.db');
  const journal = async (run: string) => {
    const store = new RunStore(place);
    const entries = store.recorded(run);
    store.close();
    return entries;
  };
  const loop = await killLoop({ driver: 'sqlite', place, run: 'killed', kills, seed, journal });
  expect(loop.repeated).toEqual([]);
  expect(loop.said).toContain('["lane0.7 done","lane1.7 done","lane2.7 done","lane3.7 done"]');
  expect(loop.journal.map(({ completion }) => completion).sort((a, b) => Number(a) - Number(b))).toEqual(Array.from({ length: 32 }, (_, index) => index));
  expect(loop.kills).toBeGreaterThan(0);
}, 300_000);
