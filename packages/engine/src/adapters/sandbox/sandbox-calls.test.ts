/** Code that calls: it stops at what it waits for, and is run again with the answers, the same way each time. */
import type { JsonObject, SandboxAnswer, SandboxCall, SandboxCalls, SandboxResult } from '@switchyard/shared';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ClosableHost } from '../host.ts';
import { ask, failureOf, HostBench } from '../testing/host-bench.ts';

const bench = new HostBench();
let host: ClosableHost;
beforeAll(async () => {
  host = await bench.host();
});
afterAll(() => bench.close());

const functions = ['orders.query', 'orders.cancel', 'kept'];
const fixed = { functions, now: Date.UTC(2026, 0, 2), seed: 7 };
const pass = (code: string, rounds: SandboxAnswer[][] = [], more: Partial<SandboxCalls> = {}) =>
  ask<SandboxResult>(host, 'sandbox', { code, inputs: { given: 1 }, calls: { ...fixed, rounds, ...more } }, { timeoutMs: 20_000 });

type Answering = (call: SandboxCall) => { value: unknown } | { failure: { code: string; message: string } };
const echo: Answering = ({ name, arguments: args }) => ({ value: { name, ...(JSON.parse(args) as JsonObject) } });

/** Runs the code to its end; gives what it gave and the calls of each round. */
async function runWhole(code: string, answer: Answering = echo) {
  const rounds: SandboxAnswer[][] = [];
  for (;;) {
    const { pending, ...ended } = await pass(code, rounds);
    if (!pending) return { ...ended, rounds: rounds.map((round) => round.map(({ name, arguments: args }) => `${name} ${args}`)) };
    rounds.push(pending.map((call) => ({ ...call, ...answer(call) }) as SandboxAnswer));
  }
}
const messageOf = async (code: string, rounds?: SandboxAnswer[][], more?: Partial<SandboxCalls>) => (await failureOf(pass(code, rounds, more))).message;

describe('code that calls', () => {
  test('waits for what it asked for, and goes on with the answer', async () => {
    const code = 'const { n } = await orders.query({ n: given }); return n + 1';
    expect(await pass(code)).toEqual({ result: null, logs: [], pending: [{ name: 'orders.query', arguments: '{"n":1}' }] });
    expect(await runWhole(code)).toEqual({ result: 2, logs: [], rounds: [['orders.query {"n":1}']] });
  });

  test('that calls nothing ends in one pass', async () => {
    expect(await pass('return given')).toEqual({ result: 1, logs: [] });
  });

  test('asks for several at once, and for more once all of these are there', async () => {
    const code =
      'const all = await Promise.all([1, 2].map(async (n) => (await orders.query({ n: (await orders.query({ n })).n * 10 })).n)); return [...all, await kept("r1")]';
    const { result, rounds } = await runWhole(code, (call) => (call.name === 'kept' ? { value: 'whole' } : echo(call)));
    expect(result).toEqual([10, 20, 'whole']);
    expect(rounds).toEqual([['orders.query {"n":1}', 'orders.query {"n":2}'], ['orders.query {"n":10}', 'orders.query {"n":20}'], ['kept "r1"']]);
  });

  test('catches what a call failed with, and says at which line it was not caught', async () => {
    const fail: Answering = () => ({ failure: { code: 'http-status', message: 'GET /orders/13 said 500' } });
    const caught = 'try { await orders.query() } catch (error) { return [error instanceof Error, error.code, error.message, error.name] }';
    expect((await runWhole(caught, fail)).result).toEqual([true, 'http-status', 'GET /orders/13 said 500', 'CallError']);
    const uncaught = 'const id = 13;\n\nconst order = await orders.query({ id });\nreturn order';
    expect((await failureOf(runWhole(uncaught, fail))).message).toBe('The code failed: CallError [http-status]: GET /orders/13 said 500 (line 3).');
  });

  test('keeps its logs of the last pass, once', async () => {
    expect((await runWhole('console.log("a"); await orders.query({}); console.log("b"); return 1')).logs).toEqual(['a', 'b']);
  });

  test('has the same time and chance in every pass', async () => {
    const code = `const then = [Date.now(), new Date().toISOString(), Math.random(), new (class extends Date {})().getTime(), Date().slice(0, 15)];
      await orders.query({ then });
      return [...then, new Date(0).getTime(), new Date(2026, 5).getFullYear(), new Date().constructor.now(), new Date() instanceof Date, Math.random() !== then[2]]`;
    const { result } = await runWhole(code);
    const { now } = fixed;
    expect(result).toEqual([now, '2026-01-02T00:00:00.000Z', expect.any(Number), now, 'Fri Jan 02 2026', 0, 2026, now, true, true]);
    expect((await runWhole(code)).result).toEqual(result);
  });

  test('that does not await a call is told so', async () => {
    expect(await messageOf('orders.cancel({}); return 1')).toBe(
      'The code failed: it ended while calls of orders.cancel were not awaited, and these were not made; await every call.',
    );
  });

  test('that takes another way is stopped', async () => {
    const answered: SandboxAnswer = { name: 'orders.query', arguments: '{"n":1}', value: 1 };
    for (const [code, rounds] of [
      ['await orders.query({ n: 2 })', [[answered]]],
      ['await orders.cancel({ n: 1 })', [[answered]]],
      ['return 1', [[answered]]],
      ['await Promise.all([orders.query({ n: 1 }), orders.query({ n: 1 })])', [[answered]]],
      ['await orders.query({ n: 1 })', [[answered, answered]]],
      ['await orders.query({ n: 1 }); return 1', [[answered], [answered]]],
    ] as const) {
      expect(await messageOf(code, rounds as unknown as SandboxAnswer[][]), code).toContain('did not go the same way');
    }
  });

  test('is not given what cannot be a function, nor more than it can hold', async () => {
    for (const name of ['a b', 'a.b.c', '1a', 'a.', '__proto__', 'a.constructor', 'a}=0;({']) {
      expect((await failureOf(pass('return 1', [], { functions: [name] }))).code, name).toBe('code-invalid');
    }
    const large: SandboxAnswer = { name: 'kept', arguments: '"r1"', value: 'x'.repeat(4_000_000) };
    expect((await failureOf(pass('return (await kept("r1")).length', [[large]]))).code).toBe('code-too-large');
    const fits: SandboxAnswer = { ...large, value: 'x'.repeat(3_000_000) };
    expect((await pass('return (await kept("r1")).length', [[fits]])).result).toBe(3_000_000);
  });
});

test('whatever the order in which parts of the code go on, each pass goes the way of the one before', async () => {
  // Each part: pauses between its calls, in promise jobs. What could differ from pass to pass is who calls first.
  const parts = fc.array(fc.array(fc.integer({ min: 0, max: 6 }), { maxLength: 4 }), { minLength: 1, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(parts, async (pauses) => {
      const code = `
        const order = [];
        await Promise.all(${JSON.stringify(pauses)}.map(async (list, part) => {
          for (const [step, pause] of list.entries()) {
            for (let count = 0; count < pause; count += 1) await null;
            const { name } = await orders.query({ part, step });
            order.push([part, step, name, Math.random() < 2]);
          }
        }));
        return order.length;`;
      const { result, rounds } = await runWhole(code);
      expect(result).toBe(pauses.flat().length);
      expect(rounds).toHaveLength(Math.max(0, ...pauses.map(({ length }) => length)));
    }),
    { numRuns: 25 },
  );
}, 120_000);
