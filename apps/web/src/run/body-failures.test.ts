/** Failures within flows that a node runs, where the node goes on. */
import { emptyRun, foldRun, type RunEvent, type RunEventBody } from '@switchyard/shared';
import { expect, test } from 'vitest';
import { noteOf } from '../trace/trace-rows.ts';
import { traceTree } from '../trace/trace-tree.ts';
import { failuresText } from './body-failures.ts';
import { keptFailures } from './kept-failures.ts';
import { emptyIndex, noteEvent } from './run-index.ts';

const failure = { code: 'convert-failed', message: 'No number.', retry: 'never' } as const;
const item = (place: number, end: Record<string, unknown>): RunEventBody[] => [
  { type: 'task-start', task: `each[${place}].number`, node: 'number', inputs: {}, parent: 'each' },
  { task: `each[${place}].number`, ...end } as RunEventBody,
];
const script: RunEventBody[] = [
  { type: 'run-start', run: 'r', flow: 'F', plan: 'p', inputs: {} },
  { type: 'task-start', task: 'each', node: 'each', inputs: {} },
  ...item(0, { type: 'task-end', outputs: {} }),
  ...item(1, { type: 'task-failure', failure }),
  ...item(2, { type: 'task-failure', failure, handling: 'continue', outputs: {} }),
  ...item(3, { type: 'task-failure', failure: { ...failure, code: 'abandoned' } }),
];
const told = (bodies: readonly RunEventBody[]) => {
  const [view, index] = [emptyRun(), emptyIndex()];
  for (const [seq, body] of bodies.entries()) {
    const event = { ...body, seq, at: seq } as RunEvent;
    foldRun(view, event);
    noteEvent(index, view, event);
  }
  return { view, index };
};

test('a map that is done tells how many of its items failed; what was handled or given up has not failed', () => {
  const { view, index } = told([...script, { type: 'task-end', task: 'each', outputs: { results: [] } }]);
  expect(keptFailures(view, index)).toEqual([{ node: 'each', row: 'task each[1].number', failed: 1, of: 4 }]);
  const row = traceTree(view, (site) => site)?.children[0];
  expect(row && noteOf(row)).toBe('1 of 4 failed');
  expect(failuresText({ failed: 10, of: 17_000 })).toBe('10 of 17,000 failed');
});

test('of a map that failed by its item nothing is told beside its failure', () => {
  const { view, index } = told([...script, { type: 'task-failure', task: 'each', failure }]);
  expect(keptFailures(view, index)).toEqual([]);
  const row = traceTree(view, (site) => site)?.children[0];
  expect(row && noteOf(row)).toBe('');
});
