/** What code in the sandbox can do, and what it is told when it goes wrong. */
import type { JsonObject, SandboxResult } from '@switchyard/shared';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ClosableHost } from '../host.ts';
import { ask, type AskOptions, failureOf, HostBench } from '../testing/host-bench.ts';

const bench = new HostBench();
let host: ClosableHost;
beforeAll(async () => {
  host = await bench.host();
});
afterAll(() => bench.close());

const run = (code: string, inputs: JsonObject = {}, options: AskOptions = { timeoutMs: 20_000 }) =>
  ask<SandboxResult>(host, 'sandbox', { code, inputs }, options);
const resultOf = async (code: string, inputs: JsonObject = {}) => (await run(code, inputs)).result;
const messageOf = async (code: string, inputs: JsonObject = {}) => (await failureOf(run(code, inputs))).message;

describe('code', () => {
  test.each<[string, JsonObject, unknown]>([
    ['return a + b', { a: 1, b: 2 }, 3],
    ['return', {}, null],
    ['', {}, null],
    ['return undefined', {}, null],
    ['return () => 1', {}, null],
    ['return [1, undefined, NaN, new Date(0)]', {}, [1, null, null, '1970-01-01T00:00:00.000Z']],
    ['const { x, ...rest } = item; return { x, rest }', { item: { x: 1, y: [2] } }, { x: 1, rest: { y: [2] } }],
    ['const all = await Promise.all([1, Promise.resolve(2)]); return all', {}, [1, 2]],
    ['async function later(n) { await null; return n * 2 } return later(4)', {}, 8],
    ['let n = 0; for await (const x of [1, 2]) n += x; return n', {}, 3],
    ['return text // a comment', { text: 'é 世界 🧪 \u2028 "quoted" \\' }, 'é 世界 🧪 \u2028 "quoted" \\'],
    ['return Object.keys(item)', { item: JSON.parse('{"__proto__": 1, "constructor": 2}') as JsonObject }, ['__proto__', 'constructor']],
    ['const a = 5; return a', { a: 1 }, 5],
    ['return [...new Set(list)].toSorted((a, b) => a - b)', { list: [3, 1, 3] }, [1, 3]],
    ['return [/(?<y>\\d+)/.exec("in 2026").groups.y, "a-b".replaceAll("-", "+"), 2 ** 0.5 > 1.4]', {}, ['2026', 'a+b', true]],
    ['const m = new Map([["a", 1]]); return Object.fromEntries(m)', {}, { a: 1 }],
    ['return typeof $ === "string" && typeof _x1', { $: 'a', _x1: 1 }, 'number'],
  ])('%s', async (code, inputs, expected) => {
    expect(await resultOf(code, inputs)).toEqual(expected);
  });

  test('has time and chance', async () => {
    const result = (await resultOf('return [Date.now(), Math.random(), new Date().getFullYear()]')) as number[];
    expect(Math.abs((result[0] as number) - Date.now())).toBeLessThan(10_000);
    expect(result[1]).toBeGreaterThanOrEqual(0);
    expect(result[2]).toBeGreaterThan(2_000);
  });

  test('cannot change its inputs’ names', async () => {
    expect(await messageOf('a = 5; return a', { a: 1 })).toContain("'a' is read-only");
  });

  test('is strict', async () => {
    expect(await messageOf('undeclared = 5')).toContain('undeclared');
  });
});

describe('logs', () => {
  test('are kept in order, as text', async () => {
    const { logs } = await run('console.log("a", 1, { b: [null] }); console.warn(new TypeError("no")); console.error(undefined, 5n, Symbol("s"), () => 1)');
    expect(logs).toEqual(['a 1 {"b":[null]}', 'TypeError: no', 'undefined 5n [symbol] [function]']);
  });

  test('end at 100 lines and at 10,000 characters', async () => {
    expect((await run('for (let i = 0; i < 500; i += 1) console.log(i)')).logs).toHaveLength(100);
    expect((await run('for (let i = 0; i < 50; i += 1) console.log("x".repeat(3000))')).logs.join('')).toHaveLength(10_000);
  });
});

describe('a failure says what and where', () => {
  test.each<[string, string, RegExp]>([
    ['throw new Error("no stock")', 'code-failed', /^The code failed: no stock \(line 1\)\.$/],
    ['\n\nthrow new TypeError("bad")', 'code-failed', /^The code failed: TypeError: bad \(line 3\)\.$/],
    ['const f = () => {\n  return missing.x;\n};\nreturn f();', 'code-failed', /ReferenceError: .*missing.* \(line 2\)/],
    ['await null;\nnull.x', 'code-failed', /TypeError: .*\(line 2\)/],
    ['throw "plain"', 'code-failed', /^The code failed: plain\.$/],
    ['throw { a: 1 }', 'code-failed', /^The code failed: {"a":1}\.$/],
    ['return (', 'code-invalid', /^The code cannot be run: SyntaxError: .*\(line 1\)\.$/],
    ['const a = 1;\nconst a = 2;', 'code-invalid', /SyntaxError: .*\(line 2\)/],
    ['return 1n', 'code-failed', /BigInt/],
    ['await new Promise(() => {})', 'code-failed', /promise that nothing will ever settle/],
    ['const f = () => 1 + f();\nreturn f()', 'code-failed', /stack overflow/],
    ['return "x".repeat(1e9)', 'code-memory', /^The code was stopped: it needs more memory/],
    ['return "x".repeat(2e6)', 'code-too-large', /over 1 MB/],
  ])('%j', async (code, expected, message) => {
    const failure = await failureOf(run(code));
    expect(failure).toMatchObject({ code: expected, retry: 'never' });
    expect(failure.message).toMatch(message);
  });

  test('also for inputs that cannot be constants, or are too large', async () => {
    for (const name of ['a b', '1a', 'a-b', '', 'a.b', '__proto__', 'constructor', 'a}=0;while(1){}({', 'class', 'arguments', 'eval', 'é']) {
      expect((await failureOf(run('return 1', Object.fromEntries([[name, 1]])))).code, name).toBe('code-invalid');
    }
    expect((await failureOf(run('return 1', { a: 'x'.repeat(1_100_000) }))).code).toBe('code-too-large');
    expect((await failureOf(run(`return 1 // ${'x'.repeat(1_100_000)}`))).code).toBe('code-too-large');
  });

  test('and large inputs that fit go in and out', async () => {
    const text = 'é"\n'.repeat(150_000);
    expect(await resultOf('return text', { text })).toBe(text);
  });
});

describe('ending', () => {
  test('at the time of the call', async () => {
    const startedAt = performance.now();
    expect((await failureOf(run('for (;;);', {}, { timeoutMs: 200 }))).code).toBe('code-timeout');
    expect(performance.now() - startedAt).toBeLessThan(4_500);
  });

  test('when the call is cancelled, running or waiting', async () => {
    const controller = new AbortController();
    const runs = Array.from({ length: 5 }, () => failureOf(run('for (;;);', {}, { signal: controller.signal })));
    await new Promise((resolve) => setTimeout(resolve, 100));
    controller.abort();
    expect((await Promise.all(runs)).map(({ code }) => code)).toEqual(Array(5).fill('cancelled'));
    expect((await failureOf(run('return 1', {}, { signal: AbortSignal.abort() }))).code).toBe('cancelled');
    expect(await resultOf('return 1')).toBe(1);
  });

  test('when the host is closed', async () => {
    const other = await bench.host();
    const running = failureOf(ask(other, 'sandbox', { code: 'for (;;);', inputs: {} }));
    await new Promise((resolve) => setTimeout(resolve, 100));
    await other.close();
    expect((await running).code).toBe('sandbox-unavailable');
    expect((await failureOf(ask(other, 'sandbox', { code: 'return 1', inputs: {} }))).code).toBe('sandbox-unavailable');
  });
});

test('many runs leave nothing behind: memory stays flat', async () => {
  for (let count = 0; count < 20; count += 1) await run('return 1');
  const before = process.memoryUsage.rss();
  for (let count = 0; count < 200; count += 1) await run('return new Array(1e5).fill(1).length');
  expect(process.memoryUsage.rss() - before).toBeLessThan(150_000_000);
});
