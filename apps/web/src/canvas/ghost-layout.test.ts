import type { PlannedStepView } from '@switchyard/shared';
import { expect, test } from 'vitest';
import { ghostLines, ghostSteps, type Box } from './ghost-layout.ts';

const step = (id: string, node: string | undefined, needs: string[] = []): PlannedStepView => ({
  id,
  title: id,
  operation: 'query',
  needs,
  status: 'queued',
  revision: 0,
  ...(node !== undefined && { node }),
});
const boxes = new Map<string, Box>([
  ['planner', { x: 300, y: 0, width: 248, height: 120 }],
  ['orders', { x: 0, y: 300, width: 200, height: 64 }],
  ['carrier', { x: 400, y: 300, width: 200, height: 64 }],
]);

test('steps stand below the nodes that they call, in their order, and never on one another', () => {
  const steps = ghostSteps([step('a', 'orders'), step('b', 'carrier', ['a']), step('c', 'orders'), step('d', undefined, ['b'])], 'planner', boxes);
  expect(steps.map(({ number, x, y }) => [number, x, y])).toEqual([
    [1, 0, 372],
    [2, 400, 372],
    [3, 0, 400],
    [4, 560, 56],
  ]);
});

test('lines go from a step to what works on its result, and say whether that is there', () => {
  const done = { ...step('a', 'orders'), status: 'done' as const };
  const lines = ghostLines(ghostSteps([done, step('b', 'carrier', ['a']), step('c', 'gone', ['b', 'missing'])], 'planner', boxes));
  expect(lines.map(({ id, isDone }) => [id, isDone])).toEqual([
    ['a>b', true],
    ['b>c', false],
  ]);
  expect(lines[0]?.path).toMatch(/^M200,384 C.* 400,384$/);
});
