/** By what a recorded wait is known again, also one that an earlier version recorded. */
import { expect, test } from 'vitest';
import { waitKind, type JournalEntry, type Until } from '../../../port.ts';
import { createHandSettledHost } from '../../../testing/hand-settled-host.ts';
import { createCallPort } from './call-port.ts';
import { Pools } from './pools.ts';
import { hashOfAsked, hashOfWait, inputHash, isSameWait } from './recorded-call.ts';

const until: Until = { signal: 'answer:a', ask: { about: 'step', title: 'Go on?', node: 'a' }, time: 5000 };
/** As it was hashed while the time of an event counted. */
const oldHash = inputHash(waitKind, until as never);

const resumed = (inputHash: string) => {
  const host = createHandSettledHost();
  const entry: JournalEntry = { key: 'a', kind: waitKind, inputHash, completion: 0, result: { choice: 'approve' }, attempt: 1, startedAt: 1, endedAt: 2 };
  const port = createCallPort({ run: 'r', startedAt: 0, host, pools: new Pools(host.pool), redact: (value) => value, emit: () => {}, recorded: [entry] });
  port.wait('a', until);
  return port.next();
};

test('an event is the same wait whenever its time is up, a moment is not', () => {
  expect(hashOfWait({ ...until, time: 6000 })).toBe(hashOfWait(until));
  expect(hashOfWait({ ...until, signal: 'answer:b' })).not.toBe(hashOfWait(until));
  expect(hashOfWait({ time: 1 })).not.toBe(hashOfWait({ time: 2 }));
  expect(isSameWait(hashOfWait({ time: 1 }), { time: 2 })).toBe(false);
  expect(hashOfAsked(waitKind, { ...until, time: 1 } as never)).toBe(hashOfWait(until));
});

test('a run that waited when its version was another goes on with the answer', async () => {
  expect(oldHash).not.toBe(hashOfWait(until));
  for (const hash of [oldHash, hashOfWait(until)]) expect(await resumed(hash)).toMatchObject([{ key: 'a', result: { choice: 'approve' } }]);
});

test('a recorded answer to another question diverges', async () => {
  expect(await resumed(hashOfWait({ ...until, signal: 'answer:other' }))).toMatchObject([{ key: 'a', failure: { code: 'replay-diverged' } }]);
});
