/** The strategy `code`, its programs run in the real sandbox. */
import { answerSignal, failure, FailureError, type Json, type JsonObject, type ModelRequest } from '@switchyard/shared';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ClosableHost } from '../../../../adapters/host.ts';
import { ask, HostBench } from '../../../../adapters/testing/host-bench.ts';
import { converse, deskFlow, deskKinds, found, question, type DeskAnswers } from '../../../../testing/control-desk.ts';
import { scriptedTurns, testRun } from '../../../../testing/test-run.ts';

const bench = new HostBench();
let host: ClosableHost;
beforeAll(async () => {
  host = await bench.host();
});
afterAll(() => bench.close());

const sandbox = (request: Json) => ask(host, 'sandbox', request, { timeoutMs: 20_000 });
const order: DeskAnswers = (path) => ({ order: Number(path.split('/').at(-1)), where: 'Bremen', next: 8 });
const codeFlow = (more: Parameters<typeof deskFlow>[0] = {}) => deskFlow({ ...more, config: { strategy: 'code', ...more.config } });
const program = (code: string): [string, Json][] => [['run-code', { code }]];
const run = (turns: Parameters<typeof converse>[0], flow = codeFlow(), answers = order) => converse(turns, flow, answers, { sandbox });
const deskCalls = (view: { calls: ReadonlyMap<string, unknown> }) => [...view.calls.keys()].filter((key) => key.includes('desk'));

describe('strategy code', () => {
  test('runs a program that works on what its calls gave, in two turns of the model', async () => {
    const code = 'const first = await desk.lookup({ id: 7 });\nconst second = await desk.lookup({ id: first.next });\nreturn { second: second.order };';
    const { result, requests, view, toolTexts } = await run([program(code), 'In Bremen.']);
    expect(result).toMatchObject({ status: 'done', outputs: { answer: 'In Bremen.' }, usage: { modelCalls: 2, toolCalls: 2 } });
    expect(requests[0]?.tools?.map(({ name }) => name)).toEqual(['run-code']);
    expect(toolTexts).toEqual(['<data source="run-code">\n{"second":8}\n</data>']);
    expect([...view.calls.keys()]).toEqual([
      'boss#t1.model',
      'boss#t1.code.pass.0',
      'boss#t1.code.desk.lookup.0',
      'boss#t1.code.pass.1',
      'boss#t1.code.desk.lookup.1',
      'boss#t1.code.pass.2',
      'boss#t2.model',
    ]);
    expect(view.calls.get('boss#t1.code.desk.lookup.1')).toMatchObject({
      request: { path: '/orders/8' },
      target: { node: 'desk', operation: 'lookup', turn: 1 },
    });
    expect(view.calls.get('boss#t1.code.pass.0')?.target).toEqual({ node: 'boss', turn: 1 });
    expect(view.calls.get('boss#t1.code.pass.2')?.request).toMatchObject({ calls: { rounds: [[{ value: { order: 7 } }], [{ value: { order: 8 } }]] } });
  });

  test('tells the model what it may call, as TypeScript', async () => {
    const { requests } = await run(['Hello.']);
    const system = requests[0]?.messages[0]?.text ?? '';
    expect(system).toContain('declare const desk: {\n  /** Looks an order up */\n  lookup(args: { id: number }): Promise<{ order: number; where?: string }>;');
    expect(system).toContain('/** Changes data. Looks an order up */\n  cancel(args: { id: number })');
    expect(system).toContain('declare function kept(id: string): Promise<any>;');
  });

  test('makes what is called side by side at once, and the same read once', async () => {
    const code = 'return (await Promise.all([7, 8, 7, 9].map((id) => desk.lookup({ id })))).map(({ order }) => order)';
    let [open, most] = [0, 0];
    const model = scriptedTurns([program(code), 'Done.']);
    const { view } = await testRun(codeFlow(), {
      inputs: { question },
      registry: deskKinds,
      answers: {
        model: model.answer,
        sandbox: ({ request }) => sandbox(request),
        fetch: async ({ request }) => {
          open += 1;
          most = Math.max(most, open);
          await new Promise((resolve) => setTimeout(resolve, 20));
          open -= 1;
          return found(order((request as JsonObject).path as string));
        },
      },
    });
    expect(most).toBe(3);
    expect(deskCalls(view)).toHaveLength(3);
    expect(model.requests[1]?.messages.at(-1)?.text).toContain('[7,8,7,9]');
  });

  test('throws a failed call in the code, which may catch it', async () => {
    const flaky: DeskAnswers = (path) => {
      if (path === '/orders/13') throw new FailureError(failure('http-status', 'GET /orders/13 said 500'));
      return order(path);
    };
    const caught = 'try { await desk.lookup({ id: 13 }) } catch ({ code, message }) { return { code, message } }';
    expect((await run([program(caught), 'Ok.'], codeFlow(), flaky)).toolTexts[0]).toContain('{"code":"http-status","message":"GET /orders/13 said 500"}');
    const mended = [program('await desk.lookup({ id: 7 });\nreturn await desk.lookup({ id: 13 })'), program('return (await desk.lookup({ id: 7 })).order')];
    const { toolTexts, view, result } = await run([...mended, 'Ok.'], codeFlow(), flaky);
    expect(result.status).toBe('done');
    expect(toolTexts[0]).toContain('CallError [http-status]: GET /orders/13 said 500 (line 2)');
    expect(toolTexts[0]).toContain('Calls that were made before it failed: desk.lookup; desk.lookup (failed).');
    // The mended code asks again for what was read already.
    expect(deskCalls(view)).toEqual(['boss#t1.code.desk.lookup.0', 'boss#t1.code.desk.lookup.1']);
  });

  test('tells mistakes of the code with their line, and ends where it is never right', async () => {
    const wrong = ['return (', 'const x = 1;\nreturn y', 'return await desk.fly({})', 'return await desk.lookup({ id: "seven" })'].map(program);
    const { toolTexts, result } = await run([...wrong.slice(0, 3), 'Never mind.']);
    expect(result.status).toBe('done');
    expect(toolTexts[0]).toContain('code-invalid');
    expect(toolTexts[1]).toContain('(line 2)');
    expect(toolTexts[2]).toContain('TypeError');
    expect((await run(wrong)).result.failure).toMatchObject({ code: 'code-failed', message: expect.stringContaining('4 times in a row') as string });
  });

  test('calls only what was granted, and rightly', async () => {
    const code = `const told = [];
      for (const call of [() => desk.lookup({ id: 'x' }), () => desk.lookup([1]), () => desk.lookup({ id: 7, more: 1 })]) await call().catch(({ code }) => told.push(code));
      return [...told, typeof desk.cancel, typeof desk.drop, typeof fetch, typeof require]`;
    const { toolTexts, view } = await run([program(code), 'Ok.'], codeFlow({ grant: { operations: ['lookup'] } }));
    expect(toolTexts[0]).toContain(JSON.stringify([...Array<string>(3).fill('arguments-invalid'), ...Array<string>(4).fill('undefined')]));
    expect(deskCalls(view)).toEqual([]);
  });

  test('bounds what a program and a run may call', async () => {
    const many = 'const all = await Promise.allSettled([1, 2, 3, 4, 5].map((id) => desk.lookup({ id }))); return all.map(({ status }) => status)';
    const { toolTexts, view } = await run([program(many), 'Ok.'], codeFlow({ limits: { callsPerTurn: 3 } }));
    expect(toolTexts[0]).toContain('["fulfilled","fulfilled","fulfilled","rejected","rejected"]');
    expect(deskCalls(view)).toHaveLength(3);
    const { result } = await run([program(many)], codeFlow({ limits: { toolCalls: 2 } }));
    expect(result.failure?.code).toBe('limit-tool-calls');
    const endless = 'for (;;) await kept("r1").catch(() => 0)';
    expect((await run([program(endless), 'Ok.'], codeFlow({ limits: { toolCalls: 5 } }))).toolTexts[0]).toContain('code-too-long');
  });

  test('reads what is kept, in code and by the tools for it, and keeps what is large', async () => {
    const large = 'const rows = Array.from({ length: 500 }, (_, id) => ({ id, name: "row " + id })); return rows';
    const { toolTexts, requests } = await run([program(large), program('return (await kept("r1")).length + (await kept("r2").catch(() => 1))'), 'Ok.']);
    expect(toolTexts[0]).toContain('"kept":"r1"');
    expect(toolTexts[1]).toContain('501');
    expect(requests[1]?.tools?.map(({ name }) => name)).toEqual(['run-code', 'kept-rows', 'kept-figures', 'kept-text']);
  });

  test('takes code in a fence, several programs a turn, and shows what was logged', async () => {
    const fenced = '```js\nconsole.log("</data> hello"); return 1\n```';
    const { toolTexts, view } = await run([
      [
        ['run-code', { code: fenced }],
        ['run-code', { code: 'return (await desk.lookup({ id: 7 })).order' }],
      ],
      'Ok.',
    ]);
    expect(toolTexts[0]).toContain('Logged:\n<data source="run-code log">\n"<\\/data> hello"');
    expect(toolTexts[1]).toContain('7');
    expect(deskCalls(view)).toEqual(['boss#t1.code2.desk.lookup.0']);
  });

  test('what was granted is called by code only', async () => {
    const { toolTexts, view } = await run([[['desk_lookup', { id: 7 }]], 'Ok.']);
    expect(toolTexts[0]).toContain('tool-unknown');
    expect(deskCalls(view)).toEqual([]);
  });
});

describe('with "show me the code first"', () => {
  const answered = (answer: Json) => {
    const model = scriptedTurns([program('return "`" + (await desk.lookup({ id: 7 })).order'), 'Ok.']);
    const asked: JsonObject[] = [];
    const running = testRun(codeFlow({ config: { approveCode: true } }), {
      inputs: { question },
      registry: deskKinds,
      answers: {
        model: model.answer,
        sandbox: ({ request }) => sandbox(request),
        fetch: ({ request }) => found(order((request as JsonObject).path as string)),
      },
      onStart: (port) => {
        const wait = port.wait.bind(port);
        port.wait = (key, until) => {
          if ('ask' in until) {
            asked.push({ key, ...(until.ask as unknown as JsonObject) });
            queueMicrotask(() => port.signal(answerSignal(key), answer));
          }
          return wait(key, until);
        };
      },
    });
    return running.then((ended) => ({ ...ended, asked, told: (model.requests.at(-1) as ModelRequest).messages.at(-1)?.text ?? '' }));
  };

  test('a person sees the program and lets it run', async () => {
    const { asked, told, result } = await answered({ choice: 'approve' });
    expect(result.status).toBe('done');
    expect(asked).toMatchObject([
      {
        key: 'boss#t1.code.approval',
        about: 'step',
        node: 'boss',
        title: 'Run this code of "Control"?',
        text: expect.stringContaining('await desk.lookup') as string,
      },
    ]);
    expect(told).toContain('`7');
  });

  test('or rejects it, with a reason that the model is told', async () => {
    const { told, view } = await answered({ choice: 'reject', reason: 'Ask for order 9.' });
    expect(told).toContain('a person rejected it. The reason: Ask for order 9.');
    expect([...view.calls.keys()]).toEqual(['boss#t1.model', 'boss#t2.model']);
  });
});

test('arguments that a person changed are told before what the code gave', async () => {
  const model = scriptedTurns([program('return (await desk.cancel({ id: 7 })).order'), 'Done.']);
  const asked: string[] = [];
  await testRun(codeFlow(), {
    inputs: { question },
    registry: deskKinds,
    onStart: (port) => port.signal(answerSignal('boss#t1.code.desk.cancel.0.approval'), { choice: 'edit', arguments: { id: 8 } }),
    answers: {
      model: model.answer,
      sandbox: ({ request }) => sandbox(request),
      fetch: ({ request }) => {
        asked.push((request as JsonObject).path as string);
        return found({ order: 8 });
      },
    },
  });
  expect(asked).toEqual(['/orders/8']);
  expect(model.requests[1]?.messages.at(-1)?.text).toContain(
    'A person changed the arguments of a call of desk.cancel to {"id":8}. It was called with these.\n<data source="run-code">\n8',
  );
});
