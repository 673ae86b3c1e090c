import { defaultLimits, failure, FailureError, type JsonObject, type RunEvent, type RunEventBody } from '@switchyard/shared';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { createCallPort, Pools, type CallPort } from '../adapters/drivers/index.ts';
import { defineNode, parallel, registryOf } from '../node.ts';
import type { Plan, PlanTask } from '../plan.ts';
import { createHandSettledHost, type HandSettledHost } from '../testing/hand-settled-host.ts';
import { runPlan } from './interpreter.ts';

const plain = {
  layer: 'control' as const,
  title: '',
  tagline: '',
  icon: 'box' as const,
  doc: '',
  config: z.object({}).loose(),
  initial: {},
  summary: () => '',
  ports: () => ({ inputs: {}, outputs: {} }),
  examples: [],
};

/** Small kinds for these tests: an entry, an exit, one that fetches, one that emits what it is told, one that fetches twice side by side. */
const registry = registryOf([
  defineNode({
    ...plain,
    kind: 'start',
    role: 'entry',
    *run({ inputs }) {
      return inputs;
    },
  }),
  defineNode({
    ...plain,
    kind: 'end',
    role: 'exit',
    *run({ inputs }) {
      return inputs;
    },
  }),
  defineNode({
    ...plain,
    kind: 'call',
    *run(_, context) {
      return { out: (yield* context.fetch({ connection: 'api', method: 'GET', path: '/' })).body };
    },
  }),
  defineNode({
    ...plain,
    kind: 'emit',
    *run({ config }) {
      return config.emit as JsonObject;
    },
  }),
  defineNode({
    ...plain,
    kind: 'bug',
    *run() {
      throw new TypeError('oops');
    },
  }),
  defineNode({
    ...plain,
    kind: 'model',
    *run(_, context) {
      return { out: (yield* context.model({ model: 'm', messages: [] })).text };
    },
  }),
  defineNode({
    ...plain,
    kind: 'both',
    *run(_, context) {
      const get = (suffix: string) => context.fetch({ connection: 'api', method: 'GET', path: suffix }, { suffix });
      const [left, right] = yield* parallel([get('.left'), get('.right')]);
      return { out: [left?.body ?? null, right?.body ?? null] };
    },
  }),
]);

/** `wires`: "from.port>to.port", with `?` at the end where the input may be pruned. */
function planOf(tasks: Record<string, [kind: string, config?: JsonObject]>, wires: string[], limits: Partial<Plan['limits']> = {}): Plan {
  const ids = Object.keys(tasks);
  const planned = ids.map((id): PlanTask => ({ id, kind: tasks[id]?.[0] as string, title: id, config: tasks[id]?.[1] ?? {}, inputs: {}, grants: [] }));
  for (const wire of wires) {
    const [from, to] = wire
      .replace('?', '')
      .split('>')
      .map((end) => end.split('.')) as [string[], string[]];
    const target = planned[ids.indexOf(to[0] as string)] as PlanTask;
    const port = to[1] as string;
    target.inputs[port] ??= { sources: [], required: !wire.endsWith('?') };
    target.inputs[port].sources.push({ task: ids.indexOf(from[0] as string), port: from[1] as string });
  }
  return { hash: 'h', protocol: 1, flow: 'test', tasks: planned, callees: {}, limits: { ...defaultLimits, ...limits } };
}

function begin(plan: Plan, inputs: JsonObject = {}) {
  const host: HandSettledHost = createHandSettledHost();
  const events: RunEvent[] = [];
  const emit = (body: RunEventBody) => {
    events.push({ ...body, seq: events.length, at: 0 } as RunEvent);
  };
  const port: CallPort = createCallPort({ run: 'r', startedAt: Date.now(), host, pools: new Pools(host.pool), redact: (value) => value, emit });
  const result = runPlan(plan, inputs, { run: 'r', registry, port, emit }).finally(() => port.close());
  const told = (type: RunEvent['type']) => events.filter((event) => event.type === type).map((event) => ('task' in event ? event.task : ''));
  return { host, events, port, result, told };
}

const answer = (body: string) => ({ status: 200, headers: {}, body });

describe('the interpreter', () => {
  test('carries a value from entry to exit', async () => {
    const { result, events } = begin(planOf({ a: ['start'], z: ['end'] }, ['a.q>z.answer']), { q: 'hi' });
    expect(await result).toMatchObject({ status: 'done', outputs: { answer: 'hi' } });
    expect([events[0]?.type, events.at(-1)?.type]).toEqual(['run-start', 'run-end']);
  });

  test('runs side by side what does not depend on each other', async () => {
    const { host, result } = begin(planOf({ a: ['call'], b: ['call'], z: ['end'] }, ['a.out>z.a', 'b.out>z.b']));
    const [a, b] = [await host.next(), await host.next()];
    b.succeed(answer('B'));
    a.succeed(answer('A'));
    expect((await result).outputs).toEqual({ a: 'A', b: 'B' });
  });

  test('a room with two effects side by side has both under way at once', async () => {
    const { host, result } = begin(planOf({ a: ['both'], z: ['end'] }, ['a.out>z.out']));
    const [left, right] = [await host.next(), await host.next()];
    right.succeed(answer('R'));
    left.succeed(answer('L'));
    expect((await result).outputs).toEqual({ out: ['L', 'R'] });
  });

  test('a port that is not emitted prunes what hangs on it alone; an exit field never reached is absent', async () => {
    const { result, told } = begin(
      planOf({ a: ['emit', { emit: { yes: 1 } }], b: ['emit', { emit: { out: 2 } }], c: ['emit', { emit: { out: 3 } }], z: ['end'] }, [
        'a.yes>b.in',
        'a.no>c.in',
        'b.out>z.b?',
        'c.out>z.c?',
      ]),
    );
    expect(await result).toMatchObject({ status: 'done', outputs: { b: 2 } });
    expect(told('task-skip')).toEqual(['c']);
  });

  test('a join waits until all its inputs are settled, and is skipped when a required one was pruned', async () => {
    const { host, result, told } = begin(
      planOf(
        {
          a: ['emit', { emit: { yes: 1 } }],
          slow: ['call'],
          join: ['emit', { emit: { out: 'joined' } }],
          strict: ['emit', { emit: { out: 'never' } }],
          z: ['end'],
        },
        ['a.yes>join.x', 'slow.out>join.y', 'a.no>strict.x', 'slow.out>strict.y', 'join.out>z.join?', 'strict.out>z.strict?'],
      ),
    );
    const slow = await host.next();
    expect(told('task-start')).toEqual(['a', 'slow']);
    slow.succeed(answer('s'));
    expect((await result).outputs).toEqual({ join: 'joined' });
    expect(told('task-skip')).toEqual(['strict']);
  });

  test('an input with several sources takes the one that emitted', async () => {
    const { result } = begin(planOf({ a: ['emit', { emit: { right: 'r' } }], z: ['end'] }, ['a.left>z.out', 'a.right>z.out']));
    expect((await result).outputs).toEqual({ out: 'r' });
  });

  test('the first failure stops the run: it names its node, aborts what is in flight, and gives what was reached', async () => {
    const { host, result, told } = begin(planOf({ a: ['call'], b: ['call'], c: ['call'], z: ['end'] }, ['a.out>z.a?', 'b.out>z.b?', 'c.out>z.c?']));
    const [a, b, c] = [await host.next(), await host.next(), await host.next()];
    a.succeed(answer('A'));
    await new Promise((resolve) => setImmediate(resolve));
    b.fail(failure('http-status', 'said 500'));
    expect(await result).toMatchObject({ status: 'failed', outputs: { a: 'A' }, failure: { code: 'http-status', node: 'b' } });
    expect(c.isAborted()).toBe(true);
    expect(told('task-failure')).toEqual(['b']);
  });

  test("a fault in a room is told as ours, not as the user's", async () => {
    const { result } = begin(planOf({ a: ['bug'] }, []));
    expect((await result).failure).toMatchObject({ code: 'internal', node: 'a', message: expect.stringContaining('fault in Switchyard: oops') });
  });

  test('cancel ends the run as cancelled and aborts what is in flight', async () => {
    const { host, port, result } = begin(planOf({ a: ['call'] }, []));
    const call = await host.next();
    port.signal('cancel');
    expect(await result).toMatchObject({ status: 'cancelled', failure: { code: 'cancelled' } });
    expect(call.isAborted()).toBe(true);
  });

  test('the time limit ends a run that waits for a call that never answers', async () => {
    const { result } = begin(planOf({ a: ['call'] }, [], { seconds: 0.02 }));
    expect(await result).toMatchObject({ status: 'failed', failure: { code: 'limit-seconds' } });
  });

  test('model calls are counted before they start, side by side too', async () => {
    const { host, result } = begin(planOf({ a: ['model'], b: ['model'] }, [], { modelCalls: 1 }));
    await host.next();
    expect((await result).failure).toMatchObject({ code: 'limit-model-calls', node: 'b' });
  });

  test('usage is summed over the run', async () => {
    const { host, result } = begin(planOf({ a: ['model'], b: ['model'] }, []));
    const said = { text: 'x', toolCalls: [], finish: 'stop', served: 'm' };
    (await host.next()).succeed(said, { modelCalls: 1, inputTokens: 3, outputTokens: 4, cost: 0.5 });
    (await host.next()).succeed(said, { modelCalls: 1, inputTokens: 1, outputTokens: 1, cost: 0.25 });
    expect((await result).usage).toEqual({ modelCalls: 2, toolCalls: 0, inputTokens: 4, outputTokens: 5, cost: 0.75 });
  });

  test('an effect that completes before its room waits for it is kept', async () => {
    const lazy = registryOf([
      defineNode({
        ...plain,
        kind: 'lazy',
        *run(_, context) {
          const first = context.fetch({ connection: 'api', method: 'GET', path: '/1' }, { suffix: '.1' });
          const second = context.fetch({ connection: 'api', method: 'GET', path: '/2' }, { suffix: '.2' });
          // Both start; the room waits for the second, then for the first.
          const handles = [first.next().value, second.next().value];
          const late = yield handles[1] as { key: string };
          const early = yield handles[0] as { key: string };
          if (late.failure || early.failure) throw new FailureError(failure('x', 'x'));
          return { out: [early.key, late.key] };
        },
      }),
      registry.get('end') as never,
    ]);
    const host = createHandSettledHost();
    const port = createCallPort({ run: 'r', startedAt: Date.now(), host, pools: new Pools(host.pool), redact: (value) => value, emit: () => undefined });
    const result = runPlan(planOf({ a: ['lazy'], z: ['end'] }, ['a.out>z.out']), {}, { run: 'r', registry: lazy, port, emit: () => undefined });
    const [one, two] = [await host.next(), await host.next()];
    one.succeed(answer('1'));
    await new Promise((resolve) => setImmediate(resolve));
    two.succeed(answer('2'));
    expect((await result).outputs).toEqual({ out: ['a.1', 'a.2'] });
    port.close();
  });

  test('100,000 tasks in a chain end, without a stack that grows', async () => {
    const count = 100_000;
    const tasks: PlanTask[] = Array.from({ length: count }, (_, index) => ({
      id: `n${index}`,
      kind: 'emit',
      title: '',
      config: { emit: { out: index } },
      grants: [],
      inputs: index === 0 ? {} : { in: { required: true, sources: [{ task: index - 1, port: 'out' }] } },
    }));
    tasks.push({ id: 'z', kind: 'end', title: '', config: {}, grants: [], inputs: { out: { required: true, sources: [{ task: count - 1, port: 'out' }] } } });
    const { result } = begin({ hash: 'h', protocol: 1, flow: 'long', tasks, callees: {}, limits: defaultLimits });
    expect((await result).outputs).toEqual({ out: count - 1 });
  });
});
