/** What must hold of seeds for any flow: runs from a node, forks and replays of random flows. */
import type { JsonObject } from '@switchyard/shared';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { kinds } from '../nodes/index.ts';
import { racingFlow, randomFlow } from '../testing/random-flow.ts';
import { inOrder, liveRecorded, recordedRun, replayRecorded } from '../testing/recorded-life.ts';
import { planOf } from '../testing/test-run.ts';
import { makeSeed, taskOf } from './index.ts';
import { withFollowers } from './stale-tasks.ts';

/** Lists that are in the order of arrival, by content. */
function settled(outputs: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(outputs).map(([name, value]) => [name, Array.isArray(value) ? value.map((each) => JSON.stringify(each)).sort() : value]),
  );
}

test('a run from any node of an unchanged flow ends the same, and makes only what is at or below the node', async () => {
  let kept = 0;
  await fc.assert(
    fc.asyncProperty(randomFlow, fc.nat(), fc.nat(), async (flow, speed, place) => {
      const plan = planOf(flow);
      const first = await liveRecorded({ plan, speed, run: 'first' });
      const from = plan.tasks[place % plan.tasks.length]?.id as string;
      const recorded = recordedRun(first);
      const seed = makeSeed(recorded, { plan, inputs: first.inputs }, { request: { of: 'first', from }, registry: kinds });
      const second = await liveRecorded({ plan, speed: speed + 1, run: 'second', seed });
      expect(second.result.status).toBe(first.result.status);
      const below = withFollowers(plan, new Set([from]));
      for (const task of second.made) expect(below.has(taskOf(task)) || !recorded.ended.has(taskOf(task)), `${task} from ${from}`).toBe(true);
      if (first.result.status !== 'done') return;
      expect(settled(second.result.outputs)).toEqual(settled(first.result.outputs));
      expect(second.entries.map(({ key }) => key)).toEqual(expect.arrayContaining(seed.entries.map(({ key }) => key)));
      kept += seed.entries.length;
      expect(await replayRecorded(second)).toBeUndefined();
    }),
    { numRuns: 100 },
  );
  expect(kept).toBeGreaterThan(30);
}, 60_000);

test('a replay of any run is the same, also of one that was broken off', async () => {
  await fc.assert(
    fc.asyncProperty(racingFlow, fc.nat(), fc.double({ min: 0, max: 1, noNaN: true }), async (flow, speed, place) => {
      const first = await liveRecorded({ plan: planOf(flow), speed });
      expect(await replayRecorded(first)).toBeUndefined();
      const entries = inOrder(first.entries).slice(0, Math.floor(first.entries.length * place));
      expect(await replayRecorded({ ...first, entries, result: { ...first.result, status: 'cancelled' } })).toBeUndefined();
    }),
    { numRuns: 100 },
  );
}, 60_000);

test('a fork has the journal of the original up to the edited call, and differs only below it', async () => {
  let forked = 0;
  await fc.assert(
    fc.asyncProperty(randomFlow, fc.nat(), fc.nat(), async (flow, speed, place) => {
      const plan = planOf(flow);
      const first = await liveRecorded({ plan, speed, run: 'first' });
      const before = inOrder(first.entries);
      if (before.length === 0 || first.result.status !== 'done') return;
      forked += 1;
      const at = place % before.length;
      const { key } = before[at] as { key: string };
      const result = { status: 200, headers: {}, body: 'edited' };
      const seed = makeSeed(recordedRun(first), { plan, inputs: first.inputs }, { request: { of: 'first', edits: { [key]: result } }, registry: kinds });
      const fork = await liveRecorded({ plan, speed: speed + 1, run: 'fork', seed });
      const told = ({ key: each, result: given, failure }: (typeof before)[number]) => ({ key: each, result: given, failure });
      const upTo = before.slice(0, at).map(told);
      expect(
        inOrder(fork.entries)
          .slice(0, at + 1)
          .map(told),
      ).toEqual([...upTo, { key, result, failure: undefined }]);
      const below = withFollowers(plan, new Set([taskOf(key)]));
      for (const task of fork.made) expect(below.has(taskOf(task)), `${task} after ${key}`).toBe(true);
      for (const task of plan.tasks) {
        if (below.has(task.id)) continue;
        expect(fork.view.tasks.get(task.id)?.outputs, task.id).toEqual(first.view.tasks.get(task.id)?.outputs);
      }
    }),
    { numRuns: 100 },
  );
  expect(forked).toBeGreaterThan(20);
}, 60_000);
