/** A run of code that is broken off after any of its completions goes on as it would have, repeats nothing that was recorded, and replays strictly. */
import {
  emptyRun,
  failure,
  FailureError,
  foldRun,
  type Json,
  type JsonObject,
  type ModelRequest,
  type RunEvent,
  type RunEventBody,
  type RunResult,
} from '@switchyard/shared';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createCallPort, Pools, type JournalEntry } from '../../../../adapters/drivers/index.ts';
import type { ClosableHost } from '../../../../adapters/host.ts';
import { ask, HostBench } from '../../../../adapters/testing/host-bench.ts';
import { runPlan } from '../../../../run/index.ts';
import { deskFlow, deskKinds, found, question } from '../../../../testing/control-desk.ts';
import { replayRecorded } from '../../../../testing/recorded-life.ts';
import { hostOf, planOf } from '../../../../testing/test-run.ts';

const bench = new HostBench();
let sandboxHost: ClosableHost;
beforeAll(async () => {
  sandboxHost = await bench.host();
});
afterAll(() => bench.close());

const plan = planOf(deskFlow({ config: { strategy: 'code' } }), deskKinds);
const inputs = { question };
const startedAt = Date.now();

// Rounds of unequal parts, a caught failure, time and chance in the arguments' way, and code that is mended.
const programs = [
  `const [a, b] = await Promise.all([desk.lookup({ id: 1 }), desk.lookup({ id: 2 }).then(({ next }) => desk.lookup({ id: next }))]);
   const none = await desk.lookup({ id: 13 }).catch(({ code }) => code);
   const drawn = await desk.lookup({ id: 100 + Math.floor(Math.random() * 1000) });
   return [a.order, b.order, none, drawn.order, Date.now()].concat(missing)`,
  'const [a, c] = await Promise.all([desk.lookup({ id: 1 }), desk.lookup({ id: 4 })]);\nreturn { sum: a.order + c.order, at: Date.now(), chance: Math.random() }',
];

interface Life {
  result?: RunResult;
  entries: JournalEntry[];
  made: string[];
  view: ReturnType<typeof emptyRun>;
}

async function live(
  { recorded = [], breakAfter = Number.POSITIVE_INFINITY } = {} as {
    recorded?: readonly JournalEntry[];
    breakAfter?: number;
    startedAt?: number;
  },
): Promise<Life> {
  const life: Life = { entries: [...recorded], made: [], view: emptyRun() };
  let breakOff = () => {};
  const broken = new Promise<undefined>((resolve) => {
    breakOff = () => resolve(undefined);
  });
  let seq = 0;
  const emit = (body: RunEventBody) => {
    foldRun(life.view, { ...body, seq, at: seq } as RunEvent);
    seq += 1;
  };
  const answers = hostOf({
    model: ({ request }) => {
      const turn = (request as unknown as ModelRequest).messages.filter(({ role }) => role === 'assistant').length;
      const code = programs[turn];
      const toolCalls = code === undefined ? [] : [{ id: `c${turn}`, name: 'run-code', arguments: JSON.stringify({ code }) }];
      return { text: code === undefined ? 'Done.' : '', toolCalls, finish: 'stop', served: 'm' };
    },
    sandbox: ({ request }) => ask(sandboxHost, 'sandbox', request, { timeoutMs: 20_000 }),
    fetch: ({ request }) => {
      const id = Number(((request as JsonObject).path as string).split('/').at(-1));
      if (id === 13) throw new FailureError(failure('http-status', 'GET /orders/13 said 500'));
      return found({ order: id, next: id + 1 } as Json);
    },
  });
  const port = createCallPort({
    run: 'r',
    startedAt,
    host: {
      ...answers,
      perform: (call, scope) => {
        life.made.push(call.kind);
        return answers.perform(call, scope);
      },
    },
    pools: new Pools(answers.pool),
    redact: (value) => value,
    emit,
    journal: {
      record: (entry, whenDurable) => {
        if (life.entries.length >= breakAfter) return breakOff();
        life.entries.push({ ...entry });
        whenDurable();
      },
    },
    ...(recorded.length > 0 && { recorded }),
  });
  const result = await Promise.race([runPlan(plan, inputs, { run: 'r', registry: deskKinds, port, emit }), broken]);
  port.close();
  if (result) life.result = result;
  return life;
}

test('broken off anywhere', async () => {
  const whole = await live();
  expect(whole.result).toMatchObject({ status: 'done', outputs: { answer: 'Done.' }, usage: { modelCalls: 3, toolCalls: 6 } });
  expect(whole.entries.length).toBeGreaterThan(12);
  for (let count = 0; count < whole.entries.length; count += 1) {
    const before = await live({ breakAfter: count });
    const after = await live({ recorded: before.entries });
    expect(after.result).toEqual(whole.result);
    expect(after.entries.map(({ key }) => key).sort()).toEqual(whole.entries.map(({ key }) => key).sort());
    expect(after.made).toHaveLength(whole.entries.length - count);
  }
}, 120_000);

test('replayed strictly', async () => {
  const { entries, view, result, made } = await live();
  const recorded = { run: 'r', plan, inputs, startedAt, result: result as RunResult, entries, view, underWay: [], made };
  expect(await replayRecorded(recorded, plan, deskKinds)).toBeUndefined();
});
