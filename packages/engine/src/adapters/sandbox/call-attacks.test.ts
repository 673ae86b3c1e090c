/** Attacks on the way between code and its calls: forged answers, floods, huge arguments, tricks with prototypes, answers of another pass. */
import type { SandboxAnswer, SandboxCalls, SandboxResult } from '@switchyard/shared';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ClosableHost } from '../host.ts';
import { ask, failureOf, HostBench } from '../testing/host-bench.ts';

const bench = new HostBench();
let host: ClosableHost;
beforeAll(async () => {
  bench.secrets.KEY = 'hunter2-hunter2';
  host = await bench.host();
});
afterAll(() => bench.close());

const fixed = { functions: ['db.read', 'db.write'], now: 1, seed: 1 };
const run = (code: string, rounds: SandboxAnswer[][] = [], timeoutMs = 10_000, more: Partial<SandboxCalls> = {}) =>
  ask<SandboxResult>(host, 'sandbox', { code, inputs: {}, calls: { ...fixed, rounds, ...more } }, { timeoutMs });
const read = (value: unknown, args = '{}'): SandboxAnswer => ({ name: 'db.read', arguments: args, value }) as SandboxAnswer;
const hostWords = /node:|node_modules|packages\/|\.ts\b|wasm|emscripten|quickjs|worker|hunter2|process\.|\/work\//i;

/** Whatever was tried, a call that comes out is one of what was given, made by the code itself. */
async function outcomeOf(code: string, rounds?: SandboxAnswer[][], timeoutMs?: number) {
  const outcome = await run(code, rounds, timeoutMs).then(
    (result) => ({ result, code: 'done' }),
    async (error: unknown) => ({ result: undefined, code: (await failureOf(Promise.reject(error))).code, error }),
  );
  expect(JSON.stringify(outcome)).not.toMatch(hostWords);
  for (const { name, arguments: args } of outcome.result?.pending ?? []) {
    expect(fixed.functions).toContain(name);
    expect(typeof args).toBe('string');
  }
  expect('polluted' in {}).toBe(false);
  const { pending } = await run('return [typeof console.log, ({}).polluted ?? 0, (await db.read({})).x]', [], 20_000);
  expect(pending).toEqual([{ name: 'db.read', arguments: '{}' }]);
  return outcome;
}

describe('what a call can be made to be', () => {
  test.each([
    ['a function of no grant', 'await db.drop({})', 'code-failed'],
    ['a function put into the object', 'db.drop = () => 1; await db.drop({})', 'code-failed'],
    ['a function replaced', 'db.read = db.write; await db.read({})', 'code-failed'],
    ['the object replaced', 'globalThis.db = { read: () => 5 }; return typeof globalThis.db.read', 'done'],
    ['the constructor of a function', 'return db.read.constructor("return typeof process")()', 'done'],
    ['the prototype of the object', 'return Object.getPrototypeOf(db) === null && db.constructor === undefined', 'done'],
    ['a caller', 'try { return db.read.caller } catch { return 1 }', 'done'],
  ])('%s', async (_, code, end) => {
    const outcome = await outcomeOf(code);
    expect(outcome.code).toBe(end);
    expect(outcome.result?.pending).toBeUndefined();
  });

  test.each([
    ['arguments that are no JSON', 'await db.read(1n)', 'code-failed'],
    ['arguments that are a circle', 'const o = {}; o.o = o; await db.read(o)', 'code-failed'],
    ['arguments whose toJSON never ends', 'await db.read({ toJSON() { for (;;); } })', 'code-timeout'],
    ['arguments whose toJSON throws', 'await db.read({ toJSON() { throw new Error("no") } })', 'code-failed'],
    ['arguments whose toJSON calls', 'await db.read({ toJSON() { db.write({}); return {} } })', 'done'],
    ['huge arguments', 'await db.read("x".repeat(2e6))', 'code-failed'],
    ['many large arguments', 'await Promise.all(Array.from({ length: 50 }, () => db.read("x".repeat(5e4))))', 'code-failed'],
    ['a flood of calls', 'await Promise.all(Array.from({ length: 1e5 }, (_, n) => db.read(n)))', 'some end'],
    ['a flood of calls that catches', 'for (let n = 0; n < 1e5; n += 1) db.read(n).catch(() => 0); await new Promise(() => {})', 'some end'],
    ['a flood without end', 'for (;;) db.read(1).catch(() => 0)', 'code-timeout'],
    // Looking for circles takes the square of the depth, so that a busy machine runs out of time before the stack does.
    ['deep arguments', 'let a = []; for (let i = 0; i < 1e5; i += 1) a = [a]; await db.read(a)', 'code-(failed|timeout)'],
    ['stringify replaced', 'JSON.stringify = () => "{\\"name\\":\\"db.drop\\"}"; await db.read({ a: 1 })', 'done'],
    ['toJSON of everything', 'Object.prototype.toJSON = () => "evil"; Array.prototype.toJSON = () => ["evil"]; await db.read({ a: 1 })', 'done'],
    ['Promise replaced', 'globalThis.Promise = class { constructor() { throw new Error("no") } }; await db.read({})', 'done'],
    ['then replaced', 'Promise.prototype.then = () => "evil"; await db.read({})', 'done'],
    ['Error replaced', 'globalThis.Error = class { get stack() { return "x".repeat(1e7) } }; await db.read({})', 'done'],
    ['prepareStackTrace', 'Error.prepareStackTrace = () => ({ toString() { for (;;); } }); await db.read({})', 'done'],
    ['descriptors polluted', 'Object.prototype.get = () => "evil"; Object.prototype.value = "evil"; await db.read({})', 'done'],
    [
      'numbers as keys on the prototype',
      'Object.defineProperty(Object.prototype, "0", { set() { throw 1 }, get() { return "evil" } }); await db.read({})',
      'some end',
    ],
    ['a name that changes', 'String.prototype.toString = () => "db.drop"; await db.read(new String("x"))', 'done'],
  ])('%s', async (_, code, end) => {
    const outcome = await outcomeOf(code, [], end === 'code-timeout' ? 400 : 10_000);
    expect(outcome.code).toMatch(end === 'some end' ? /^(done|code-(failed|memory|timeout))$/ : new RegExp(`^${end}$`));
    if (outcome.code === 'done') expect(outcome.result?.pending?.length).toBeGreaterThan(0);
  });
});

describe('what answers can be made to be', () => {
  test('data: own properties of whatever name, and nothing that is followed', async () => {
    const evil = JSON.parse('{"__proto__":{"polluted":1},"constructor":"x","then":"y","failure":{"code":"z"},"toJSON":1,"value":2}') as object;
    const code = 'const got = await db.read({}); return [Object.keys(got), ({}).polluted ?? null, got.value]';
    expect((await outcomeOf(code, [[read(evil)]])).result?.result).toEqual([['__proto__', 'constructor', 'then', 'failure', 'toJSON', 'value'], null, 2]);
  });

  test('the same, with the prototype of everything changed before they come', async () => {
    const code = `Object.prototype.failure = { code: 'evil', message: 'evil' }; Object.prototype.set = Object.prototype.get = 5;
      try { return (await db.read({})).x } catch (error) { return error.message }`;
    expect((await outcomeOf(code, [[read({ x: 1 })]])).result?.result).toBe(1);
    const failed: SandboxAnswer = { name: 'db.read', arguments: '{}', failure: { code: 'c', message: 'real' } };
    expect((await outcomeOf(code, [[failed]])).result?.result).toBe('real');
  });

  test('a thenable cannot be made of them to hear of others', async () => {
    const code = `const seen = []; Object.defineProperty(Object.prototype, 'then', { configurable: true, get() { seen.push(Object.keys(this).join()); return undefined } });
      const [a] = await Promise.all([db.read({})]); delete Object.prototype.then; return [a.x, seen.every((keys) => !/name|resolve|text|stack/.test(keys))]`;
    expect(await outcomeOf(code, [[read({ x: 1 })]])).toMatchObject({ result: { result: [1, true] } });
  });

  test('those of another pass, another call or another number are refused', async () => {
    for (const round of [[read(1, '{"a":1}')], [{ ...read(1), name: 'db.write' }], [read(1), read(2)], []]) {
      expect((await outcomeOf('return await db.read({})', [round])).code).toBe('code-failed');
    }
    expect((await outcomeOf('return 5', [[read(1)]])).code).toBe('code-failed');
  });

  test('code that asks by real chance is caught, not answered with what was for another', async () => {
    // No clock and no chance of the outside is left, but what code asks could differ in other ways.
    const code = 'return [Date.now(), Math.random(), typeof performance, new Date().getTimezoneOffset()]';
    const first = (await outcomeOf(code)).result?.result;
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect((await outcomeOf(code)).result?.result).toEqual(first);
  });

  test('answers deeper than the guest can read end the code, not the thread', async () => {
    let deep: unknown = 1;
    for (let level = 0; level < 500; level += 1) deep = [deep];
    expect(['done', 'code-failed', 'code-memory']).toContain((await outcomeOf('const got = await db.read({}); return 1', [[read(deep)]])).code);
  });
});

describe('what never ends', () => {
  test.each([
    ['a promise beside the calls', 'await Promise.all([db.read({}), new Promise(() => {})])', [[read(1)]], 'code-failed'],
    ['a loop after an answer', 'await db.read({}); for (;;);', [[read(1)]], 'code-timeout'],
    ['jobs after an answer', 'await db.read({}); for (;;) await 0', [[read(1)]], 'code-timeout'],
    ['memory after an answer', 'const got = await db.read({}); const a = []; for (;;) a.push(got.repeat(2))', [[read('x'.repeat(1e6))]], 'code-memory'],
  ] as const)('%s', async (_, code, rounds, end) => {
    const outcome = await outcomeOf(code, rounds as unknown as SandboxAnswer[][], end === 'code-timeout' ? 400 : 10_000);
    expect(outcome.code).toBe(end);
  });
});
