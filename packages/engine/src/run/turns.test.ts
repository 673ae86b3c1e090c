/** Runs that start many tasks in a row: others have their turn, and what comes meanwhile is heard. */
import type { Flow } from '@switchyard/shared';
import { expect, test } from 'vitest';
import type { RunPort } from '../port.ts';
import type { CallPort } from '../adapters/drivers/index.ts';
import { liveRecorded, replayRecorded } from '../testing/recorded-life.ts';
import { drawBody, drawFlow, entry, exit } from '../testing/subflow.ts';
import { planOf, testRun } from '../testing/test-run.ts';
import { Turns } from './turns.ts';

const same = drawBody({ ask: entry('item'), reply: exit('v') }, ['ask.item>reply.v']);
/** Gives a long list back, item by item, with nothing to wait for. */
const mapped = drawFlow(drawBody({ ask: entry('q'), all: ['map', { flow: 'same' }], reply: exit('out') }, ['ask.q>all.items', 'all.results>reply.out']), {
  same,
});
/** Half a million rounds that wait for nothing. */
function rounds(limits: Flow['limits']): Flow {
  const inner = drawBody({ ask: entry('item'), again: ['loop', { flow: 'same', until: 'false', most: 1000, onMost: 'give' }], reply: exit('v') }, [
    'ask.item>again.item',
    'again.v>reply.v',
  ]);
  const outer = drawBody({ ask: entry('q'), again: ['loop', { flow: 'inner', until: 'false', most: 500, onMost: 'give' }], reply: exit('out') }, [
    'ask.q>again.item',
    'again.v>reply.out',
  ]);
  return drawFlow(outer, { inner, same }, limits && { limits });
}
const zeros = (count: number) => new Array<number>(count).fill(0);

test('a run that waits for nothing lets others have the loop, and is cancelled in its midst', async () => {
  let turns = 0;
  let isOver = false;
  let started: CallPort | undefined;
  const look = () => {
    turns += 1;
    if (turns === 5) started?.signal('cancel');
    if (!isOver) setImmediate(look);
  };
  const running = testRun(rounds(undefined), {
    inputs: { q: 0 },
    onStart: (port) => {
      started = port;
      setImmediate(look);
    },
  });
  const { result } = await running;
  isOver = true;
  expect(result.status).toBe('cancelled');
});

test('a run that waits for nothing keeps to its time limit', async () => {
  const { result } = await testRun(rounds({ seconds: 0.1 }), { inputs: { q: 0 } });
  expect(result.failure?.code).toBe('limit-seconds');
});

test('a run that waited between its tasks is gone on with, and replayed, the same way', async () => {
  const plan = planOf(mapped);
  const recorded = await liveRecorded({ plan, inputs: { q: zeros(30_000) } });
  const turns = recorded.entries.filter(({ key }) => key.startsWith('run.turn.'));
  expect(turns.length).toBeGreaterThanOrEqual(5);
  expect(recorded.result.status).toBe('done');
  expect(await replayRecorded(recorded)).toBeUndefined();
  const half = recorded.entries.filter(({ completion }) => completion !== undefined && completion < 3);
  const resumed = await liveRecorded({ plan, inputs: { q: zeros(30_000) }, recorded: half });
  expect(resumed.result.outputs).toEqual(recorded.result.outputs);
  expect(resumed.entries.map(({ key }) => key).sort()).toEqual(recorded.entries.map(({ key }) => key).sort());
});

test('a run starts three million tasks and no more', () => {
  const turns = new Turns({} as RunPort);
  for (let started = 0; started < 3_000_000; started += 1) turns.count();
  expect(() => turns.count()).toThrow(/3000000 tasks/);
});
