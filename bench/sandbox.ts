/** What the sandbox takes: how long trivial code takes, and how long the host's event loop stands still while code does its worst. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { SandboxAnswer, SandboxResult } from '../packages/shared/src/index.ts';
import { ask, failureOf, HostBench } from '../packages/engine/src/adapters/testing/host-bench.ts';
import { median, shown } from './figures.ts';
import { machineLine, table, writeSection } from './performance-page.ts';

const isQuick = process.argv.includes('--quick');
const times = isQuick ? 50 : 500;
const machine = machineLine();
const bench = new HostBench();
const host = await bench.host();
const fixed = { functions: ['db.read'], now: 0, seed: 0 };
const pass = (code: string, rounds: SandboxAnswer[][] | undefined, timeoutMs = 10_000) =>
  ask<SandboxResult>(host, 'sandbox', { code, inputs: {}, ...(rounds && { calls: { ...fixed, rounds } }) }, { timeoutMs });

/** One execution after another, in ms. The least is what other work of the machine changes least. */
async function executions(code: string, rounds?: SandboxAnswer[][]): Promise<{ least: number; median: number; p99: number }> {
  const taken: number[] = [];
  for (let index = 0; index < times + 20; index += 1) {
    const begin = performance.now();
    await pass(code, rounds);
    if (index >= 20) taken.push(performance.now() - begin);
    // As between the calls of a run: a thread makes its next interpreter while nobody waits for it.
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return { least: Math.min(...taken), median: median(taken), p99: taken.sort((a, b) => a - b)[Math.floor(taken.length * 0.99)] as number };
}

/** The longest that the event loop was late meanwhile, and the CPU that its thread used in all, which other work of the machine does not change; in ms. */
async function blockedBy(work: () => Promise<unknown>): Promise<{ late: number; cpu: number }> {
  const before = process.threadCpuUsage();
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  await work();
  await new Promise((resolve) => setTimeout(resolve, 20));
  delay.disable();
  const { user, system } = process.threadCpuUsage(before);
  return { late: delay.max / 1e6, cpu: (user + system) / 1000 };
}

const answer = (value: unknown): SandboxAnswer => ({ name: 'db.read', arguments: '{}', value }) as SandboxAnswer;
const large = Array.from({ length: 20_000 }, (_, id) => ({ id, name: `row ${id}`, note: 'x'.repeat(100) }));
const guests: [name: string, work: () => Promise<unknown>][] = [
  ['nothing', () => new Promise((resolve) => setTimeout(resolve, 1000))],
  ['burns CPU', () => failureOf(pass('for (;;);', undefined, 2000))],
  ['burns CPU in one native step', () => failureOf(pass('return "a".repeat(1e6).indexOf("a".repeat(5e5) + "b")', undefined, 2000))],
  ['uses up its memory', () => failureOf(pass('const a = []; for (;;) a.push(new Array(1000).fill(a.length))', undefined))],
  [
    'breeds promises',
    () => failureOf(pass('const f = () => { Promise.resolve().then(f); Promise.resolve().then(f); }; f(); await new Promise(() => {})', undefined, 2000)),
  ],
  ['asks for 1,000 calls at once', () => pass('await Promise.all(Array.from({ length: 1000 }, (_, n) => db.read({ n })))', [])],
  ['floods with calls', () => failureOf(pass('for (;;) db.read(1).catch(() => 0)', [], 2000))],
  ['asks with 900 kB', () => pass('await db.read("x".repeat(9e5))', [])],
  ['is answered with 2.9 MB', () => pass('const rows = await db.read({}); return rows.length', [[answer(large)]])],
  ['returns 1 MB', () => pass('return Array.from({ length: 20000 }, (_, id) => ({ id, note: "x".repeat(20) }))', undefined)],
];

const trivial = await executions('return 1');
const called = await executions('return (await db.read({})).x', [[answer({ x: 1 })]]);
const blocked: [string, { late: number; cpu: number }][] = [];
for (const [name, work] of guests) blocked.push([name, await blockedBy(work)]);
await bench.close();

const most = Math.max(...blocked.map(([, { late }]) => late));
const report = [
  machine,
  table(
    ['an execution', 'least ms', 'median ms', 'p99 ms', 'goal'],
    [
      ['`return 1`', shown(trivial.least), shown(trivial.median), shown(trivial.p99), `median under 3 ms: ${trivial.median < 3 ? 'met' : '**missed**'}`],
      ['a pass with one answered call', shown(called.least), shown(called.median), shown(called.p99), ''],
    ],
  ),
  `The longest that the event loop was late while a guest did its worst (goal: never over 100 ms: ${most <= 100 ? 'met' : '**missed**'}):`,
  table(
    ['the guest', 'late at most, ms', 'CPU of the host’s thread in all, ms'],
    blocked.map(([name, { late, cpu }]) => [name, shown(late), shown(cpu)]),
  ),
].join('\n\n');
if (process.argv.includes('--json')) console.log(JSON.stringify({ trivial, called, blocked: Object.fromEntries(blocked) }));
else console.log(report);
if (!isQuick && !process.argv.includes('--json')) writeSection('sandbox', report);
