// @vitest-environment happy-dom
/** A run that failed or was stopped is gone on with where it ended: on its own inputs, with what it recorded. */
import { emptyFlow, emptyRun, failure, foldRun, type RunEvent, type RunView } from '@switchyard/shared';
import { act } from 'react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { setStage } from '../testing/stage.tsx';
import { editor } from '../use-editor.ts';
import { FailureCard } from './failure-card.tsx';
import { runStore } from './run-store.ts';

const stage = setStage();

/** What the server was asked for, by procedure. */
let asked: Map<string, unknown>;

const flow = {
  ...emptyFlow('Test'),
  nodes: { ask: { kind: 'input', config: { fields: { q: { type: 'string' as const } } } }, say: { kind: 'template', config: { template: '{{ q }}' } } },
  links: [{ from: 'ask.q', to: 'say.q' }],
};

beforeEach(() => {
  asked = new Map();
  vi.stubGlobal('fetch', async (url: string, { body }: { body?: string } = {}) => {
    const procedure = /trpc\/([\w.]+)/.exec(url)?.[1] as string;
    asked.set(procedure, body === undefined ? undefined : JSON.parse(body));
    return Response.json({ result: { data: procedure === 'runs.get' ? { run: 'r1', inputs: { q: 'as it was asked' } } : { run: 'r2' } } });
  });
});

afterEach(() => {
  act(() => runStore.getState().close());
});

function show(status: 'failed' | 'cancelled', flowId = 'test', message = 'It ended.'): RunView {
  const view = emptyRun();
  const cause = { ...failure(status === 'failed' ? 'limit-tokens' : 'cancelled', message), ...(status === 'failed' && { node: 'say' }) };
  const usage = { modelCalls: 0, toolCalls: 0, inputTokens: 0, outputTokens: 0 };
  const events: RunEvent[] = [
    { type: 'run-start', run: 'r1', flow: 'Test', plan: 'p', inputs: { q: 'as it was asked' }, seq: 0, at: 1 },
    { type: 'run-end', status, outputs: {}, usage, failure: cause, seq: 1, at: 2 },
  ];
  for (const event of events) foldRun(view, event);
  act(() => {
    editor.open({ id: 'test', revision: 1, flow });
    runStore.setState({ view, mode: 'live', flow, flowId });
    stage.render(<FailureCard view={view} failure={cause} />);
  });
  return view;
}

const resume = () => [...stage.host.querySelectorAll('button')].find(({ textContent }) => textContent === 'Resume');

test('a run that met a limit is resumed on its own inputs, with what it recorded', async () => {
  show('failed');
  await act(async () => {
    resume()?.click();
    await vi.waitFor(() => expect(asked.has('runs.start')).toBe(true));
  });
  expect(asked.get('runs.start')).toMatchObject({ flowId: 'test', inputs: { q: 'as it was asked' }, seed: { of: 'r1' } });
});

test('a run that was stopped is told as stopped, and may be resumed', () => {
  show('cancelled');
  expect(stage.host.querySelector('h2')?.textContent).toBe('Stopped');
  expect(resume()).toBeDefined();
});

test('a run of another flow than the open one is not', () => {
  show('failed', 'other');
  expect(resume()).toBeUndefined();
});

test('a stop is told as what a person did, and a failure as one', () => {
  show('cancelled');
  expect(stage.host.querySelector('.bg-bad-soft')).toBeNull();
  show('failed');
  expect(stage.host.querySelector('.bg-bad-soft')).not.toBeNull();
});

test('a message with a whole page in it keeps its beginning, and its end with what to do, and leaves out the middle', () => {
  show('failed', 'test', `Status 500 from GET /items, with the body: ${'<p>Internal error</p>'.repeat(200)}. Check the path.`);
  const text = stage.host.querySelector('p')?.textContent ?? '';
  expect(text).toMatch(/^Status 500 from GET \/items.* … .*Check the path\.$/);
  expect(text.length).toBeLessThan(800);
});

test('it names the node as it ran, also where that is gone from the document since', () => {
  show('failed');
  const heading = () => stage.host.querySelector('h2')?.textContent;
  const before = heading();
  const buttons = () => [...stage.host.querySelectorAll('button')].map(({ textContent }) => textContent);
  expect(before).toBe('Template failed');
  expect(buttons()).toContain('Show node');
  act(() => editor.open({ id: 'test', revision: 2, flow: { ...flow, nodes: { ask: flow.nodes.ask }, links: [] } }));
  expect(heading()).toBe(before);
  expect(buttons()).not.toContain('Show node');
});
