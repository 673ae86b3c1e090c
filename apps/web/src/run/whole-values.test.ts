/** Long values that an outline leaves out are read and put back where they belong. */
import { abridgeEvent, emptyRun, foldRun, type CallView, type RunEvent } from '@switchyard/shared';
import { expect, test } from 'vitest';
import { putBack, readParts } from './whole-values.ts';

const rows = Array.from({ length: 50 }, (_, index) => ({ order: index, note: 'late' }));
const stored: RunEvent[] = [
  { type: 'task-start', task: 't', node: 't', inputs: {}, seq: 0, at: 0 },
  { type: 'call-start', key: 'k', task: 't', kind: 'query', pool: 'p', request: { sql: 'x'.repeat(400) }, attempt: 1, target: { node: 't' }, seq: 1, at: 1 },
  { type: 'call-end', key: 'k', attempt: 1, result: { rows, truncated: false }, ms: 1, seq: 2, at: 2 },
];
const event = (_: string, seq: number) => Promise.resolve(stored.find((one) => one.seq === seq));

test('request and result of a call come from the events that told them', async () => {
  const view = emptyRun();
  for (const one of stored) foldRun(view, abridgeEvent(one, 256));
  const call = view.calls.get('k') as CallView;
  expect(call.result).toEqual({ truncated: false });
  const whole = putBack(call, await readParts({ event }, 'r', call.abridged ?? []));
  expect(whole.request).toEqual({ sql: 'x'.repeat(400) });
  expect(whole.result).toEqual({ rows, truncated: false });
});

test('values of a run that was removed are told to be gone', async () => {
  await expect(readParts({ event: () => Promise.resolve(undefined) }, 'r', [{ path: '/result', bytes: 9, seq: 5 }])).rejects.toThrow('not kept any more');
});
