/**
 * Attacks on the sandbox. Each tries to get out, to get at the host, to leave something behind, or to never end. After each, nothing of it is
 * left and the next run is healthy within a second.
 */
import { availableParallelism, loadavg } from 'node:os';
import type { SandboxResult } from '@switchyard/shared';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, failureOf, HostBench } from '../testing/host-bench.ts';
import type { ClosableHost } from '../host.ts';

const bench = new HostBench();
let host: ClosableHost;

beforeAll(async () => {
  bench.secrets.KEY = 'hunter2-hunter2';
  host = await bench.host();
});
afterAll(() => bench.close());

const run = (code: string, inputs: object = {}, timeoutMs = 1_000) => ask<SandboxResult>(host, 'sandbox', { code, inputs }, { timeoutMs });

/** Nothing is left of what was done before: the language is whole, the globals are those of a fresh interpreter. */
const health = `
  const strange = Object.getOwnPropertyNames(globalThis).filter((name) => /leak|polluted|evil/i.test(name));
  return [strange, ({}).polluted, [].polluted, [1, 2].map((x) => x + 1), JSON.stringify({ a: [1] }), await Promise.resolve(7), typeof console.log];
`;
const healthy = [[], null, null, [2, 3], '{"a":[1]}', 7, 'function'];

async function expectHealthy() {
  const startedAt = performance.now();
  expect((await run(health, {}, 20_000)).result).toEqual(healthy);
  // A second, on a machine that has one to give: where several wait for each processor, that much longer.
  expect(performance.now() - startedAt).toBeLessThan(1_000 * Math.max(1, (loadavg()[0] as number) / availableParallelism()));
}

/** Words of the host that must never be told to, or by, the guest. */
const hostWords = /node:|node_modules|packages\/|\.ts\b|wasm|emscripten|quickjs|worker|hunter2|process\.|\/work\//i;

const unreachable = 'nothing of the host';
const ends: Record<string, RegExp> = {
  'runs out of time': /^code-timeout$/,
  'runs out of memory': /^code-memory$/,
  'runs out of time or memory': /^code-(timeout|memory)$/,
  fails: /^code-(failed|invalid|memory)$/,
  'is too large': /^code-(too-large|memory)$/,
};

const escapes: [name: string, code: string][] = [
  ['constructor of a function', 'return (function () {}).constructor("return typeof process")()'],
  ['constructor of an async function', 'return await (async () => {}).constructor("return typeof process")()'],
  ['constructor of a generator', 'return (function* () {}).constructor("yield typeof process")().next().value'],
  ['constructor of console.log', 'return console.log.constructor("return typeof process")()'],
  ['constructor of an input', 'return given.constructor.constructor("return typeof process")()'],
  ['constructor of an error', 'try { null.x } catch (error) { return error.constructor.constructor("return typeof process")() }'],
  ['indirect eval', 'return (0, eval)("typeof process")'],
  ['direct eval', 'return eval("typeof process")'],
  ['new Function', 'return new Function("return typeof globalThis.process")()'],
  ['this of a sloppy function', 'return new Function("return typeof this.process")()'],
  ['caller of a function', 'try { return typeof (function f() { return f.caller })() } catch { return "undefined" }'],
  ['arguments.callee.caller', 'return typeof new Function("try { return arguments.callee.caller } catch { return undefined }")()'],
  ['require', 'return typeof require'],
  ['module', 'return typeof module'],
  ['process', 'return typeof process'],
  ['global', 'return typeof global'],
  ['fetch', 'return typeof fetch'],
  ['XMLHttpRequest', 'return typeof XMLHttpRequest'],
  ['WebSocket', 'return typeof WebSocket'],
  ['setTimeout', 'return typeof setTimeout'],
  ['setInterval', 'return typeof setInterval'],
  ['queueMicrotask of the host', 'return typeof setImmediate'],
  ['WebAssembly', 'return typeof WebAssembly'],
  ['SharedArrayBuffer', 'return typeof SharedArrayBuffer'],
  ['Atomics', 'return typeof Atomics'],
  ['QuickJS std', 'return typeof std'],
  ['QuickJS os', 'return typeof os'],
  ['QuickJS scriptArgs', 'return typeof scriptArgs'],
  ['Worker', 'return typeof Worker'],
  ['Buffer', 'return typeof Buffer'],
  ['structuredClone', 'return typeof structuredClone'],
  ['the outer arguments', 'return arguments.length === 0 ? "undefined" : "leak"'],
];

const attacks: [name: string, end: keyof typeof ends | 'any end' | typeof unreachable, code: string][] = [
  // Modules.
  ['dynamic import of a module', 'fails', 'return await import("fs")'],
  ['dynamic import of a file', 'fails', 'return await import("/etc/passwd")'],
  ['dynamic import of a URL', 'fails', 'return await import("data:text/javascript,export default 1")'],
  ['static import', 'fails', 'import fs from "fs"; return 1'],
  ['import.meta', 'fails', 'return import.meta.url'],
  // Never ending.
  ['while', 'runs out of time', 'while (true) {}'],
  ['for in a promise', 'runs out of time', 'await new Promise(() => { for (;;); })'],
  ['promise jobs without end', 'runs out of time', 'for (;;) await 0'],
  [
    'promise jobs that breed',
    'runs out of time or memory',
    'const breed = () => { Promise.resolve().then(breed); Promise.resolve().then(breed); }; breed(); await new Promise(() => {})',
  ],
  ['a thenable that resolves with itself', 'runs out of time', 'const t = { then(f) { f(t) } }; await t'],
  ['catching the end', 'runs out of time', 'for (;;) { try { for (;;); } catch {} finally { for (;;); } }'],
  ['a generator without end', 'runs out of time', 'for (const x of (function* () { for (;;) yield 1 })());'],
  ['a recursive getter', 'runs out of time', 'const o = { get a() { for (;;); } }; return o.a'],
  ['toJSON without end', 'runs out of time', 'return { toJSON() { for (;;); } }'],
  ['a getter of the result without end', 'runs out of time', 'return { get a() { for (;;); } }'],
  ['a proxy of the result without end', 'runs out of time', 'return new Proxy({}, { ownKeys() { for (;;); } })'],
  ['a thrown error whose message never ends', 'runs out of time', 'throw { get message() { for (;;); }, toJSON() { for (;;); } }'],
  ['toString without end', 'runs out of time', 'return "" + { toString() { for (;;); } }'],
  ['a regular expression that backtracks', 'runs out of time', 'return /^(a+)+$/.test("a".repeat(60) + "b")'],
  ['a regular expression with nested lookaheads', 'runs out of time', 'return /(?=(a+)+b)(?=(a+)+c)^(a*)*$/.test("a".repeat(60))'],
  ['a native sort with a comparator without end', 'runs out of time', '[3, 2, 1].sort(() => { for (;;); })'],
  ['a native sort of a huge list', 'runs out of time or memory', 'for (;;) Array.from({ length: 300000 }, (_, i) => (i * 7919) % 300000).sort()'],
  ['native indexOf over and over', 'runs out of time or memory', 'const s = "a".repeat(4e6) + "b"; for (;;) s.indexOf("a".repeat(2e6) + "c")'],
  ['native copies over and over', 'runs out of time or memory', 'const a = new Uint8Array(8e6); for (;;) a.fill(1).reverse()'],
  ['a BigInt power', 'runs out of time or memory', 'let x = 3n; for (;;) x = x * x'],
  ['BigInt to text', 'runs out of time or memory', 'let x = 3n ** 4000000n; for (;;) x.toString()'],
  ['replace with a function', 'runs out of time', '"aaa".replace(/a/g, () => { for (;;); })'],
  ['a Date without end', 'runs out of time', 'for (;;) new Date(NaN).getTime()'],
  ['JSON.parse with a reviver without end', 'runs out of time', 'JSON.parse("[1]", () => { for (;;); })'],
  ['a promise that never settles', 'fails', 'await new Promise(() => {})'],
  // Memory.
  ['repeat', 'runs out of memory', 'return "x".repeat(2 ** 29).length'],
  ['a string that doubles', 'any end', 'let s = "x"; for (;;) s += s'],
  ['a list that grows', 'runs out of memory', 'const a = []; for (;;) a.push(new Array(1000).fill(a.length))'],
  ['buffers', 'runs out of memory', 'const a = []; for (;;) a.push(new ArrayBuffer(1e6))'],
  ['one huge buffer', 'any end', 'return new ArrayBuffer(2 ** 32).byteLength'],
  ['a sparse list filled', 'runs out of time or memory', 'return new Array(2 ** 32 - 1).fill(0).length'],
  ['join of a sparse list', 'any end', 'return new Array(2 ** 28).join("xxxxxxxx").length'],
  ['padStart', 'any end', 'return "x".padStart(2 ** 30, "y").length'],
  ['a map that grows', 'runs out of time or memory', 'const m = new Map(); for (let i = 0; ; i += 1) m.set(i, "x" + i)'],
  ['closures that grow', 'runs out of time or memory', 'let f = () => 1; for (;;) { const g = f; f = () => g; }'],
  ['catching the end of memory', 'runs out of time or memory', 'const a = []; for (;;) { try { for (;;) a.push("x".repeat(1e6)); } catch {} }'],
  ['flattening without end', 'any end', 'let a = [1]; for (let i = 0; i < 40; i += 1) a = [a, a]; return a.flat(Infinity).length'],
  ['JSON that expands', 'any end', 'let a = [1]; for (let i = 0; i < 40; i += 1) a = [a, a]; return a'],
  // The stack.
  ['recursion', 'fails', 'const f = () => 1 + f(); return f()'],
  ['recursion through a getter', 'fails', 'const o = { get a() { return this.a } }; return o.a'],
  ['recursion through toString', 'fails', 'const o = { toString() { return "" + o } }; return "" + o'],
  ['recursion through a proxy', 'fails', 'let p = {}; for (let i = 0; i < 100000; i += 1) p = new Proxy(p, {}); return p.x ?? null'],
  ['recursion through replace', 'fails', 'const f = () => "a".replace(/a/, f); return f()'],
  ['a deeply nested source', 'fails', 'return eval("(".repeat(100000) + ")".repeat(100000))'],
  ['a deeply nested regular expression', 'fails', 'return new RegExp("(".repeat(100000) + ")".repeat(100000)).test("")'],
  ['deeply nested JSON read', 'fails', 'return JSON.parse("[".repeat(1e5) + "]".repeat(1e5))'],
  ['a deeply nested result', 'any end', 'let a = []; for (let i = 0; i < 1e5; i += 1) a = [a]; return a'],
  ['a result nested beyond what is read', 'is too large', 'let a = []; for (let i = 0; i < 100; i += 1) a = [a]; return a'],
  // The wall.
  ['a result over 1 MB', 'is too large', 'return "x".repeat(2e6)'],
  ['a result that only grows as JSON', 'is too large', 'return "\\u0000".repeat(4e5)'],
  ['a circular result', 'fails', 'const o = {}; o.o = o; return o'],
  ['a BigInt result', 'fails', 'return 1n'],
  ['a result whose proxy throws', 'fails', 'return new Proxy([], { get() { throw new Error("no") } })'],
  ['JSON.stringify replaced to answer for itself', unreachable, 'JSON.stringify = () => { leak() }; return 1'],
  ['Array.prototype.toJSON', unreachable, 'Array.prototype.toJSON = () => "evil"; console.log("a"); return 1'],
  ['Promise.prototype.then replaced', 'any end', 'Promise.prototype.then = () => { throw 1 }; await 0; return 1'],
  ['String.prototype.slice replaced', unreachable, 'String.prototype.slice = () => "x".repeat(1e7); console.log("a"); throw new Error("short")'],
  ['Error.prepareStackTrace', unreachable, 'Error.prepareStackTrace = (error, frames) => frames.map(String); return new Error("x").stack'],
  [
    'Object.prototype polluted',
    unreachable,
    'Object.prototype.polluted = 1; Object.prototype.failure = { code: "evil" }; Object.prototype.isTainted = false; return {}',
  ],
  ['__proto__ in the result', unreachable, 'return JSON.parse(\'{"__proto__":{"polluted":1}}\')'],
  ['getters on the prototype', unreachable, 'Object.defineProperty(Object.prototype, "value", { get() { return "evil" } }); console.log(1); return { a: 1 }'],
  ['globals that stay', unreachable, 'globalThis.leak = 1; globalThis.console = { log: 5 }; Array.prototype.map = () => "evil"; return 1'],
  ['the stack of an error', unreachable, 'return new Error("x").stack'],
  ['the stack of an error of the engine', unreachable, 'try { null.f() } catch (error) { return [error.message, error.stack, error.fileName] }'],
  [
    'an error that names itself',
    unreachable,
    'class Evil extends Error { get name() { return "x".repeat(1e6) } get stack() { return "code.js:99999999999" } } throw new Evil("y".repeat(1e6))',
  ],
  ['a thrown function', 'fails', 'throw () => process'],
  ['a thrown symbol', 'fails', 'throw Symbol("x")'],
  ['a thrown null', 'fails', 'throw null'],
  ['a closed brace', unreachable, '}}); ((function () { return async function () { return 7'],
  ['a closed brace with a function of its own', unreachable, '}}); (function(){ return () => "evil"; }); (function(){ return async function () { return 7'],
  ['a comment that swallows the end', 'fails', 'return 1 /*'],
  ['a template that swallows the end', 'fails', 'return `x'],
  ['a hashbang', 'fails', '#!/bin/sh\nreturn 1'],
  ['logs without end', unreachable, 'for (let i = 0; i < 1e4; i += 1) console.log("x".repeat(1000)); return 1'],
  [
    'logs of what cannot be told',
    unreachable,
    'const o = {}; o.o = o; console.log(o, () => 1, Symbol("x"), 1n, undefined, new Proxy({}, { get() { throw 1 } })); return 1',
  ],
  ['a log that throws', 'any end', 'console.log({ toJSON() { throw new Error("no") } }); return 1'],
  [
    'a finalizer that runs away',
    unreachable,
    'const r = new FinalizationRegistry(() => { for (;;); }); for (let i = 0; i < 1000; i += 1) r.register({}, i); return 1',
  ],
  ['a job left behind', unreachable, 'Promise.resolve().then(() => { for (;;); }); return 1'],
  ['debugger', unreachable, 'debugger; return 1'],
];

describe('what is not there', () => {
  test.each(escapes)('%s', async (_, code) => {
    expect((await run(code, { given: { a: 1 } }, 20_000)).result).toBe('undefined');
  });
});

describe('attacks', () => {
  test.each(attacks)('%s: %s', async (_, end, code) => {
    // What must end by its time is given little; what must end by its memory is given enough to get there.
    const outcome = await run(code, {}, /^runs out of time|any end/.test(end) ? 400 : 10_000).then(
      (result) => ({ result }),
      async (error: unknown) => ({ failure: await failureOf(Promise.reject(error)) }),
    );
    const told = JSON.stringify(outcome);
    expect(told.length).toBeLessThan(1_000_000);
    expect(told).not.toMatch(hostWords);
    if ('failure' in outcome) {
      expect(outcome.failure.code).toMatch(/^code-(failed|invalid|timeout|memory|too-large)$/);
      expect(outcome.failure.retry).toBe('never');
      expect(outcome.failure.message.length).toBeLessThan(1_500);
    }
    const wanted = ends[end];
    if (wanted) expect('failure' in outcome ? outcome.failure.code : told).toMatch(wanted);
    expect('polluted' in {}).toBe(false);
    await expectHealthy();
  });

  test('there are more than sixty', () => expect(escapes.length + attacks.length).toBeGreaterThan(60));
});

describe('attacks side by side', () => {
  test('do not keep others from running', async () => {
    const evil = Array.from({ length: 4 }, () => failureOf(run('for (;;);', {}, 500)));
    const good = Array.from({ length: 8 }, (_, index) => run('return index * 2', { index }, 10_000));
    expect((await Promise.all(good)).map(({ result }) => result)).toEqual([0, 2, 4, 6, 8, 10, 12, 14]);
    expect((await Promise.all(evil)).map(({ code }) => code)).toEqual(Array(4).fill('code-timeout'));
    await expectHealthy();
  });
});
