/** Watching a run that stands in a database: what is stored and the text that is heard meanwhile, in one order and in batches. */
import type { DbosEngine } from '@switchyard/engine/adapters/dbos';
import type { Json, RunEvent, RunEventBody } from '@switchyard/shared';
import { expect, test } from 'vitest';
import { watchStored } from './watch-stored.ts';

const usage = { modelCalls: 0, toolCalls: 0, inputTokens: 0, outputTokens: 0 };

/** A database with the events that the test puts there. */
function keptByHand() {
  const stored: RunEvent[] = [];
  let status = 'running';
  let listener = (_body: Json) => {};
  const engine = {
    runs: {
      status: async () => status,
      page: async (_: string, after: number, limit: number) => {
        const events = stored.filter(({ seq }) => seq > after).slice(0, limit);
        return { events, isAll: events.length < limit };
      },
    },
    notices: {
      listen: (_: string, listening: (body: Json) => void) => {
        listener = listening;
        return () => {};
      },
    },
  };
  const watch = (after: number) => watchStored(engine as unknown as DbosEngine, { run: 'r', after }, new AbortController().signal);
  return {
    watch,
    keep: (seq: number, body: RunEventBody = { type: 'task-end', task: 't', outputs: {} }) => stored.push({ ...body, seq, at: 0 }),
    say: (seq: number) => listener({ delta: { type: 'call-delta', key: 'k', attempt: 1, n: 0, text: 'x', seq, at: 0 } }),
    notice: () => listener({}),
    end: () => (status = 'done'),
  };
}

test('stored events and text that is heard come in one order, each once', async () => {
  const { watch, keep, say, notice, end } = keptByHand();
  keep(0);
  const watching = watch(-1);
  expect((await watching.next()).value).toMatchObject([{ seq: 0 }]);
  for (const seq of [2, 3, 3]) say(seq);
  keep(1);
  keep(4);
  keep(5, { type: 'run-end', status: 'done', outputs: {}, usage });
  end();
  notice();
  const rest = (await Array.fromAsync(watching)).flat();
  expect(rest.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5]);
});

test('batches are bounded, and from the id of each the rest is told', async () => {
  const { watch, keep, end } = keptByHand();
  for (let seq = 0; seq < 2500; seq += 1) keep(seq);
  keep(2500, { type: 'run-end', status: 'done', outputs: {}, usage });
  end();
  const batches = await Array.fromAsync(watch(-1));
  expect(batches.map(({ length }) => length)).toEqual([1000, 1000, 501]);
  for (const batch of batches) {
    const from = batch.at(-1)?.seq as number;
    const rest = (await Array.fromAsync(watch(from))).flat();
    expect(rest.map(({ seq }) => seq)).toEqual(Array.from({ length: 2500 - from }, (_, index) => from + 1 + index));
  }
});
