/** The run store folds what a source of runs sends, in batches, and forgets runs that left the screen. */
import { emptyFlow, type RunEvent, type RunEventBody } from '@switchyard/shared';
import { expect, test } from 'vitest';
import { traceTree } from '../trace/trace-tree.ts';
import type { RunSource, Watcher } from './run-source.ts';
import { createRunStore } from './run-store.ts';
import { runFigures, runStatus } from './use-run.ts';

const usage = { modelCalls: 1, toolCalls: 0, inputTokens: 10, outputTokens: 5, cost: 0.001 };

/** The run of a control node that makes one model call and one query. */
const script: RunEventBody[] = [
  { type: 'run-start', run: 'r1', flow: 'f', plan: 'p', inputs: { question: 'Where?' } },
  { type: 'task-start', task: 'planner', node: 'planner', inputs: { request: 'Where?' } },
  {
    type: 'call-start',
    key: 'planner#t1.model',
    task: 'planner',
    kind: 'model',
    pool: 'model:m',
    request: {},
    attempt: 1,
    target: { node: 'planner', turn: 1 },
  },
  { type: 'call-delta', key: 'planner#t1.model', attempt: 1, n: 0, text: 'Look' },
  { type: 'call-end', key: 'planner#t1.model', attempt: 1, result: {}, usage, ms: 40 },
  {
    type: 'call-start',
    key: 'planner#t1.orders.query.0',
    task: 'planner',
    kind: 'query',
    pool: 'db:shop',
    request: {},
    attempt: 1,
    target: { node: 'orders', operation: 'query', turn: 1 },
  },
  { type: 'call-end', key: 'planner#t1.orders.query.0', attempt: 1, result: {}, ms: 3 },
  { type: 'task-end', task: 'planner', outputs: { answer: 'There.' } },
  { type: 'run-end', status: 'done', outputs: { answer: 'There.' }, usage },
];
const events = script.map((body, seq): RunEvent => ({ ...body, seq, at: 1000 + seq * 10 }));

interface Bench {
  source: RunSource;
  watchers: Map<string, Watcher>;
  stopped: string[];
  cancelled: string[];
  /** Runs what was scheduled. */
  frame(): void;
  schedule(flush: () => void): void;
}

function bench(start: RunSource['start'] = () => Promise.resolve({ run: 'r1' })): Bench {
  const watchers = new Map<string, Watcher>();
  const stopped: string[] = [];
  const cancelled: string[] = [];
  let due: (() => void)[] = [];
  return {
    watchers,
    stopped,
    cancelled,
    frame: () => {
      const flushes = due;
      due = [];
      for (const flush of flushes) flush();
    },
    schedule: (flush) => due.push(flush),
    source: {
      start,
      cancel: (run) => {
        cancelled.push(run);
        return Promise.resolve({ cancelled: true });
      },
      get: (run) => Promise.resolve({ run, flowId: 'flow1', flow: emptyFlow(`flow of ${run}`), status: 'done', inputs: {}, startedAt: 0 }),
      list: () => Promise.resolve([]),
      outline: () => Promise.resolve([]),
      event: () => Promise.resolve(undefined),
      replay: () => Promise.resolve({}),
      record: () => Promise.resolve({ text: '' }),
      watch: (run, watcher) => {
        watchers.set(run, watcher);
        return () => stopped.push(run);
      },
    },
  };
}

test('a live run: started, folded once per frame, ended', async () => {
  const at = bench();
  const store = createRunStore(at.source, at.schedule);
  const versions: number[] = [];
  store.subscribe((state) => versions.push(state.version));

  const started = store.getState().startRun({ flow: emptyFlow('Desk'), inputs: { question: 'Where?' }, flowId: 'flow1' });
  expect(runStatus(store.getState())).toBe('starting');
  await started;
  expect(store.getState().flowId).toBe('flow1');

  const before = versions.length;
  // Two batches before the next frame.
  at.watchers.get('r1')?.onEvents(events.slice(0, 4));
  at.watchers.get('r1')?.onEvents(events.slice(4, 6));
  expect(versions.length).toBe(before);
  at.frame();
  expect(versions.length).toBe(before + 1);
  expect(runStatus(store.getState())).toBe('running');
  expect(store.getState().index.inFlight.has('planner>orders')).toBe(true);
  expect(store.getState().view.calls.get('planner#t1.model')?.text).toBe('Look');

  at.watchers.get('r1')?.onEvents(events.slice(6));
  at.frame();
  const { view, index } = store.getState();
  expect(view.outputs).toEqual({ answer: 'There.' });
  expect(index.inFlight.size).toBe(0);
  expect(index.callsTo.get('orders')).toEqual(['planner#t1.orders.query.0']);
  expect(runFigures(view, index, 99_999)).toEqual({ ms: 80, turns: 1, calls: 1, usage });
});

test('events that come twice after a reconnect are folded once', async () => {
  const at = bench();
  const store = createRunStore(at.source, at.schedule);
  await store.getState().startRun({ flow: emptyFlow('Desk'), inputs: {} });
  at.watchers.get('r1')?.onEvents([...events, ...events]);
  at.frame();
  expect(store.getState().view.version).toBe(events.length);
  expect(store.getState().view.usage).toEqual(usage);
  expect(store.getState().index.callsTo.get('planner')).toEqual(['planner#t1.model']);
});

test('a retried call stays one call, in flight until its last attempt ends', async () => {
  const at = bench();
  const store = createRunStore(at.source, at.schedule);
  await store.getState().startRun({ flow: emptyFlow('Desk'), inputs: {} });
  const first = events[5] as RunEvent;
  const again = { ...first, seq: 7, attempt: 2 } as RunEvent;
  const failed = {
    type: 'call-end',
    key: 'planner#t1.orders.query.0',
    attempt: 1,
    failure: { code: 'x', message: 'x', retry: 'policy' },
    ms: 1,
    seq: 6,
    at: 1060,
  } as RunEvent;
  at.watchers.get('r1')?.onEvents([...events.slice(0, 6), failed, again]);
  at.frame();
  expect(store.getState().index.callsTo.get('orders')).toHaveLength(1);
  expect(store.getState().index.inFlight.get('planner>orders')).toBe(1);
});

test('opening a past run stops the watch of the one before and drops its late events', async () => {
  const at = bench();
  const store = createRunStore(at.source, at.schedule);
  await store.getState().startRun({ flow: emptyFlow('Desk'), inputs: {} });
  at.watchers.get('r1')?.onEvents(events.slice(0, 3));
  await store.getState().openPast('old');
  expect(at.stopped).toEqual(['r1']);
  at.frame();
  expect(store.getState().view.tasks.size).toBe(0);
  expect(store.getState()).toMatchObject({ mode: 'past', flowId: 'flow1', flow: { name: 'flow of old' } });
});

test('a start that is refused says why, and a later start clears it', async () => {
  let isRefusing = true;
  const at = bench(() => (isRefusing ? Promise.reject(new Error('The flow has errors')) : Promise.resolve({ run: 'r2' })));
  const store = createRunStore(at.source, at.schedule);
  await store.getState().startRun({ flow: emptyFlow('Desk'), inputs: {} });
  expect(store.getState().refusal).toEqual({ message: 'The flow has errors', diagnostics: [] });
  expect(runStatus(store.getState())).toBe('none');
  isRefusing = false;
  await store.getState().startRun({ flow: emptyFlow('Desk'), inputs: {} });
  expect(store.getState().refusal).toBeUndefined();
  expect(runStatus(store.getState())).toBe('starting');
});

test('cancel asks the server for the run on screen only while it runs', async () => {
  const at = bench();
  const store = createRunStore(at.source, at.schedule);
  await store.getState().cancel();
  await store.getState().startRun({ flow: emptyFlow('Desk'), inputs: {} });
  await store.getState().cancel();
  at.watchers.get('r1')?.onEvents(events);
  at.frame();
  await store.getState().cancel();
  expect(at.cancelled).toEqual(['r1']);
});

test('a run that has ended is read page by page, with its end known from the first page on', async () => {
  const at = bench();
  const asked: number[] = [];
  const pages = [events.slice(0, 3), events.slice(3, 6), events.slice(6)];
  const turns = pages.map(() => Promise.withResolvers<void>());
  const source: RunSource = {
    ...at.source,
    get: (run) => Promise.resolve({ run, flow: emptyFlow('F'), status: 'done', inputs: {}, outputs: { answer: 'There.' }, startedAt: 1000, endedAt: 1080 }),
    outline: async (_, after) => {
      asked.push(after);
      await turns[asked.length - 1]?.promise;
      return pages[asked.length - 1] ?? [];
    },
  };
  const store = createRunStore(source, at.schedule);
  const opened = store.getState().openPast('r1');
  turns[0]?.resolve();
  await expect.poll(() => asked).toEqual([-1, 2]);
  expect(store.getState()).toMatchObject({ isReading: true, view: { status: 'done', outputs: { answer: 'There.' }, endedAt: 1080 } });
  // What the pages so far leave under way was not cancelled: its end is not read yet.
  expect(traceTree(store.getState().view, (site) => site)?.children.map(({ status }) => status)).not.toContain('cancelled');
  for (const turn of turns) turn.resolve();
  await opened;
  expect(asked).toEqual([-1, 2, 5]);
  expect(store.getState().isReading).toBe(false);
  expect(store.getState().view.tasks.get('planner')?.outputs).toEqual({ answer: 'There.' });
  expect(at.watchers.size).toBe(0);
});

test('pages of a run that left the screen are not folded into the next', async () => {
  const at = bench();
  const page = Promise.withResolvers<RunEvent[]>();
  const ended = { flow: emptyFlow('F'), status: 'done' as const, inputs: {}, startedAt: 1, endedAt: 2 };
  const source: RunSource = { ...at.source, get: (run) => Promise.resolve({ ...ended, run }), outline: () => page.promise };
  const store = createRunStore(source, at.schedule);
  const opened = store.getState().openPast('r1');
  await expect.poll(() => store.getState().isReading).toBe(true);
  store.getState().close();
  page.resolve(events);
  await opened;
  expect(store.getState()).toMatchObject({ mode: 'none', isReading: false });
  expect(store.getState().view.tasks.size).toBe(0);
});

test('a run that waited and goes on tells its story anew, and is told as running', async () => {
  const { source, watchers, frame, schedule } = bench();
  const store = createRunStore(source, schedule);
  await store.getState().startRun({ flow: emptyFlow('Desk'), inputs: {} });
  const tell = (bodies: readonly RunEventBody[], from: number) => {
    watchers.get('r1')?.onEvents(bodies.map((body, place) => ({ ...body, seq: from + place, at: 1000 + from + place })));
    frame();
  };
  const [begin, task] = script as [RunEventBody, RunEventBody];
  const asked: RunEventBody[] = [
    { type: 'wait-start', key: 'planner.ask', task: 'planner', until: { ask: { about: 'step', title: 'Go on?', node: 'planner' } } },
    { type: 'run-end', status: 'waiting', outputs: {}, usage },
  ];
  tell([begin, task, ...asked], 0);
  expect(runStatus(store.getState())).toBe('waiting');
  expect([...store.getState().index.waits.values()]).toEqual([{ node: 'planner', places: ['planner'], question: 'Go on?' }]);
  tell([begin, task], 4);
  expect(runStatus(store.getState())).toBe('running');
  expect(store.getState().view.endedAt).toBeUndefined();
  expect(store.getState().index.waits.size).toBe(0);
});
