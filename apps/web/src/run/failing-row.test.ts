/** Where the trace is opened for a failure. */
import { emptyRun, failure, foldRun, type RunEventBody } from '@switchyard/shared';
import { expect, test } from 'vitest';
import { failingRow } from './failing-row.ts';

const cause = failure('code-failed', 'The code failed: not a function (line 1).');
const start = (task: string, node: string, parent?: string): RunEventBody => ({ type: 'task-start', task, node, inputs: {}, ...(parent && { parent }) });

function viewOf(bodies: RunEventBody[]) {
  const view = emptyRun();
  for (const [seq, body] of bodies.entries()) foldRun(view, { ...body, seq, at: 1000 + seq });
  return view;
}

test('of a map it is the item that failed, not what was given up with it, nor the map', () => {
  const view = viewOf([
    start('each', 'each'),
    start('each[0].up', 'up', 'each'),
    start('each[1].up', 'up', 'each'),
    start('each[2].up', 'up', 'each'),
    { type: 'task-failure', task: 'each[1].up', failure: cause },
    { type: 'task-failure', task: 'each[2].up', failure: failure('abandoned', 'It was given up, since what it was part of has ended.') },
    { type: 'task-failure', task: 'each', failure: { ...cause, message: `Item 2 of 3: ${cause.message}`, item: 1 } },
  ]);
  expect(failingRow(view, 'each')).toBe('task each[1].up');
});

test('of a map it is the item whose number the failure says, also where another failed alike and was dealt with, or says the same', () => {
  const view = viewOf([
    start('each', 'each'),
    start('each[1].up', 'up', 'each'),
    start('each[10].before', 'before', 'each'),
    start('each[10].up', 'up', 'each'),
    { type: 'task-failure', task: 'each[1].up', failure: cause },
    { type: 'task-failure', task: 'each[10].before', failure: cause, handling: 'continue', outputs: {} },
    { type: 'task-failure', task: 'each[10].up', failure: cause },
    { type: 'task-failure', task: 'each', failure: { ...cause, message: `Item 11 of 20: ${cause.message}`, item: 10 } },
  ]);
  expect(failingRow(view, 'each')).toBe('task each[10].up');
});

test('through a flow that is run once, and the map in it', () => {
  const told = { ...cause, message: `Item 1 of 1: ${cause.message}` };
  const view = viewOf([
    start('sub', 'sub'),
    start('sub.each', 'each', 'sub'),
    start('sub.each[0].up', 'up', 'sub.each'),
    { type: 'task-failure', task: 'sub.each[0].up', failure: cause },
    { type: 'task-failure', task: 'sub.each', failure: { ...told, item: 0 } },
    { type: 'task-failure', task: 'sub', failure: told },
  ]);
  expect(failingRow(view, 'sub')).toBe('task sub.each[0].up');
});

test('of a plain node it is its own; of a run that no node failed in, the run', () => {
  const view = viewOf([start('up', 'up'), { type: 'task-failure', task: 'up', failure: cause }]);
  expect(failingRow(view, 'up')).toBe('task up');
  expect(failingRow(emptyRun(), undefined)).toBe('run');
});
