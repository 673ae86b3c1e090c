/** Random flows in random worlds: slow, failing, hanging and dying. Each ends as the reference interpreter says, and none of the simulation's invariants breaks. */
import { failure, FailureError, type Flow, type Json, type JsonObject } from '@switchyard/shared';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { racingFlow } from '../testing/random-flow.ts';
import { referenceRun } from '../testing/reference-run.ts';
import { simulate } from '../testing/simulation.ts';
import { seed, tries } from '../testing/thorough.ts';

const worlds = tries(400, 10_000);

/** Some texts are answered, some fail for good. */
function answer(asked: string): Json {
  let hash = 7;
  for (const char of asked) hash = (Math.imul(hash, 31) + (char.codePointAt(0) as number)) >>> 0;
  if (hash % 5 === 0) throw new FailureError(failure('http-status', `no ${hash}`));
  return `r${hash % 97}`;
}

/** Lists that are in the order of arrival, by content. */
function settled(outputs: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(outputs).map(([name, value]) => [name, Array.isArray(value) ? value.map((each) => JSON.stringify(each)).sort() : value]),
  );
}

const flows: Flow[] = fc.sample(racingFlow, { numRuns: worlds, seed });

test(`${worlds} worlds: every run ends as it must`, async () => {
  const seen = { done: 0, failed: 0, cancelled: 0, died: 0 };
  for (const [index, flow] of flows.entries()) {
    const told = `flow ${index} of seed ${seed}`;
    const simulated = await simulate(flow, seed + index, answer);
    expect(simulated.broken, told).toEqual([]);
    if (simulated.lives > 1) seen.died += 1;
    const status = simulated.result?.status;
    if (simulated.isCancelled && status === 'cancelled') {
      seen.cancelled += 1;
      continue;
    }
    const expected = referenceRun(flow, { q: 'q' }, answer, simulated.result?.outputs);
    expect(status, told).toBe(expected.status);
    seen[expected.status] += 1;
    if (expected.status === 'done') expect(settled(simulated.result?.outputs ?? {}), told).toEqual(settled(expected.outputs));
  }
  // Were nearly all to go one way, little would be tried.
  for (const [what, count] of Object.entries(seen)) expect(count, `${what} of ${worlds}: ${JSON.stringify(seen)}`).toBeGreaterThan(worlds / 40);
}, 600_000);

test('the same seed gives the same journal and the same events, byte for byte', async () => {
  for (const [index, flow] of flows.slice(0, tries(60, 1000)).entries()) {
    const [one, two] = [await simulate(flow, seed + index, answer), await simulate(flow, seed + index, answer)];
    expect(JSON.stringify(two)).toBe(JSON.stringify(one));
  }
}, 600_000);
