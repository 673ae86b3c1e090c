/** Whoever presses P on a node that cannot be pinned is told why. */
import { emptyFlow, emptyRun, foldRun, type RunEventBody } from '@switchyard/shared';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import { compilerLoaded } from '../browser-editor.ts';
import { editor } from '../use-editor.ts';
import { whyNoPin } from './pins.ts';
import { runStore } from './run-store.ts';

const flow = {
  ...emptyFlow('Test'),
  nodes: {
    ask: { kind: 'input', config: { fields: { q: { type: 'string' as const } } } },
    boss: { kind: 'control', config: { model: 'm' } },
    desk: { kind: 'llm', title: 'Desk', config: { model: 'm', prompt: '{{ q }}' } },
    alone: { kind: 'template', title: 'Alone', config: { template: 'a' } },
    each: { kind: 'flow', config: { flow: 'inner' } },
  },
  links: [{ from: 'ask.q', to: 'boss.request' }],
  grants: [{ from: 'boss', to: 'desk' }],
  flows: { inner: { nodes: { say: { kind: 'template', config: { template: 'b' } } }, links: [], grants: [] } },
};

beforeEach(async () => {
  await compilerLoaded;
  editor.open({ id: 'test', revision: 1, flow });
});
afterEach(() => runStore.getState().close());
afterAll(() => compilerLoaded);

test('a node that is only called, or not wired, or not run yet', () => {
  expect(whyNoPin('desk')).toEqual(['"Desk" is only called, so it has no outputs to pin.', 'It gives what each call asks for. Pin the node that calls it.']);
  expect(whyNoPin('alone')).toEqual(['"Alone" has no outputs to pin.', 'It has no link, so it is not run. Wire it first.']);
  expect(whyNoPin('boss')).toEqual(['"Control" has no outputs on screen to pin.', 'Run the flow, or open a run in which it was done.']);
});

test('a node within a flow', () => {
  editor.openLevel([{ flow: 'inner', node: 'each' }]);
  expect(whyNoPin('say')?.[0]).toBe('A node within a flow cannot be pinned.');
});

test('nothing where the node has given outputs', () => {
  const view = emptyRun();
  const events: RunEventBody[] = [
    { type: 'run-start', run: 'r1', flow: 'Test', plan: 'p', inputs: {} },
    { type: 'task-start', task: 'boss', node: 'boss', inputs: {} },
    { type: 'task-end', task: 'boss', outputs: { answer: 'Yes.' } },
  ];
  for (const [seq, event] of events.entries()) foldRun(view, { ...event, seq, at: seq + 1 });
  runStore.setState({ view, mode: 'live', flow, flowId: 'test' });
  expect(whyNoPin('boss')).toBeUndefined();
});
