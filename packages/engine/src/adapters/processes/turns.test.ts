import { setTimeout as after } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { withDeadline } from '../deadline.ts';
import { Turns } from './turns.ts';

test('no more work than there are turns at a time, in the order it came; who gives up waiting takes no turn, and a failure gives its turn back', async () => {
  const turns = new Turns(2);
  const begun: number[] = [];
  let busy = 0;
  let most = 0;
  const work = async (number: number) => {
    begun.push(number);
    busy += 1;
    most = Math.max(most, busy);
    await after(20);
    busy -= 1;
    if (number === 2) throw new Error('it failed');
  };
  const impatient = new AbortController();
  const take = (number: number, signal = new AbortController().signal) =>
    withDeadline({ timeoutMs: 10_000 }, { signal, onDelta: () => {} }, (deadline) => turns.take(deadline, `Work ${number}`, () => work(number)));
  const all = Array.from({ length: 6 }, (_, number) => take(number, number === 3 ? impatient.signal : undefined));
  impatient.abort();
  const ends = await Promise.allSettled(all);
  expect(begun).toEqual([0, 1, 2, 4, 5]);
  expect(most).toBe(2);
  expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'rejected', 'fulfilled', 'fulfilled']);
  expect((ends[3] as PromiseRejectedResult).reason).toMatchObject({ message: 'Work 3 was cancelled before it had ended.' });
  await take(6);
});
