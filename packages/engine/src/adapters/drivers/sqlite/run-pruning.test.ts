import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { emptyFlow, type Flow, type Json, type RunEvent } from '@switchyard/shared';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Plan } from '../../../plan.ts';
import type { Kept } from '../pruning.ts';
import { RunStore } from './run-store.ts';

let folder: string;
let store: RunStore;
const file = () => join(folder, 'runs.db');

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'switchyard-pruning-'));
  store = new RunStore(file());
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true });
});

const usage = { modelCalls: 0, toolCalls: 0, inputTokens: 0, outputTokens: 0 };
const plan = { hash: 'h' } as Plan;
const long = (text: string) => text.repeat(100_000 / text.length);

interface Made {
  endedAt?: number;
  flow?: Flow;
  result?: Json;
  events?: number;
}

/** A run with one call, ended where `endedAt` is given. */
async function make(run: string, { endedAt, flow = emptyFlow('F'), result = 'short', events = 2 }: Made): Promise<void> {
  await store.create({ run, flow, plan, inputs: {}, status: 'running', startedAt: 1 });
  await new Promise<void>((resolve) => {
    store.journal(run).record({ key: 'k', kind: 'fetch', inputHash: 'x', attempt: 1, startedAt: 1, completion: 0, result }, () => resolve(), true);
  });
  for (let seq = 0; seq < events; seq += 1) store.appendEvent(run, { type: 'call-end', key: 'k', attempt: 1, ms: 1, result, seq, at: seq } as RunEvent);
  if (endedAt === undefined) store.flush();
  else await store.finish(run, { status: 'done', outputs: { result }, usage, endedAt });
}

async function prune(kept: Kept): Promise<number> {
  let slices = 1;
  while (await store.pruning.slice(kept)) slices += 1;
  return slices;
}

function count(table: string): number {
  const other = new DatabaseSync(file(), { readOnly: true });
  const [row] = other.prepare(`SELECT count(*) AS count FROM ${table}`).all() as { count: number }[];
  other.close();
  return row?.count ?? 0;
}

const runs = () => store.list({ limit: 200 }).map(({ run }) => run);

describe('pruning', () => {
  test('removes runs that ended too long ago, with all that is theirs, and none that has not ended', async () => {
    await make('old', { endedAt: 10, flow: emptyFlow('Old') });
    await make('new', { endedAt: 20 });
    await make('open', {});
    await store.create({ run: 'waiting', flow: emptyFlow('F'), plan, inputs: {}, status: 'running', startedAt: 1 });
    await store.waits.park('waiting', { heard: 0, outputs: {}, usage });
    await prune({ endedAfter: 20 });
    expect(runs().toSorted()).toEqual(['new', 'open', 'waiting']);
    expect([store.get('old'), store.recorded('old'), store.events('old')]).toEqual([undefined, [], []]);
    expect([store.recorded('new').length, store.events('new').length]).toEqual([1, 2]);
    // Of flows, the one that only it ran is gone.
    expect([count('documents'), count('leaving')]).toEqual([2, 0]);
    await prune({ endedAfter: Infinity, runs: 1 });
    expect(runs().toSorted()).toEqual(['open', 'waiting']);
    expect([store.get('open')?.flow.name, store.recorded('open').length]).toEqual(['F', 1]);
  });

  test('keeps so many runs, those that ended last', async () => {
    for (const [index, endedAt] of [30, 10, 20, 40].entries()) await make(`r${index}`, { endedAt });
    await make('open', {});
    await prune({ runs: 2 });
    expect(runs().toSorted()).toEqual(['open', 'r0', 'r3']);
    expect(await prune({ runs: 2 })).toBe(1);
  });

  test('a long value goes with the last run that refers to it', async () => {
    const shared = { text: long('shared ') };
    await make('a', { endedAt: 1, result: shared });
    await make('b', { endedAt: 2, result: { text: long('shared ') } });
    await make('c', { endedAt: 3, result: { text: long('own ') } });
    // The result of each, and the outputs that it stands in.
    expect(count('blobs')).toBe(4);
    await prune({ runs: 2 });
    expect(count('blobs')).toBe(4);
    expect(store.recorded('b')[0]?.result).toEqual(shared);
    await prune({ runs: 1 });
    expect(count('blobs')).toBe(2);
    await prune({ endedAfter: Infinity });
    expect([count('blobs'), count('run_blobs'), count('documents')]).toEqual([0, 0, 0]);
  });

  test('a large run goes in slices, none of which holds the loop up for long, and a crash between them loses nothing', async () => {
    for (let index = 0; index < 40; index += 1) await make(`r${index}`, { endedAt: index, result: { text: long(`${index} `) }, events: 20 });
    const longestSlice = async (slices: number) => {
      let longest = 0;
      for (let index = 0; index < slices; index += 1) {
        const isLeft = store.pruning.slice({ endedAfter: Infinity });
        const begin = performance.now();
        store.flush();
        longest = Math.max(longest, performance.now() - begin);
        if (!(await isLeft)) break;
      }
      return longest;
    };
    // Of a busy machine: the slice itself ends after some milliseconds.
    expect(await longestSlice(2)).toBeLessThan(200);
    store.close();
    store = new RunStore(file());
    await longestSlice(Infinity);
    for (const table of ['runs', 'batches', 'blobs', 'run_blobs', 'programs', 'documents', 'leaving']) expect([table, count(table)]).toEqual([table, 0]);
  });

  test('a new run may have the id of one whose rows are still leaving', async () => {
    await make('a', { endedAt: 1, events: 5 });
    const other = new DatabaseSync(file());
    other.exec(`DELETE FROM runs; INSERT INTO leaving VALUES ('a')`);
    other.close();
    store.close();
    store = new RunStore(file());
    await make('a', { endedAt: 2, events: 1 });
    await prune({ endedAfter: 2 });
    expect([store.events('a').length, store.recorded('a').length, store.get('a')?.endedAt]).toEqual([1, 1, 2]);
  });

  test('the file does not grow with the runs that have been, and gives back what it needs no longer', async () => {
    const size = () => statSync(file()).size;
    let largest = 0;
    for (let round = 0; round < 4; round += 1) {
      for (let index = 0; index < 20; index += 1)
        await make(`r${round}-${index}`, { endedAt: round * 100 + index, result: { text: long(`${round} ${index} `) } });
      await prune({ runs: 10 });
      if (round === 1) largest = size();
    }
    expect(size()).toBeLessThan(1.5 * largest);
    await prune({ endedAfter: Infinity });
    store.close();
    expect(size()).toBeLessThan(largest / 3);
    store = new RunStore(file());
  });

  test('whatever runs there are, exactly those are left that the policy keeps, each whole', async () => {
    const made = fc.array(fc.record({ endedAt: fc.option(fc.nat(20), { nil: undefined }), text: fc.constantFrom('a', 'b', long('c'), long('d')) }), {
      maxLength: 12,
    });
    await fc.assert(
      fc.asyncProperty(made, fc.option(fc.nat(20), { nil: undefined }), fc.option(fc.nat(6), { nil: undefined }), async (all, endedAfter, most) => {
        store.close();
        rmSync(file());
        store = new RunStore(file());
        for (const [index, { endedAt, text }] of all.entries())
          await make(`r${index}`, { result: { text }, ...(endedAt !== undefined && { endedAt: endedAt * 100 + index }) });
        await prune({ ...(endedAfter !== undefined && { endedAfter: endedAfter * 100 }), ...(most !== undefined && { runs: most }) });
        const ended = all
          .map(({ endedAt }, index) => ({ run: `r${index}`, at: endedAt === undefined ? undefined : endedAt * 100 + index }))
          .toSorted((a, b) => (b.at ?? Infinity) - (a.at ?? Infinity));
        const open = ended.filter(({ at }) => at === undefined);
        const kept = ended.filter(({ at }) => at !== undefined && at >= (endedAfter ?? -Infinity) * 100).slice(0, most ?? Infinity);
        expect(runs().toSorted()).toEqual([...open, ...kept].map(({ run }) => run).toSorted());
        for (const { run } of [...open, ...kept]) {
          const whole = { text: all[Number(run.slice(1))]?.text };
          expect(store.recorded(run)[0]?.result).toEqual(whole);
          expect(store.events(run).map((event) => 'result' in event && event.result)).toEqual([whole, whole]);
        }
      }),
      { numRuns: 15 },
    );
  });
});
