import { answerSignal, failure, FailureError, type Json, type JsonObject } from '@switchyard/shared';
import { describe, expect, test } from 'vitest';
import { createHandSettledHost } from '../../../../testing/hand-settled-host.ts';
import { scriptedTurns, testRun } from '../../../../testing/test-run.ts';
import { converse, deskFlow, deskKinds, found, question, type DeskAnswers } from '../../../../testing/control-desk.ts';

const order: DeskAnswers = (path) => ({ order: Number(path.split('/').at(-1)), where: 'Bremen', next: 8, lines: [{ id: 1 }, { id: 2 }, { id: 3 }] });
const step = (id: string, args: Json, more: JsonObject = {}): JsonObject => ({ id, operation: 'desk_lookup', arguments: args, ...more });
const from = (of: string, path: string): JsonObject => ({ $from: of, path });
const plan = (...steps: JsonObject[]): [string, Json][] => [['make-plan', { steps }]];
const planFlow = (more: Parameters<typeof deskFlow>[0] = {}) => deskFlow({ ...more, config: { strategy: 'plan', ...more.config } });
const run = (turns: Parameters<typeof converse>[0], flow = planFlow(), answers = order) => converse(turns, flow, answers);

describe('strategy plan', () => {
  test('carries a plan out in two turns of the model, later steps working on results of earlier ones', async () => {
    const { result, requests, view, toolTexts } = await run([
      plan(step('first', { id: 7 }, { title: 'Find the order' }), step('second', { id: from('first', 'next') })),
      'In Bremen.',
    ]);
    expect(result).toMatchObject({ status: 'done', outputs: { answer: 'In Bremen.' }, usage: { modelCalls: 2, toolCalls: 2 } });
    expect(requests[0]?.tools?.map(({ name }) => name)).toEqual(['make-plan']);
    expect(requests[0]?.messages[0]?.text).toContain('declare function desk_lookup(args: { id: number }): { order: number; where?: string };');
    expect([...view.calls.keys()]).toEqual(['boss#t1.model', 'boss#t1.first.desk.lookup.0', 'boss#t1.second.desk.lookup.0', 'boss#t2.model']);
    expect(view.calls.get('boss#t1.second.desk.lookup.0')).toMatchObject({
      request: { path: '/orders/8' },
      target: { node: 'desk', operation: 'lookup', turn: 1, step: 'second' },
    });
    expect(toolTexts[0]).toContain('Step second: done\n<data source="desk.lookup">');
  });

  test('is told in the trace: the plan, and how far each step has come', async () => {
    const { events, view } = await run([plan(step('first', { id: 7 }, { title: 'Find the order' }), step('second', { id: from('first', 'next') })), 'Ok.']);
    expect(
      events
        .filter(({ type }) => type.startsWith('plan'))
        .map((event) => ('status' in event ? `${event.type} ${'step' in event ? event.step : ''} ${event.status}` : event.type)),
    ).toEqual(['plan', 'plan-step first running', 'plan-step first done', 'plan-step second running', 'plan-step second done']);
    expect(view.plans.get('boss')).toMatchObject({
      node: 'boss',
      revision: 0,
      steps: [
        { id: 'first', title: 'Find the order', node: 'desk', operation: 'lookup', needs: [], status: 'done' },
        { id: 'second', title: 'desk: lookup', needs: ['first'], status: 'done' },
      ],
    });
  });

  test('runs what does not depend on one another side by side', async () => {
    const host = createHandSettledHost();
    const running = testRun(planFlow(), { inputs: { question }, registry: deskKinds, host });
    const said = (text: string, toolCalls: Json[] = []) => ({ text, toolCalls, finish: 'stop', served: 'm' });
    const steps = [step('a', { id: 1 }), step('b', { id: 2 }), step('c', { id: from('a', 'next') })];
    (await host.next()).succeed(said('', [{ id: 'x', name: 'make-plan', arguments: JSON.stringify({ steps }) }]));
    const [a, b] = [await host.next(), await host.next()];
    a.succeed(found({ order: 1, next: 9 }));
    const c = await host.next();
    expect(c.call.request).toMatchObject({ path: '/orders/9' });
    c.succeed(found({ order: 9 }));
    b.succeed(found({ order: 2 }));
    (await host.next()).succeed(said('Done.'));
    expect((await running).result.outputs).toEqual({ answer: 'Done.' });
  });

  test('makes a step for each element of a list, and gathers the results', async () => {
    const steps = [
      step('first', { id: 7 }),
      step('lines', { id: { $each: 'id' } }, { each: from('first', 'lines') }),
      step('last', { id: from('lines', '[2].order') }),
    ];
    const { result, view, toolTexts } = await run([plan(...steps), 'Ok.']);
    expect(result.status).toBe('done');
    expect([...view.calls.keys()].filter((key) => key.includes('.lines.'))).toEqual([0, 1, 2].map((index) => `boss#t1.lines.desk.lookup.${index}`));
    expect(view.calls.get('boss#t1.last.desk.lookup.0')?.request).toMatchObject({ path: '/orders/3' });
    expect(toolTexts[0]).toContain('Step lines: done');
  });

  test('tells all mistakes of a plan at once, and carries nothing of it out', async () => {
    const wrong = [
      step('a', { id: 'seven' }),
      step('a', { id: 1 }),
      step('b', { id: from('nobody', '') }),
      { ...step('c', { id: 1 }), operation: 'desk_fly' },
      step('d', { id: from('e', '') }),
      step('e', { id: from('d', '') }),
      step('f', { id: { $each: 'id' } }),
      step('g', { id: 1, more: from('a', '') }),
      step('h', { id: from('a', 'rows[') }),
    ];
    const { result, toolTexts, view } = await run([plan(...wrong), plan(step('a', { id: 7 })), 'Ok.']);
    expect(result.status).toBe('done');
    for (const told of [
      'plan-invalid',
      'Step "a": its arguments',
      'there is a step "a" already',
      '"nobody"',
      'desk_fly',
      '"d", "e" wait for one another',
      'without "each"',
      '/more',
      'rows[',
    ]) {
      expect(toolTexts[0]).toContain(JSON.stringify(told).slice(1, -1));
    }
    expect([...view.calls.keys()].filter((key) => key.startsWith('boss#t1.') && key.includes('desk'))).toEqual([]);
  });

  test('a plan that is never right ends the run', async () => {
    const wrong = plan(step('a', { id: 'seven' }));
    expect((await run([wrong, wrong, wrong, wrong])).result.failure?.code).toBe('plan-invalid');
  });

  test('a failure of one step ends no other; what needs it is not run; a revised plan may go on from what is done', async () => {
    const flaky: DeskAnswers = (path) => {
      if (path === '/orders/13') throw new FailureError(failure('http-status', 'GET /orders/13 said 500'));
      return order(path);
    };
    const first = plan(step('good', { id: 7 }), step('bad', { id: 13 }), step('after', { id: from('bad', 'next') }));
    const { result, toolTexts, view } = await run([first, plan(step('again', { id: from('good', 'next') })), 'Ok.'], planFlow(), flaky);
    expect(result.outputs).toEqual({ answer: 'Ok.' });
    expect(toolTexts[0]).toContain('Step good: done');
    expect(toolTexts[0]).toContain('Step bad: failed');
    expect(toolTexts[0]).toContain('Step after: not run, since "bad" failed');
    expect(view.plans.get('boss')?.steps.map(({ id, status, revision }) => [id, status, revision])).toEqual([
      ['good', 'done', 0],
      ['bad', 'failed', 0],
      ['after', 'skipped', 0],
      ['again', 'done', 1],
    ]);
  });

  test('a reference that leads to nothing fails its step, plainly', async () => {
    const { toolTexts } = await run([plan(step('a', { id: 7 }), step('b', { id: from('a', 'lines[9].id') })), 'Ok.']);
    expect(toolTexts[0]).toContain('nothing stands at \\"lines[9].id\\" of the result of \\"a\\"');
  });

  test('plans without end are bounded', async () => {
    const turns = Array.from({ length: 5 }, (_, index) => plan(step(`s${index}`, { id: index })));
    const { result, requests, view } = await run([...turns, 'Enough.']);
    expect(result.outputs).toEqual({ answer: 'Enough.' });
    expect([...view.calls.keys()].filter((key) => key.includes('desk'))).toHaveLength(4);
    expect(requests.at(-1)?.tools).toBeUndefined();
  });

  test('the limits of a turn, of identical calls and of tool calls hold for plans too', async () => {
    const many = step('all', { id: { $each: 'id' } }, { each: from('a', 'lines') });
    const { toolTexts, view } = await run([plan(step('a', { id: 7 }), many), 'Ok.'], planFlow({ limits: { callsPerTurn: 3 } }));
    expect([...view.calls.keys()].filter((key) => key.includes('desk'))).toHaveLength(3);
    expect(toolTexts[0]).toContain('limit-calls-per-turn');
    const same = plan(...['a', 'b', 'c', 'd'].map((id) => step(id, { id: 7 })));
    expect((await run([same])).result.failure?.code).toBe('limit-identical-calls');
    expect((await run([plan(step('a', { id: 7 }), many)], planFlow({ limits: { toolCalls: 2 } }))).result.failure?.code).toBe('limit-tool-calls');
  });

  test('what was granted is called by plans only', async () => {
    const { toolTexts, view } = await run([[['desk_lookup', { id: 7 }]], 'Ok.']);
    expect(toolTexts[0]).toContain('tool-unknown');
    expect([...view.calls.keys()].some((key) => key.includes('desk'))).toBe(false);
  });

  test('a write that needs approval is not made, a step on what is kept needs no grant, and an answer has its schema', async () => {
    const output = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
    const figures = { id: 'count', operation: 'kept-figures', arguments: { result: from('a', ''), path: 'lines', figures: [{ figure: 'sum', of: 'id' }] } };
    const turns = [plan(step('a', { id: 7 }), figures, { ...step('w', { id: 7 }), operation: 'desk_cancel' }), 'Bremen', '{"city":"Bremen"}'];
    const { result, toolTexts, view } = await run(turns, planFlow({ config: { output }, grant: { approvalSeconds: 0.02 } }));
    expect(result.outputs).toEqual({ answer: { city: 'Bremen' } });
    expect(toolTexts[0]).toContain('"sum_id":6');
    expect(toolTexts[0]).toContain('call-rejected');
    expect([...view.calls.keys()].some((key) => key.includes('cancel'))).toBe(false);
  });
});

test('arguments that a person changed are told, of a step and of each element', async () => {
  const each = { id: 'all', operation: 'desk_cancel', each: from('a', 'ids'), arguments: { id: { $each: '' } } };
  const model = scriptedTurns([plan(step('a', { id: 7 }), { ...step('w', { id: 7 }), operation: 'desk_cancel' }, each), 'Ok.']);
  const asked: string[] = [];
  await testRun(planFlow({ grant: { approvalSeconds: 2 } }), {
    inputs: { question },
    registry: deskKinds,
    onStart: (port) => {
      port.signal(answerSignal('boss#t1.w.desk.cancel.0.approval'), { choice: 'edit', arguments: { id: 8 } });
      port.signal(answerSignal('boss#t1.all.desk.cancel.0.approval'), { choice: 'approve' });
      port.signal(answerSignal('boss#t1.all.desk.cancel.1.approval'), { choice: 'edit', arguments: { id: 9 } });
    },
    answers: {
      model: model.answer,
      fetch: ({ request }) => {
        asked.push((request as JsonObject).path as string);
        return found({ ids: [1, 2] });
      },
    },
  });
  expect(asked.sort()).toEqual(['/orders/1', '/orders/7', '/orders/8', '/orders/9']);
  const told = model.requests[1]?.messages.at(-1)?.text;
  expect(told).toContain('Step w: done\nA person changed the arguments to {"id":8}');
  expect(told).toContain('Step all: done\nA person changed the arguments to {"element 2":{"id":9}}');
});

describe('a plan that a person approves', () => {
  /** `answers` to the questions of these turns. */
  async function approve(turns: Parameters<typeof scriptedTurns>[0], answers: Record<string, Json>) {
    const model = scriptedTurns(turns);
    const asked: string[] = [];
    const ran = await testRun(planFlow({ config: { approvePlan: true } }), {
      inputs: { question },
      registry: deskKinds,
      onStart: (port) => {
        for (const [key, answer] of Object.entries(answers)) port.signal(answerSignal(key), answer);
      },
      answers: {
        model: model.answer,
        fetch: ({ request }) => {
          asked.push((request as JsonObject).path as string);
          return found({ order: 7 });
        },
      },
    });
    return { ...ran, asked, requests: model.requests };
  }

  test('is shown whole, and carried out once approved', async () => {
    const { result, events, asked } = await approve([plan(step('first', { id: 7 }, { title: 'Find *it*' })), 'Ok.'], {
      'boss#t1.plan': { choice: 'approve' },
    });
    expect(result.outputs).toEqual({ answer: 'Ok.' });
    expect(asked).toEqual(['/orders/7']);
    const question = events.find(({ type }) => type === 'wait-start');
    expect(question).toMatchObject({
      until: { ask: { about: 'step', node: 'boss', text: '1. **Find  it** (first): `desk.lookup`', arguments: [{ id: 'first' }] } },
    });
  });

  test('rejected, it goes back to the model with the reason, and nothing was called', async () => {
    const { result, asked, requests, view } = await approve([plan(step('first', { id: 7 })), plan(step('second', { id: 8 })), 'Ok.'], {
      'boss#t1.plan': { choice: 'reject', reason: 'Look at 8.' },
      'boss#t2.plan': { choice: 'approve' },
    });
    expect(result.status).toBe('done');
    expect(asked).toEqual(['/orders/8']);
    expect(requests[1]?.messages.at(-1)?.text).toContain('Look at 8.');
    expect(view.plans.get('boss')?.steps).toMatchObject([
      { id: 'first', status: 'skipped' },
      { id: 'second', status: 'done', revision: 1 },
    ]);
  });
});
