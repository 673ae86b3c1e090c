// @vitest-environment happy-dom
/** A run that is done without an output says what may be the reason. */
import { emptyFlow, emptyRun, failure, foldRun, type RunEventBody } from '@switchyard/shared';
import { act } from 'react';
import { afterEach, expect, test } from 'vitest';
import { setStage } from '../testing/stage.tsx';
import { editor } from '../use-editor.ts';
import { RunAnswer } from './run-answer.tsx';
import { runStore } from './run-store.ts';

const stage = setStage();
const flow = { ...emptyFlow('Test'), nodes: { say: { kind: 'template', title: 'Say', config: { template: 'a' } } } };
const usage = { modelCalls: 0, toolCalls: 0, inputTokens: 0, outputTokens: 0 };

afterEach(() => {
  act(() => runStore.getState().close());
});

function show(ended: RunEventBody): string {
  const view = emptyRun();
  const events: RunEventBody[] = [
    { type: 'run-start', run: 'r1', flow: 'Test', plan: 'p', inputs: {} },
    { type: 'task-start', task: 'say', node: 'say', inputs: {} },
    ended,
    { type: 'run-end', status: 'done', outputs: {}, usage },
  ];
  for (const [seq, event] of events.entries()) foldRun(view, { ...event, seq, at: seq + 1 });
  act(() => {
    editor.open({ id: 'test', revision: 1, flow });
    runStore.setState({ view, mode: 'live', flow, flowId: 'test' });
  });
  stage.render(<RunAnswer />);
  return stage.host.textContent ?? '';
}

test('a failure that the run went on from is named', () => {
  const text = show({ type: 'task-failure', task: 'say', failure: failure('http-status', 'It said 404.'), handling: 'port' });
  expect(text).toContain('no output was reached. Say failed, and the run went on');
});

test('without one there is nothing to name', () => {
  const text = show({ type: 'task-end', task: 'say', outputs: {} });
  expect(text).toContain('no output was reached.');
  expect(text).not.toContain('failed');
});
