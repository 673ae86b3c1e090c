/** Batches of events: in order, none left out, and none too long to hold. */
import type { RunEvent } from '@switchyard/shared';
import { expect, test } from 'vitest';
import { batchesOf, eachEvent } from './event-batches.ts';
import { sizeOf } from './event-size.ts';

const ended = (seq: number, length: number): RunEvent => ({ type: 'task-end', task: 't', outputs: { text: 'x'.repeat(length) }, seq, at: 0 });
const seqsOf = (batches: readonly RunEvent[][]) => batches.map((batch) => batch.map(({ seq }) => seq));

test('a batch has a thousand events at most', () => {
  const events = Array.from({ length: 2500 }, (_, seq) => ended(seq, 1));
  const batches = [...batchesOf(events)];
  expect(batches.map(({ length }) => length)).toEqual([1000, 1000, 500]);
  expect(batches.flat()).toEqual(events);
});

test('a batch of long events has few of them, and one that is longer than a batch goes alone', () => {
  const batches = [...batchesOf([40_000, 40_000, 40_000, 300_000, 10, 10].map((length, seq) => ended(seq, length)))];
  expect(seqsOf(batches)).toEqual([[0, 1], [2], [3], [4, 5]]);
  for (const batch of batches) if (batch.length > 1) expect(batch.reduce((sum, event) => sum + sizeOf(event), 0)).toBeLessThanOrEqual(100_000);
});

test('no batch is empty', () => {
  expect([...batchesOf([])]).toEqual([]);
});

test('events are taken one by one, and who leaves is not told more', async () => {
  let isLeft = false;
  const batches = async function* () {
    try {
      yield [ended(0, 1), ended(1, 1)];
      yield [ended(2, 1), ended(3, 1)];
    } finally {
      isLeft = true;
    }
  };
  const seen: number[] = [];
  for await (const { seq } of eachEvent(batches())) {
    seen.push(seq);
    if (seq === 2) break;
  }
  expect(seen).toEqual([0, 1, 2]);
  expect(isLeft).toBe(true);
});
