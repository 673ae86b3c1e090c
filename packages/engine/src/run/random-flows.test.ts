/** Random flows give what the reference interpreter gives: whatever the order in which calls end, and wherever the run is broken off and resumed. */
import { failure, FailureError, type Flow, type Json, type JsonObject, type RunResult } from '@switchyard/shared';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createCallPort, Pools, type JournalEntry } from '../adapters/drivers/index.ts';
import type { Host } from '../host.ts';
import { kinds } from '../nodes/index.ts';
import { racingFlow } from '../testing/random-flow.ts';
import { referenceRun, type ReferenceResult } from '../testing/reference-run.ts';
import { planOf } from '../testing/test-run.ts';
import { tries } from '../testing/thorough.ts';
import { runPlan } from './index.ts';

/** A number that follows from a text. */
function numberOf(text: string): number {
  let hash = 7;
  for (const char of text) hash = (Math.imul(hash, 31) + (char.codePointAt(0) as number)) >>> 0;
  return hash;
}

function answer(asked: string): Json {
  const number = numberOf(asked);
  if (number % 4 === 0) throw new FailureError(failure('http-status', `no ${number}`));
  return `r${number % 97}`;
}

/** Calls end after a number of turns that `seed` decides. */
function hostOf(seed: number, asked: string[]): Host {
  let drawn = seed;
  return {
    pool: () => ({ concurrency: 3 }),
    perform: async ({ request }) => {
      const path = decodeURIComponent((request as JsonObject).path as string);
      asked.push(path);
      drawn = (Math.imul(drawn, 1_103_515_245) + 12_345) >>> 0;
      for (let turns = drawn % 4; turns > 0; turns -= 1) await new Promise((resolve) => setImmediate(resolve));
      return { result: { status: 200, headers: {}, body: answer(path.slice('/v-'.length)) } };
    },
  };
}

interface Lived {
  result: RunResult;
  entries: JournalEntry[];
  asked: string[];
}

/** A run is accepted once, however many lives it has. */
const startedAt = Date.now();

async function live(flow: Flow, seed: number, recorded: JournalEntry[] = []): Promise<Lived> {
  const entries = [...recorded];
  const asked: string[] = [];
  const host = hostOf(seed, asked);
  const port = createCallPort({
    run: 'r',
    startedAt,
    host,
    pools: new Pools(host.pool),
    redact: (value) => value,
    emit: () => undefined,
    recorded,
    journal: {
      record: (entry, whenDurable) => {
        entries.push({ ...entry });
        setImmediate(whenDurable);
      },
    },
  });
  const result = await runPlan(planOf(flow), { q: 'q' }, { run: 'r', registry: kinds, port, emit: () => undefined });
  port.close();
  return { result, entries, asked };
}

/** Lists that are in the order of arrival, by content. */
function settled(outputs: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(outputs).map(([name, value]) => [name, Array.isArray(value) ? value.map((each) => JSON.stringify(each)).sort() : value]),
  );
}

/** What the run should have come to, where its merges took what they took. */
function judge(flow: Flow, { status, outputs }: RunResult): ReferenceResult {
  const expected = referenceRun(flow, { q: 'q' }, answer, outputs);
  expect(status).toBe(expected.status);
  if (status === 'done') expect(settled(outputs)).toEqual(settled(expected.outputs));
  return expected;
}

/** Whether what it gives depends on which way is the quickest. */
function isRace({ nodes }: Flow): boolean {
  return Object.values(nodes).some(({ kind, config }) => kind === 'merge' && Object.keys(config).length > 0);
}

test('a random flow ends as the reference interpreter says, also when it is broken off and resumed', async () => {
  let done = 0;
  let raced = 0;
  await fc.assert(
    fc.asyncProperty(racingFlow, fc.nat(), fc.double({ min: 0, max: 1, noNaN: true }), async (flow, seed, place) => {
      const whole = await live(flow, seed);
      const expected = judge(flow, whole.result);
      if (expected.status === 'done') done += 1;
      if (isRace(flow)) raced += 1;
      const kept = whole.entries.slice(0, Math.floor(whole.entries.length * place));
      const resumed = await live(flow, seed + 1, kept);
      judge(flow, resumed.result);
      if (isRace(flow)) return;
      expect(resumed.result.status).toBe(expected.status);
      if (expected.status === 'done') expect(resumed.asked.length).toBeLessThanOrEqual(whole.asked.length);
    }),
    { numRuns: tries(150, 2000) },
  );
  // Were nearly all to fail, the test would compare nothing.
  expect(done).toBeGreaterThan(30);
  expect(raced).toBeGreaterThan(15);
});
