import { emptyRun, foldRun, type Json, type RunEventBody, type RunView } from '@switchyard/shared';
import { expect, test } from 'vitest';
import { addAsked } from './asked-rows.ts';
import { noFilter, noteOf, traceRows } from './trace-rows.ts';
import { traceTree } from './trace-tree.ts';

const key = 'planner#t1.orders.cancel.0.approval';
const ask = { about: 'call', title: 'May the order be cancelled?', node: 'planner', operation: 'orders.cancel' };
const usage = { modelCalls: 0, toolCalls: 0, inputTokens: 0, outputTokens: 0 };
const script: RunEventBody[] = [
  { type: 'run-start', run: 'r', flow: 'f', plan: 'p', inputs: {} },
  { type: 'task-start', task: 'planner', node: 'planner', inputs: {} },
  { type: 'call-start', key: 'planner#t1.model', task: 'planner', kind: 'model', pool: 'm', request: {}, attempt: 1, target: { node: 'planner', turn: 1 } },
  { type: 'call-end', key: 'planner#t1.model', attempt: 1, result: {}, ms: 1 },
  { type: 'wait-start', key, task: 'planner', until: { ask } as Json },
];

function rows(...more: RunEventBody[]): string[] {
  const view: RunView = emptyRun();
  for (const [seq, body] of [...script, ...more].entries()) foldRun(view, { ...body, seq, at: 1000 + seq });
  const root = traceTree(view, (node) => node);
  if (root) addAsked(root, view);
  return traceRows(root, noFilter, new Set()).map(({ item, depth }) => `${depth} ${item.label} ${item.status} ${noteOf(item)}`.trim());
}

test('waiting for an event is not waiting for a person', () => {
  const waiting = (until: Json) => rows({ type: 'wait-end', key }, { type: 'wait-start', key: 'planner.hold', task: 'planner', until }).slice(0, 2);
  expect(waiting({ signal: 'paid' })).toEqual(['0 Run running', expect.stringContaining('planner resting')]);
  expect(waiting({ ask } as Json)).toEqual(['0 Run running', expect.stringContaining('planner waiting')]);
});

test('a question stands in the turn that asked it, open, answered or lapsed', () => {
  const last = (...more: RunEventBody[]) => rows(...more).find((row) => row.startsWith('3'));
  expect(last()).toBe('3 orders.cancel: asks waiting May the order be cancelled?');
  expect(last({ type: 'wait-end', key, result: { choice: 'reject', reason: 'Too late.' } })).toBe('3 orders.cancel: asks done rejected: Too late.');
  expect(last({ type: 'wait-end', key })).toBe('3 orders.cancel: asks failed nobody answered in time');
  expect(last({ type: 'run-end', status: 'waiting', outputs: {}, usage })).toContain('waiting');
  expect(last({ type: 'run-end', status: 'cancelled', outputs: {}, usage })).toContain('cancelled');
});
