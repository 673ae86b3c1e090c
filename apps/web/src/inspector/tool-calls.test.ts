import { emptyRun, foldRun, type RunEvent, type RunEventBody } from '@switchyard/shared';
import { expect, test } from 'vitest';
import { toolCallsIn } from './tool-calls.ts';

const target = { node: 'shop', operation: 'query', turn: 1 };
const called = (key: string): RunEventBody => ({ type: 'call-start', key, task: 'boss', kind: 'query', pool: 'db:shop', request: {}, attempt: 1, target });

test('calls of granted nodes are counted as they begin, each operation once, without turns, what was refused and what an earlier run made; at the end as the run counted', () => {
  const events: RunEventBody[] = [
    { type: 'run-start', run: 'r', flow: 'f', plan: 'p', inputs: {} },
    { type: 'task-start', task: 'boss', node: 'boss', inputs: {} },
    { ...(called('boss#t1.model') as RunEventBody & { type: 'call-start' }), kind: 'model', target: { node: 'boss', turn: 1 } },
    called('boss#t1.shop.query.0'),
    called('boss#t1.code.pass.0'),
    called('boss#t1.pages.list.0.page.1'),
    called('boss#t1.pages.list.0.page.2'),
    { type: 'call-refused', key: 'boss#t1.refused.0', task: 'boss', target, request: {}, failure: { code: 'tool-unknown', message: '', retry: 'never' } },
  ];
  const view = emptyRun();
  for (const [seq, event] of events.entries()) foldRun(view, { ...event, seq, at: seq } as RunEvent);
  expect(toolCallsIn(view)).toBe(2);
  const reused: RunEventBody[] = [
    called('boss#t2.shop.query.0'),
    { type: 'call-end', key: 'boss#t2.shop.query.0', attempt: 1, result: {}, ms: 1, replayed: true, from: 'earlier' },
  ];
  for (const [seq, event] of reused.entries()) foldRun(view, { ...event, seq: 50 + seq, at: 50 } as RunEvent);
  expect(toolCallsIn(view)).toBe(2);
  const usage = { modelCalls: 1, toolCalls: 5, inputTokens: 0, outputTokens: 0 };
  foldRun(view, { type: 'run-end', status: 'done', outputs: {}, usage, seq: 99, at: 99 });
  expect(toolCallsIn(view)).toBe(5);
  foldRun(view, { type: 'run-end', status: 'done', outputs: {}, usage: { ...usage, toolCalls: 0 }, seq: 100, at: 100 });
  expect(toolCallsIn(view)).toBe(0);
});
