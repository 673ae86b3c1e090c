/** A run's events become rows: flow, node, turn, call, the same live and past. */
import { emptyRun, foldRun, type CallTarget, type RunEventBody, type RunView } from '@switchyard/shared';
import { expect, test } from 'vitest';
import { noFilter, noteOf, traceParts, traceRows } from './trace-rows.ts';
import { traceTree } from './trace-tree.ts';

const usage = (inputTokens: number) => ({ modelCalls: 1, toolCalls: 0, inputTokens, outputTokens: 1 });

function viewOf(script: RunEventBody[]): RunView {
  const view = emptyRun();
  for (const [seq, body] of script.entries()) foldRun(view, { ...body, seq, at: 1000 + seq * 10 });
  return view;
}

function start(key: string, kind: string, target: CallTarget, request = {}): RunEventBody {
  return { type: 'call-start', key, task: key.split(/[#.]/)[0] as string, kind, pool: 'p', request, attempt: 1, target };
}

const end = (key: string, more = {}): RunEventBody => ({ type: 'call-end', key, attempt: 1, result: {}, ms: 10, ...more });
const begun: RunEventBody[] = [
  { type: 'run-start', run: 'r', flow: 'f', plan: 'p', inputs: {} },
  { type: 'task-start', task: 'planner', node: 'planner', inputs: {} },
];
const desk: RunEventBody[] = [
  ...begun,
  start('planner.catalogue.orders', 'catalogue', { node: 'orders', operation: 'catalogue' }, { connection: 'shop' }),
  end('planner.catalogue.orders'),
  start('planner#t1.model', 'model', { node: 'planner', turn: 1 }, { model: 'qwen' }),
  { type: 'call-delta', key: 'planner#t1.model', attempt: 1, n: 0, text: 'a' },
  end('planner#t1.model', { usage: usage(100) }),
  start('planner#t1.orders.query.0', 'query', { node: 'orders', operation: 'query', turn: 1 }, { sql: 'select *\n  from orders' }),
  start('planner#t1.carrier.track.0', 'fetch', { node: 'carrier', operation: 'track', turn: 1 }, { method: 'GET', path: '/parcels/1' }),
  end('planner#t1.orders.query.0'),
  end('planner#t1.carrier.track.0', { result: undefined, failure: { code: 'http-status', message: '500', retry: 'policy' } }),
  start('planner#t2.model', 'model', { node: 'planner', turn: 2 }, { model: 'qwen' }),
];
const ended: RunEventBody[] = [
  end('planner#t2.model', { usage: usage(50) }),
  { type: 'task-end', task: 'planner', outputs: {} },
  { type: 'run-end', status: 'done', outputs: {}, usage: usage(150) },
];

function rowsOf(script: RunEventBody[], filter = noFilter, folded: string[] = []) {
  const root = traceTree(viewOf(script), (node) => node);
  return traceRows(root, filter, new Set(folded));
}
const drawn = (rows: ReturnType<typeof rowsOf>) =>
  rows.map(({ depth, item }) => `${'  '.repeat(depth)}${item.label} [${item.status}] ${noteOf(item)}`.trimEnd());

test('before the first event there is nothing', () => {
  expect(traceTree(emptyRun(), (node) => node)).toBeUndefined();
  expect(rowsOf([])).toEqual([]);
});

test('a live run: turns hold their own model call, and the calls they led to', () => {
  expect(drawn(rowsOf(desk))).toEqual([
    'Run [running]',
    '  planner [running]',
    '    orders.catalogue [done] shop',
    '    turn 1 [done] qwen',
    '      orders.query [done] select * from orders',
    '      carrier.track [failed] GET /parcels/1',
    '    turn 2 [running] qwen',
  ]);
});

test('a past run: the same rows, ended, with tokens', () => {
  const rows = rowsOf([...desk, ...ended]);
  expect(drawn(rows).filter((line) => line.includes('[running]'))).toEqual([]);
  expect(rows.map(({ item }) => item.inputTokens)).toEqual([150, 150, 0, 100, 0, 0, 50]);
  const turn = rows[3]?.item;
  expect([turn?.startedAt, turn?.call?.firstTextAt, turn?.endedAt]).toEqual([1040, 1050, 1060]);
});

test('what still ran when the run was stopped reads as stopped', () => {
  const rows = rowsOf([...desk, { type: 'run-end', status: 'cancelled', outputs: {}, usage: usage(100) }]);
  expect(rows.map(({ item }) => item.status)).toEqual(['cancelled', 'cancelled', 'done', 'done', 'done', 'failed', 'cancelled']);
  expect(rows.every(({ item }) => item.endedAt !== undefined)).toBe(true);
});

test('a called node that plans itself has its turns below the call to it', () => {
  const rows = rowsOf([
    ...begun,
    start('planner#t1.model', 'model', { node: 'planner', turn: 1 }),
    end('planner#t1.model'),
    start('planner#t1.helper.ask.0#t1.model', 'model', { node: 'helper', turn: 1 }),
    end('planner#t1.helper.ask.0#t1.model'),
    start('planner#t1.helper.ask.0#t1.mood.ask.0', 'model', { node: 'mood', operation: 'ask', turn: 1 }, { model: 'tiny' }),
    end('planner#t1.helper.ask.0#t1.mood.ask.0'),
    start('planner#t1.helper.ask.0#t2.model', 'model', { node: 'helper', turn: 2 }),
  ]);
  expect(rows.map(({ depth, item }) => `${depth} ${item.sort} ${item.label} ${item.node ?? ''} ${item.status}`)).toEqual([
    '0 run Run  running',
    '1 task planner planner running',
    '2 turn turn 1 planner done',
    '3 group helper.ask helper running',
    '4 turn turn 1 helper done',
    '5 call mood.ask mood done',
    '4 turn turn 2 helper running',
  ]);
});

test('a step that asked another model instead names that call a fallback', () => {
  const rows = rowsOf([
    { type: 'run-start', run: 'r', flow: 'f', plan: 'p', inputs: {} },
    { type: 'task-start', task: 'mood', node: 'mood', inputs: {} },
    start('mood', 'model', { node: 'mood' }, { model: 'small' }),
    end('mood'),
    start('mood.fallback.2', 'model', { node: 'mood', escalated: { from: 'small', why: 'it was not sure' } }, { model: 'large' }),
  ]);
  expect(drawn(rows).slice(2)).toEqual(['    mood [done] small', '    mood.fallback [running] large']);
});

test('a model that failed for good is the turn; its fallback hangs below', () => {
  const rows = rowsOf([
    ...begun,
    start('planner#t1.model', 'model', { node: 'planner', turn: 1 }),
    end('planner#t1.model', { result: undefined, failure: { code: 'x', message: 'x', retry: 'never' } }),
    start('planner#t1.fallback', 'model', { node: 'planner', turn: 1, escalated: { from: 'qwen', why: 'it failed' } }),
  ]);
  expect(drawn(rows).slice(2)).toEqual(['    turn 1 [failed]', '      planner.fallback [running]'].map((line) => expect.stringContaining(line)));
});

test('filters keep what fits and what stands above it', () => {
  const all = [...desk, ...ended];
  expect(rowsOf(all, { ...noFilter, isFailuresOnly: true }).map(({ item }) => item.label)).toEqual(['Run', 'planner', 'turn 1', 'carrier.track']);
  expect(rowsOf(all, { ...noFilter, site: 'orders' }).map(({ item }) => item.label)).toEqual(['Run', 'planner', 'orders.catalogue', 'turn 1', 'orders.query']);
  expect(rowsOf(all, { ...noFilter, kind: 'fetch' }).map(({ item }) => item.label)).toEqual(['Run', 'planner', 'turn 1', 'carrier.track']);
  expect(rowsOf(all, { ...noFilter, text: 'FROM orders' }).map(({ item }) => item.label)).toEqual(['Run', 'planner', 'turn 1', 'orders.query']);
  expect(rowsOf(all, { ...noFilter, text: 'nothing such' })).toEqual([]);
});

test('folded rows hide what is below them, but not from a filter', () => {
  const all = [...desk, ...ended];
  expect(rowsOf(all, noFilter, ['planner#t1']).map(({ item }) => item.label)).toEqual(['Run', 'planner', 'orders.catalogue', 'turn 1', 'turn 2']);
  expect(rowsOf(all, { ...noFilter, kind: 'query' }, ['planner#t1']).map(({ item }) => item.label)).toContain('orders.query');
});

test('what the filter may choose from is what occurs', () => {
  const root = traceTree(viewOf(desk), (node) => node);
  expect(traceParts(root)).toEqual({ sites: ['planner', 'orders', 'carrier'], kinds: ['catalogue', 'model', 'query', 'fetch'] });
});

test('a program is one row with what it called below it, at work while a call of its is', () => {
  const pass = (number: number) => start(`planner#t1.code.pass.${number}`, 'sandbox', { node: 'planner', turn: 1 }, { code: 'return await orders.query({})' });
  const script = [
    ...begun,
    start('planner#t1.model', 'model', { node: 'planner', turn: 1 }, { model: 'qwen' }),
    end('planner#t1.model'),
    pass(0),
    end('planner#t1.code.pass.0'),
    start('planner#t1.code.orders.query.0', 'query', { node: 'orders', operation: 'query', turn: 1, step: 'code' }, { sql: 'select 1' }),
    start('planner#t1.code.helper.ask.0#t1.model', 'model', { node: 'helper', turn: 1 }, { model: 'small' }),
    end('planner#t1.code.helper.ask.0#t1.model'),
  ];
  const rows = [
    '    turn 1 [done] qwen',
    '      planner.code [running] return await orders.query({})',
    '        orders.query [running] select 1',
    '        helper.ask [done]',
    '          turn 1 [done] small',
  ];
  expect(drawn(rowsOf(script)).slice(2)).toEqual(rows);
  const whole = [...script, end('planner#t1.code.orders.query.0'), pass(1), end('planner#t1.code.pass.1', { result: { result: 5, logs: [] } })];
  expect(drawn(rowsOf(whole)).slice(2)).toEqual(rows.map((row) => row.replace('running', 'done')));
  const program = rowsOf(whole)[3]?.item;
  expect(program?.call?.result).toEqual({ result: 5, logs: [] });
  expect([program?.startedAt, program?.endedAt]).toEqual([1040, 1110]);
});
