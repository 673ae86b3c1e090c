/** What cards tell of a run, from the same events as the trace. */
import { emptyRun, foldRun, type RunEventBody, type RunView } from '@switchyard/shared';
import { expect, test } from 'vitest';
import { cardRun, type CardRun } from './card-run.ts';

const usage = { modelCalls: 1, toolCalls: 0, inputTokens: 10, outputTokens: 5 };
const call = (key: string, node: string, operation: string | undefined, kind: string): RunEventBody => ({
  type: 'call-start',
  key,
  task: 'planner',
  kind,
  pool: 'p',
  attempt: 1,
  request: kind === 'query' ? { sql: 'select  1' } : kind === 'fetch' ? { method: 'GET', path: '/parcels/P-1' } : {},
  target: { node, turn: Number(/#t(\d+)/.exec(key)?.[1] ?? 1), ...(operation && { operation }) },
});
const end = (key: string, result: Extract<RunEventBody, { type: 'call-end' }>['result'], ms = 5): RunEventBody => ({
  type: 'call-end',
  key,
  attempt: 1,
  result: result ?? null,
  usage,
  ms,
});

const script: RunEventBody[] = [
  { type: 'run-start', run: 'r', flow: 'f', plan: 'p', inputs: {} },
  { type: 'task-start', task: 'planner', node: 'planner', inputs: {} },
  call('planner.catalogue.orders', 'orders', 'catalogue', 'catalogue'),
  end('planner.catalogue.orders', { tables: [] }),
  call('planner#t1.model', 'planner', undefined, 'model'),
  end('planner#t1.model', { text: '' }),
  call('planner#t1.orders.query.0', 'orders', 'query', 'query'),
  call('planner#t1.carrier.track.0', 'carrier', 'track', 'fetch'),
  end('planner#t1.orders.query.0', { rows: [{}, {}] }),
  {
    type: 'call-end',
    key: 'planner#t1.carrier.track.0',
    attempt: 1,
    failure: { code: 'http-status', message: 'The carrier gave 404.', retry: 'never' },
    ms: 5,
  },
  call('planner#t2.model', 'planner', undefined, 'model'),
  { type: 'call-delta', key: 'planner#t2.model', attempt: 1, n: 0, text: 'It is on its way' },
  end('planner#t2.model', { text: 'It is on its way.' }),
  { type: 'task-end', task: 'planner', outputs: {} },
  { type: 'run-end', status: 'done', outputs: {}, usage },
];

function viewAfter(count: number): RunView {
  const view = emptyRun();
  for (const [seq, body] of script.slice(0, count).entries()) foldRun(view, { ...body, seq, at: 1000 + seq * 10 });
  return view;
}

function card(id: string, count: number, isRunning = true, stale?: string): CardRun | undefined {
  const view = viewAfter(count);
  const calls = [...view.calls.values()];
  return cardRun({
    id,
    mayCall: id === 'planner',
    task: view.tasks.get(id),
    callsBy: id === 'planner' ? calls : [],
    callsTo: calls.filter((each) => each.target.node === id),
    isRunning,
    question: undefined,
    stale,
    plan: undefined,
    title: (node) => ({ orders: 'Shop orders', carrier: 'Carrier' })[node] ?? node,
  });
}

test('a node that the run has not reached waits, and says nothing once the run is over', () => {
  expect(card('writer', 6)).toEqual({ status: 'idle' });
  expect(card('writer', 15, false)).toBeUndefined();
});

test('reading what a node offers shows while it happens, and is not a call afterwards', () => {
  expect(card('orders', 3)).toMatchObject({ status: 'running', line: 'reading tables' });
  expect(card('orders', 4)).toEqual({ status: 'idle' });
});

test('a call in flight shows what was asked, then what came back and how long it took', () => {
  expect(card('orders', 7)).toEqual({ status: 'running', line: 'select 1' });
  expect(card('orders', 9)).toEqual({ status: 'done', line: '2 rows', time: '20 ms' });
});

test('a failed call says why', () => {
  expect(card('carrier', 10)).toMatchObject({ status: 'failed', line: 'The carrier gave 404.' });
});

test('a node that failed after its call came back says why, not what came back', () => {
  const view = viewAfter(9);
  const seq = 9;
  foldRun(view, { type: 'task-start', task: 'orders', node: 'orders', inputs: {}, seq, at: 2000 });
  foldRun(view, { type: 'task-failure', task: 'orders', failure: { code: 'output-invalid', message: 'No row fits.', retry: 'never' }, seq: seq + 1, at: 2001 });
  const source = {
    mayCall: false,
    callsBy: [],
    isRunning: false,
    stale: undefined,
    question: undefined,
    plan: undefined,
    title: (node: string) => node,
  };
  const callsTo = [...view.calls.values()].filter((each) => each.target.node === 'orders');
  expect(cardRun({ ...source, id: 'orders', task: view.tasks.get('orders'), callsTo })).toMatchObject({ status: 'failed', line: 'No row fits.' });
});

test('a node that is done although a flow that it ran has failed says how often, not what the last call gave', () => {
  const view = viewAfter(9);
  foldRun(view, { type: 'task-start', task: 'each', node: 'each', inputs: {}, seq: 9, at: 2000 });
  foldRun(view, { type: 'task-end', task: 'each', outputs: {}, seq: 10, at: 2001 });
  const source = { mayCall: false, callsBy: [], isRunning: false, stale: undefined, question: undefined, plan: undefined, title: (node: string) => node };
  const callsTo = [...view.calls.values()].filter((each) => each.target.node === 'orders');
  expect(cardRun({ ...source, id: 'each', task: view.tasks.get('each'), callsTo, failures: { failed: 10, of: 500 } })).toEqual({
    status: 'done',
    line: '10 of 500 failed',
  });
});

test('a node that calls others shows its turn and the list of what it did', () => {
  expect(card('planner', 8)).toEqual({
    status: 'running',
    word: 'turn 1',
    checklist: [
      { key: 'planner#t1.orders.query.0', text: 'Shop orders: query', status: 'running' },
      { key: 'planner#t1.carrier.track.0', text: 'Carrier: track', status: 'running' },
      { key: 'answer', text: 'Answer', status: 'idle' },
    ],
  });
  expect(card('planner', 12)?.checklist?.map((item) => item.status)).toEqual(['done', 'failed', 'running']);
  expect(card('planner', 15, false)).toMatchObject({
    status: 'done',
    checklist: [{ status: 'done' }, { status: 'failed' }, { text: 'Answer', status: 'done' }],
  });
});

test('what still ran when the run was stopped was stopped with it', () => {
  expect(card('orders', 8, false)?.status).toBe('cancelled');
  expect(card('planner', 8, false)?.checklist?.map((item) => item.status)).toEqual(['cancelled', 'cancelled', 'cancelled']);
});

test('a result from before an edit is stale', () => {
  expect(card('orders', 15, false, 'Changed.')).toMatchObject({ status: 'stale', stale: 'Changed.', line: '2 rows' });
  expect(card('orders', 8, true, 'Changed.')?.status).toBe('running');
});

test('what a program called is listed like any call', () => {
  const view = viewAfter(2);
  const keys = ['planner#t1.model', 'planner#t1.code.pass.0', 'planner#t1.code.orders.query.0', 'planner#t1.code2.carrier.track.0'];
  const nodes = ['planner', 'planner', 'orders', 'carrier'];
  for (const [index, key] of keys.entries())
    foldRun(view, { ...call(key, nodes[index] as string, key.endsWith('track.0') ? 'track' : 'query', 'query'), seq: 10 + index, at: 2000 });
  const source = { mayCall: true, task: view.tasks.get('planner'), callsTo: [], isRunning: true, question: undefined, stale: undefined, plan: undefined };
  const { checklist } = cardRun({ ...source, id: 'planner', callsBy: [...view.calls.values()], title: (node) => node }) as CardRun;
  expect(checklist?.map((item) => item.text)).toEqual(['orders: query', 'carrier: track', 'Answer']);
});

test('a long list keeps its newest items', () => {
  const view = viewAfter(2);
  const calls = Array.from({ length: 9 }, (_, index) => call(`planner#t${index + 1}.orders.query.0`, 'orders', 'query', 'query'));
  for (const [index, body] of calls.entries()) foldRun(view, { ...body, seq: 10 + index, at: 2000 });
  const { checklist } = cardRun({
    id: 'planner',
    mayCall: true,
    task: view.tasks.get('planner'),
    callsBy: [...view.calls.values()],
    callsTo: [],
    isRunning: true,
    question: undefined,
    stale: undefined,
    plan: undefined,
    title: (node) => node,
  }) as CardRun;
  expect(checklist?.map((item) => item.text)).toEqual(['4 earlier', ...Array.from({ length: 5 }, () => 'orders: query'), 'Answer']);
});

test('what a plan says stands in the place of the calls, about where it is now', () => {
  const view = viewAfter(2);
  const steps = Array.from({ length: 11 }, (_, index) => ({ id: `s${index}`, title: `Step ${index}`, operation: 'query', needs: [] }));
  foldRun(view, { type: 'plan', task: 'planner', key: 'planner', node: 'planner', revision: 0, steps, seq: 20, at: 2000 });
  for (const [index, status] of (['done', 'done', 'done', 'done', 'failed', 'running'] as const).entries())
    foldRun(view, { type: 'plan-step', task: 'planner', key: 'planner', step: `s${index}`, status, seq: 21 + index, at: 2000 });
  const source = {
    id: 'planner',
    mayCall: true,
    task: view.tasks.get('planner'),
    callsBy: [],
    callsTo: [],
    question: undefined,
    stale: undefined,
    title: String,
  };
  const shown = cardRun({ ...source, plan: view.plans.get('planner'), isRunning: true })?.checklist ?? [];
  expect(shown.map(({ text }) => text)).toEqual(['3 earlier', ...Array.from({ length: 8 }, (_, index) => `Step ${index + 3}`), 'Answer']);
  expect(shown.map(({ status }) => status)).toEqual(['done', 'done', 'failed', 'running', ...Array.from({ length: 5 }, () => 'queued'), 'idle']);
  const stopped = cardRun({ ...source, plan: view.plans.get('planner'), isRunning: false })?.checklist ?? [];
  expect(stopped.at(-2)?.status).toBe('cancelled');
});

test('waiting for a person is told apart from waiting for a moment', () => {
  const view = viewAfter(2);
  foldRun(view, { type: 'wait-start', key: 'planner.wait', task: 'planner', until: { time: 5000 }, seq: 20, at: 2000 });
  const source = { id: 'x', mayCall: false, task: view.tasks.get('planner'), callsBy: [], callsTo: [], stale: undefined, plan: undefined, title: String };
  expect(cardRun({ ...source, isRunning: true, question: 'Go on?' })).toEqual({ status: 'waiting', question: 'Go on?' });
  expect(cardRun({ ...source, isRunning: true, question: undefined })).toEqual({ status: 'resting' });
  expect(cardRun({ ...source, isRunning: false, question: 'Go on?' })).toEqual({ status: 'cancelled' });
});

test('what was given, and what an earlier run recorded, is marked', () => {
  const view = viewAfter(15);
  const task = view.tasks.get('planner');
  const source = { id: 'x', mayCall: false, task, callsTo: [], isRunning: false, question: undefined, stale: undefined, plan: undefined, title: String };
  if (task) task.pinned = true;
  expect(cardRun({ ...source, callsBy: [] })?.origin).toBe('pinned');
  if (task) delete task.pinned;
  const calls = [...view.calls.values()].map((each) => ({ ...each, from: 'r0' }));
  expect(cardRun({ ...source, callsBy: calls })?.origin).toBe('earlier');
  expect(cardRun({ ...source, callsBy: [...view.calls.values()] })?.origin).toBeUndefined();
});
