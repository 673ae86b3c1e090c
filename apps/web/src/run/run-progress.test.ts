/** What a run is busy with, which text streams, where it failed, and who wrote it. */
import { emptyRun, foldRun, type RunEvent, type RunEventBody, type RunView } from '@switchyard/shared';
import { expect, test } from 'vitest';
import { builtinModels } from './builtin-models.ts';
import { emptyIndex, noteEvent, type RunIndex } from './run-index.ts';
import { busyText, streamingCall } from './run-progress.ts';
import { failingRow } from './failing-row.ts';

function told(script: RunEventBody[]): { view: RunView; index: RunIndex } {
  const [view, index] = [emptyRun(), emptyIndex()];
  for (const [seq, body] of script.entries()) {
    const event = { ...body, seq, at: seq } as RunEvent;
    noteEvent(index, foldRun(view, event), event);
  }
  return { view, index };
}
const viewOf = (script: RunEventBody[]) => told(script).view;
const busy = (script: RunEventBody[]) => {
  const { view, index } = told(script);
  return busyText(view, index, title);
};

const call = (key: string, node: string, more = {}): RunEventBody => ({
  type: 'call-start',
  key,
  task: 'planner',
  kind: 'model',
  pool: 'p',
  request: { model: node },
  attempt: 1,
  target: { node, turn: 1 },
  ...more,
});
const said = (key: string, text: string): RunEventBody => ({ type: 'call-delta', key, attempt: 1, n: 0, text });
const ended = (key: string, more = {}): RunEventBody => ({ type: 'call-end', key, attempt: 1, result: {}, ms: 1, ...more });
const begun: RunEventBody[] = [
  { type: 'run-start', run: 'r', flow: 'f', plan: 'p', inputs: {} },
  { type: 'task-start', task: 'planner', node: 'planner', inputs: {} },
];
const title = (_task: string, node: string) => node.toUpperCase();

test('busy with thinking, with calls, with waiting', () => {
  const thinking = [...begun, call('planner#t1.model', 'planner')];
  expect(busy(begun)).toBe('PLANNER');
  expect(busy(thinking)).toBe('PLANNER, turn 1: thinks');
  const calling = [...thinking, ended('planner#t1.model'), call('planner#t1.orders.query.0', 'orders'), call('planner#t1.mood.ask.0', 'mood')];
  expect(busy(calling)).toBe('PLANNER, turn 1: calls ORDERS, MOOD');
  expect(busy([...begun, { type: 'wait-start', key: 'planner.ok', task: 'planner', until: {} }])).toBe('PLANNER waits');
});

test('a call that was given up with its task keeps nobody busy, and a node that went on after waiting does not wait', () => {
  const givenUp: RunEventBody = { type: 'task-failure', task: 'planner', failure: { code: 'x', message: 'x', retry: 'never' }, handling: 'continue' };
  const after: RunEventBody = { type: 'task-start', task: 'writer', node: 'writer', inputs: {} };
  expect(busy([...begun, call('planner#t1.model', 'planner'), givenUp, after])).toBe('WRITER');
  const waited: RunEventBody[] = [
    { type: 'wait-start', key: 'planner.ok', task: 'planner', until: {} },
    { type: 'wait-end', key: 'planner.ok' },
  ];
  expect(busy([...begun, ...waited])).toBe('PLANNER');
});

test("the text shown is the answering node's own, not that of a model it called", () => {
  const view = viewOf([
    ...begun,
    call('planner#t1.model', 'planner'),
    said('planner#t1.model', 'Let me see'),
    call('planner#t1.mood.ask.0', 'mood'),
    said('planner#t1.mood.ask.0', '{'),
  ]);
  expect(streamingCall(view)?.text).toBe('Let me see');
  for (const [at, body] of [call('planner#t2.model', 'planner'), said('planner#t2.model', 'Now')].entries()) foldRun(view, { ...body, seq: 90 + at, at: 90 });
  expect(streamingCall(view)?.text).toBe('Now');
  expect(streamingCall(viewOf(begun))).toBeUndefined();
});

test('a failure leads to the last failed call of its node, else to its task', () => {
  const failed = { result: undefined, failure: { code: 'x', message: 'x', retry: 'never' as const } };
  const script = [...begun, call('planner#t1.model', 'planner'), ended('planner#t1.model', failed)];
  expect(failingRow(viewOf(script), 'planner')).toBe('planner#t1');
  expect(failingRow(viewOf(begun), 'planner')).toBe('task planner');
  expect(failingRow(viewOf(begun), 'gone')).toBe('run');
});

test('a run tells which built-in models answered in it', () => {
  const models = [
    { name: 'planner', model: { provider: 'builtin', model: 'planner' } as const },
    { name: 'mood', model: { provider: 'ollama', model: 'm' } as const },
  ];
  const { index } = told([...begun, call('planner#t1.model', 'planner'), call('planner#t1.mood.ask.0', 'mood')]);
  expect(builtinModels(index.models, models)).toEqual(['planner']);
});
