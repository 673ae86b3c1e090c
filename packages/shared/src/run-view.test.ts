/** The fold from events to what is shown: by event, in any pieces, twice over. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addUsage, emptyRun, foldRun, noUsage, type RunEvent, type RunView } from './index.ts';

const events = JSON.parse(readFileSync(new URL('../fixtures/events.json', import.meta.url), 'utf8')) as RunEvent[];
const fold = (list: readonly RunEvent[], view = emptyRun()): RunView => list.reduce(foldRun, view);
const until = (type: RunEvent['type'], nth = 1) => {
  let left = nth;
  return events.slice(0, events.findIndex((event) => event.type === type && --left === 0) + 1);
};

describe('the view', () => {
  it('of no events is of no run', () => expect(emptyRun()).toMatchObject({ status: 'none', seq: -1, version: 0 }));

  it('of a whole run has its end, its tasks and its calls', () => {
    const view = fold(events);
    expect(view).toMatchObject({
      run: 'run_1',
      flow: 'Order desk',
      status: 'failed',
      inputs: { question: 'Where is order 1042?' },
      outputs: { answer: 'In parcel P-77.' },
      failure: { code: 'model-unreachable', node: 'mood' },
    });
    expect([...view.tasks.values()].map(({ task, status }) => [task, status])).toEqual([
      ['ask', 'done'],
      ['planner', 'done'],
      ['mood', 'failed'],
      ['soothe', 'skipped'],
      ['reply', 'done'],
    ]);
    expect(view.tasks.get('soothe')?.why).toContain('mood');
    expect(view.tasks.get('planner')).toMatchObject({
      calls: ['planner#t1.model', 'planner#t1.refused.0', 'planner#t1.orders.query.0', 'planner#t2.model'],
      outputs: { answer: 'In parcel P-77.' },
    });
    expect(view.endedAt).toBe(events.at(-1)?.at);
    expect(view.version).toBe(events.length);
  });

  it('of a run under way shows what runs, and the text so far', () => {
    const view = fold(until('call-delta', 2));
    expect(view.status).toBe('running');
    expect(view.tasks.get('planner')?.status).toBe('running');
    expect(view.calls.get('planner#t1.model')).toMatchObject({
      status: 'running',
      text: 'I look it up.',
      startedAt: 1_764_000_000_004,
      firstTextAt: 1_764_000_000_054,
    });
  });

  it('of a second attempt keeps the first start and drops the old text and failure', () => {
    const failed = fold(until('call-end', 2)).calls.get('planner#t1.orders.query.0');
    expect(failed).toMatchObject({ status: 'failed', attempt: 1, failure: { code: 'connection-busy' } });
    const again = fold(until('call-start', 3)).calls.get('planner#t1.orders.query.0');
    expect(again).toMatchObject({ status: 'running', attempt: 2, text: '', startedAt: failed?.startedAt });
    expect(again?.failure).toBeUndefined();
    const late = foldRun(fold(until('call-start', 3)), {
      type: 'call-delta',
      key: 'planner#t1.orders.query.0',
      attempt: 1,
      n: 9,
      text: 'late',
      seq: 1_000,
      at: 1,
    });
    expect(late.calls.get('planner#t1.orders.query.0')?.text).toBe('');
    expect(fold(events).calls.get('planner#t1.orders.query.0')).toMatchObject({ status: 'done', replayed: true });
    expect(
      fold(events)
        .tasks.get('planner')
        ?.calls.filter((key) => key.includes('query')),
    ).toHaveLength(1);
  });

  it('of a waiting task says so', () => expect(fold(until('wait-start')).tasks.get('planner')?.status).toBe('waiting'));

  it('adds usage up by task and run; the end has the last word', () => {
    const running = fold(until('task-end', 2));
    expect(running.tasks.get('planner')?.usage).toEqual({ modelCalls: 2, toolCalls: 0, inputTokens: 872, outputTokens: 43, cost: 0.0007 });
    expect(running.usage).toEqual(running.tasks.get('planner')?.usage);
    expect(fold(events).usage).toEqual({ modelCalls: 2, toolCalls: 1, inputTokens: 872, outputTokens: 43, cost: 0.0007 });
    const total = { ...noUsage };
    addUsage(total, { modelCalls: 1 });
    expect(total).toEqual({ ...noUsage, modelCalls: 1 });
  });
});

describe('folding', () => {
  it('an event seen before changes nothing', () => {
    const view = fold(events);
    const before = JSON.stringify([view, [...view.tasks], [...view.calls]]);
    for (const event of events) expect(foldRun(view, event)).toBe(view);
    expect(JSON.stringify([view, [...view.tasks], [...view.calls]])).toBe(before);
  });

  it('gives the same in any pieces, with any repeated', () => {
    const whole = fold(events);
    fc.assert(
      fc.property(fc.array(fc.nat({ max: events.length }), { maxLength: 6 }), (cuts) => {
        const view = emptyRun();
        let reached = 0;
        for (const cut of [...cuts.sort((a, b) => a - b), events.length]) {
          fold(events.slice(Math.max(0, reached - 3), cut), view);
          reached = Math.max(reached, cut);
        }
        expect(view).toEqual(whole);
      }),
    );
  });

  it('passes over events of tasks and calls that it never saw start', () => {
    const view = fold(events.filter(({ type }) => type !== 'task-start' && type !== 'call-start'));
    expect([...view.tasks.keys()]).toEqual(['soothe']);
    // What is refused is told at once, and needs no start.
    expect([...view.calls.keys()]).toEqual(['planner#t1.refused.0']);
    expect(view.status).toBe('failed');
  });

  it('leaves a view that began elsewhere alone: two views share nothing', () => {
    const first = fold(until('task-start'));
    fold(events);
    expect(first.tasks.size).toBe(1);
    expect(noUsage.modelCalls).toBe(0);
  });
});

it('the end tells which given results were of no use, and a run that is told anew begins without', () => {
  const end = { type: 'run-end', status: 'done', outputs: {}, usage: { ...noUsage }, unusedEdits: ['two'] };
  const view = fold([{ ...end, seq: 0, at: 0 } as RunEvent]);
  expect(view.unusedEdits).toEqual(['two']);
  foldRun(view, { type: 'run-start', run: 'r', flow: 'f', plan: 'p', inputs: {}, seq: 1, at: 1 });
  expect(view.unusedEdits).toBeUndefined();
});

describe('waits, bodies and failures that were dealt with', () => {
  const stamped = (bodies: object[]) => bodies.map((body, seq) => ({ ...body, seq, at: seq }) as RunEvent);

  it('a task waits until the last of its waits has ended', () => {
    const list = stamped([
      { type: 'task-start', task: 'a', node: 'a', inputs: {} },
      { type: 'wait-start', key: 'a.1', task: 'a', until: { time: 5 } },
      { type: 'wait-start', key: 'a.2', task: 'a', until: { time: 6 } },
      { type: 'wait-end', key: 'a.1' },
      { type: 'wait-end', key: 'a.2' },
    ]);
    expect(fold(list.slice(0, 4)).tasks.get('a')?.status).toBe('waiting');
    expect(fold(list).tasks.get('a')?.status).toBe('running');
  });

  it('a task of a body names the task that runs it', () => {
    const view = fold(stamped([{ type: 'task-start', task: 'each[0].get', node: 'get', inputs: {}, parent: 'each' }]));
    expect(view.tasks.get('each[0].get')).toMatchObject({ node: 'get', parent: 'each' });
  });

  it('a failure that was dealt with says how, and what went on; its calls run no longer', () => {
    const view = fold(
      stamped([
        { type: 'task-start', task: 'a', node: 'a', inputs: {} },
        { type: 'call-start', key: 'a.1', task: 'a', kind: 'fetch', pool: 'p', request: {}, attempt: 1, target: { node: 'a' } },
        { type: 'task-failure', task: 'a', failure: { code: 'timeout', message: 'late', retry: 'never' }, handling: 'continue', outputs: { x: 1 } },
      ]),
    );
    expect(view.tasks.get('a')).toMatchObject({ status: 'failed', handling: 'continue', outputs: { x: 1 } });
    expect(view.calls.get('a.1')?.status).toBe('failed');
  });
});
