/** A run that is broken off after any of its completions and resumed ends as it would have, and repeats nothing that was recorded. */
import type { Flow, JsonObject, RunEvent, RunEventBody, RunResult } from '@switchyard/shared';
import { describe, expect, test } from 'vitest';
import { createCallPort, Pools, type Journal, type JournalEntry } from '../adapters/drivers/index.ts';
import type { Host } from '../host.ts';
import { kinds } from '../nodes/index.ts';
import type { Call } from '../port.ts';
import { drawBody, drawFlow, entry, exit, fetching } from '../testing/subflow.ts';
import { hostOf, planOf } from '../testing/test-run.ts';
import { runPlan } from './index.ts';

interface Life {
  result?: RunResult;
  events: RunEvent[];
  entries: JournalEntry[];
  /** Paths that were really asked for in this life. */
  asked: string[];
}

interface LifeOptions {
  inputs?: JsonObject;
  startedAt?: number;
  recorded?: readonly JournalEntry[];
  /** Stops the process, as it were, once the journal has so many entries. */
  breakAfter?: number;
}

const pathOf = (call: Call) => (call.request as JsonObject).path as string;

/** One life of a run: until it ends, or until it is broken off. */
async function live(flow: Flow, options: LifeOptions = {}): Promise<Life> {
  const { recorded = [], breakAfter = Number.POSITIVE_INFINITY, startedAt = 1000 } = options;
  const life: Life = { events: [], entries: [...recorded], asked: [] };
  const host: Host = hostOf({
    fetch: (call) => {
      life.asked.push(pathOf(call));
      return { status: 200, headers: {}, body: `${pathOf(call)}!` };
    },
  });
  let breakOff = () => {};
  const broken = new Promise<undefined>((resolve) => {
    breakOff = () => resolve(undefined);
  });
  const journal: Journal = {
    record: (one, whenDurable) => {
      if (life.entries.length >= breakAfter) return breakOff();
      life.entries.push({ ...one });
      whenDurable();
    },
  };
  const emit = (body: RunEventBody) => life.events.push({ ...body, seq: life.events.length, at: 0 } as RunEvent);
  const port = createCallPort({
    run: 'r',
    startedAt,
    host,
    pools: new Pools(host.pool),
    redact: (value) => value,
    emit,
    journal,
    ...(recorded.length > 0 && { recorded }),
  });
  const result = await Promise.race([runPlan(planOf(flow), options.inputs ?? {}, { run: 'r', registry: kinds, port, emit }), broken]);
  port.close();
  if (result) life.result = result;
  return life;
}

const farLimits = { limits: { seconds: 31_000_000 } };

/** What a run is, whatever its lives: everything but numbers and marks of replay. */
const story = ({ events }: Life) =>
  events.filter(({ type }) => type !== 'call-start' && type !== 'call-end').map(({ seq: _, ...event }) => JSON.stringify(event));

async function breakEverywhere(flow: Flow, inputs: JsonObject): Promise<void> {
  const whole = await live(flow, { inputs, startedAt: Date.now() });
  const [first] = whole.events;
  expect(first?.type).toBe('run-start');
  for (let count = 0; count < whole.entries.length; count += 1) {
    const startedAt = Date.now();
    const before = await live(flow, { inputs, startedAt, breakAfter: count });
    const after = await live(flow, { inputs, startedAt, recorded: before.entries });
    expect(after.result).toEqual(whole.result);
    expect(after.entries.map(({ key }) => key).sort()).toEqual(whole.entries.map(({ key }) => key).sort());
    const recorded = new Set(before.entries.map(({ key }) => key));
    expect(after.asked).toHaveLength(whole.asked.length - [...recorded].filter((key) => !key.includes('pause') && !key.includes('limit')).length);
  }
}

const each = drawBody({ first: entry('item'), get: fetching('/{{ item }}'), more: fetching('/{{ body }}/more'), last: exit('got') }, [
  'first.item>get.item',
  'get.body>more.body',
  'more.body>last.got',
]);

describe('a run that is broken off and resumed', () => {
  test('within a map ends with the same list', async () => {
    const flow = drawFlow(
      drawBody({ ask: entry('many'), all: ['map', { flow: 'each', concurrency: 2 }], reply: exit('out') }, ['ask.many>all.items', 'all.results>reply.out']),
      { each },
      farLimits,
    );
    await breakEverywhere(flow, { many: ['a', 'b', 'c'] });
  });

  test('within a loop goes on with the same round', async () => {
    const again = drawBody(
      { first: entry('n'), get: fetching('/{{ n }}'), more: ['convert', { to: 'pick', expression: 'value + 1' }], last: exit('n', 'body') },
      ['first.n>get.n', 'first.n>more.value', 'more.value>last.n', 'get.body>last.body'],
    );
    const flow = drawFlow(
      drawBody({ ask: entry('n'), turn: ['loop', { flow: 'again', until: 'n >= 4' }], reply: exit('n', 'body') }, [
        'ask.n>turn.n',
        'turn.n>reply.n',
        'turn.body>reply.body',
      ]),
      { again },
      farLimits,
    );
    await breakEverywhere(flow, { n: 0 });
  });

  test('between a wait, a merge and their calls ends the same', async () => {
    const flow = drawFlow(
      drawBody(
        { ask: entry('x'), a: fetching('/a/{{ x }}'), pause: ['wait', { seconds: 0.002 }], b: fetching('/b/{{ x }}'), join: ['merge', {}], reply: exit('out') },
        ['ask.x>a.x', 'a.body>pause.value', 'pause.value>b.x', 'a.body>join.values', 'b.body>join.values', 'join.values>reply.out'],
      ),
      {},
      farLimits,
    );
    await breakEverywhere(flow, { x: 1 });
  });

  test('waits only for the rest of a wait', async () => {
    const flow = drawFlow(
      drawBody({ ask: entry('x'), a: fetching('/{{ x }}'), pause: ['wait', { seconds: 60 }], reply: exit('out') }, [
        'ask.x>a.x',
        'a.body>pause.value',
        'pause.value>reply.out',
      ]),
      {},
      farLimits,
    );
    const longAgo = Date.now() - 59_980;
    const callOnly = drawFlow(drawBody({ ask: entry('x'), a: fetching('/{{ x }}'), reply: exit('out') }, ['ask.x>a.x', 'a.body>reply.out']), {}, farLimits);
    const [call] = (await live(callOnly, { inputs: { x: 1 }, startedAt: longAgo })).entries as [JournalEntry];
    const begun = performance.now();
    const after = await live(flow, { inputs: { x: 1 }, startedAt: longAgo, recorded: [{ ...call, startedAt: longAgo, endedAt: longAgo }] });
    expect(after.result).toMatchObject({ status: 'done', outputs: { out: '/1!' } });
    expect(after.asked).toEqual([]);
    expect(performance.now() - begun).toBeLessThan(10_000);
  });

  test('has its deadline counted from its first start', async () => {
    const flow = drawFlow(
      drawBody({ ask: entry('x'), pause: ['wait', { seconds: 600 }], reply: exit('out') }, ['ask.x>pause.value', 'pause.value>reply.out']),
      {},
      { limits: { seconds: 100 } },
    );
    const { result } = await live(flow, { inputs: { x: 1 }, startedAt: Date.now() - 99_990 });
    expect(result).toMatchObject({ status: 'failed', failure: { code: 'limit-seconds' } });
  });

  test('counts what was spent before against its limits', async () => {
    const asks = drawBody({ first: entry('item'), say: ['llm', { model: 'm', prompt: '{{ item }}' }], last: exit('got') }, [
      'first.item>say.item',
      'say.text>last.got',
    ]);
    const flow = drawFlow(
      drawBody({ ask: entry('many'), all: ['map', { flow: 'asks', concurrency: 1 }], reply: exit('out') }, ['ask.many>all.items', 'all.results>reply.out']),
      { asks },
      { limits: { modelCalls: 2 } },
    );
    const said = { text: 'x', toolCalls: [], finish: 'stop', served: 'm' };
    const host = hostOf({ model: () => said });
    const entries: JournalEntry[] = [];
    const begin = (recorded: JournalEntry[]) => {
      const port = createCallPort({
        run: 'r',
        startedAt: Date.now(),
        host,
        pools: new Pools(host.pool),
        redact: (value) => value,
        emit: () => undefined,
        recorded,
        journal: {
          record: (one, whenDurable) => {
            entries.push({ ...one });
            whenDurable();
          },
        },
      });
      return runPlan(planOf(flow), { many: [1, 2, 3] }, { run: 'r', registry: kinds, port, emit: () => undefined }).finally(() => port.close());
    };
    expect((await begin([])).failure?.code).toBe('limit-model-calls');
    const before = entries.length;
    const resumed = await begin(entries.slice(0, 1));
    expect(before).toBe(2);
    expect(resumed).toMatchObject({ failure: { code: 'limit-model-calls' }, usage: { modelCalls: 2, inputTokens: 20 } });
  });

  test('tells the same story as one that was never broken off', async () => {
    const flow = drawFlow(
      drawBody({ ask: entry('many'), all: ['map', { flow: 'each', concurrency: 2 }], reply: exit('out') }, ['ask.many>all.items', 'all.results>reply.out']),
      { each },
      farLimits,
    );
    const whole = await live(flow, { inputs: { many: ['a', 'b'] }, startedAt: 1_800_000_000_000 });
    const again = await live(flow, { inputs: { many: ['a', 'b'] }, startedAt: 1_800_000_000_000, recorded: whole.entries });
    expect(again.asked).toEqual([]);
    expect(story(again)).toEqual(story(whole));
  });
});
