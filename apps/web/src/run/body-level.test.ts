/** What the run on screen calls its nodes: their titles in the flow as it ran, at whichever depth. */
import { emptyFlow, emptyRun, foldRun, type Flow, type RunEventBody } from '@switchyard/shared';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import { compilerLoaded } from '../browser-editor.ts';
import { editor } from '../use-editor.ts';
import { titleInRun } from './body-level.ts';
import { emptyIndex, noteEvent } from './run-index.ts';
import { busyText } from './run-progress.ts';
import { runStore } from './run-store.ts';

const say = (title: string) => ({ kind: 'template', title, config: { template: 'x' } });
const ran: Flow = {
  ...emptyFlow('Ran'),
  nodes: { each: { kind: 'map', title: 'Each order', config: { flow: 'inner' } }, say: say('Outer') },
  flows: { inner: { nodes: { say: say('Inner') }, links: [], grants: [] } },
};
const events: RunEventBody[] = [
  { type: 'run-start', run: 'r1', flow: 'Ran', plan: 'p', inputs: {} },
  { type: 'task-start', task: 'say', node: 'say', inputs: {} },
  { type: 'task-start', task: 'each', node: 'each', inputs: {} },
  { type: 'task-start', task: 'each[1].say', node: 'say', inputs: {}, parent: 'each' },
];

beforeEach(async () => {
  await compilerLoaded;
});
afterEach(() => runStore.getState().close());
afterAll(() => compilerLoaded);

function show(): void {
  const view = emptyRun();
  const index = emptyIndex();
  for (const [seq, event] of events.entries()) {
    const stamped = { ...event, seq, at: seq + 1 };
    foldRun(view, stamped);
    noteEvent(index, view, stamped);
  }
  runStore.setState({ view, index, mode: 'live', flow: ran, flowId: 'ran' });
}

test('a node of a flow within is called by its own title, not by that of another node of its id', () => {
  editor.open({ id: 'ran', revision: 1, flow: ran });
  show();
  expect([titleInRun('say', 'say'), titleInRun('each[1].say', 'say')]).toEqual(['Outer', 'Inner']);
  expect(busyText(runStore.getState().view, runStore.getState().index, titleInRun)).toBe('Inner');
});

test('it is that of the flow as it ran, whichever is open now', () => {
  editor.open({ id: 'other', revision: 1, flow: { ...emptyFlow('Other'), nodes: { say: say('Another'), each: say('Else') } } });
  show();
  expect([titleInRun('each', 'each'), titleInRun('each[1].say', 'say'), titleInRun('gone', 'gone')]).toEqual(['Each order', 'Inner', 'gone']);
});
