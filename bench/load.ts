/**
 * `node bench/load.ts [--quick] [--json]`: many runs at once, and many runs one after the other, through the runner with SQLite and its whole trace.
 * Writes what it measured to docs/performance.md; with `--json` or `--quick` the document is left as it is.
 */
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createRunner } from '../apps/api/src/work/runner.ts';
import { createRedactor, keepPruned, RunStore } from '../packages/engine/src/adapters/index.ts';
import type { Host } from '../packages/engine/src/host.ts';
import { emptyFlow } from '../packages/shared/src/index.ts';
import { shown } from './figures.ts';
import { planOfGraph, registry } from './engine/graphs/switchyard.ts';
import { predecessorsOf } from './engine/graphs/shapes.ts';
import { describeMachine } from './engine/machine.ts';
import { writeSection } from './engine/report.ts';

const isQuick = process.argv.includes('--quick');
const isJson = process.argv.includes('--json');
const runsAtOnce = 1000;
const callsPerRun = 10;
const soakRuns = isQuick ? 3000 : 10_000;
const keptRuns = 500;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Calls take a while, as calls do. */
const body = 'the parcel is late '.repeat(50);
const slowHost: Host = {
  pool: () => ({ concurrency: 1000 }),
  perform: () => new Promise((resolve) => setTimeout(() => resolve({ result: { status: 200, headers: {}, body } }), 20 + Math.random() * 80)),
};
const quickHost: Host = { pool: () => ({ concurrency: 1000 }), perform: async () => ({ result: { status: 200, headers: {}, body } }) };

const flow = emptyFlow('load');
const plan = planOfGraph('bench-call', predecessorsOf('chain', callsPerRun));

async function onStore<Result>(host: Host, work: (parts: { store: RunStore; file: string; runOnce(): Promise<string> }) => Promise<Result>): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-bench-'));
  const file = join(folder, 'runs.db');
  const store = new RunStore(file);
  const runner = createRunner({ registry, host, store, redactor: () => createRedactor([]) });
  const runOnce = async () => {
    const { run } = await runner.start({ flow, plan, inputs: { value: 'x' } });
    return (await runner.result(run)).status;
  };
  try {
    return await work({ store, file, runOnce });
  } finally {
    await runner.close();
    store.close();
    rmSync(folder, { recursive: true });
  }
}

/** All at once; what was lost is what did not end well, in the answers or on the disk. */
const atOnce = await onStore(slowHost, async ({ store, runOnce }) => {
  await Promise.all(Array.from({ length: 50 }, runOnce));
  collectGarbage();
  const delay = monitorEventLoopDelay({ resolution: 5 });
  let peak = 0;
  const looking = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  }, 20);
  delay.enable();
  const begin = performance.now();
  const ends = await Promise.all(Array.from({ length: runsAtOnce }, runOnce));
  const ms = performance.now() - begin;
  delay.disable();
  clearInterval(looking);
  const kept = store.list({ limit: 2 * runsAtOnce }).slice(0, runsAtOnce);
  const whole = kept.filter(({ run, status }) => status === 'done' && store.recorded(run).filter(({ kind }) => kind === 'fetch').length === callsPerRun);
  return {
    runs: runsAtOnce,
    lost: runsAtOnce - Math.min(whole.length, ends.filter((status) => status === 'done').length),
    ms,
    peakMb: peak / 2 ** 20,
    // The histogram counts the 5 ms between two looks as well.
    delayP99Ms: delay.percentile(99) / 1e6,
    delayMaxMs: delay.max / 1e6,
  };
});

/** 32 at a time, with all but the latest removed as they come. */
const soak = await onStore(quickHost, async ({ store, file, runOnce }) => {
  const close = keepPruned(store.pruning, { days: 0, runs: keptRuns, lookEveryMs: 100 }, console);
  let left = soakRuns;
  const samples: { heap: number; rss: number; file: number }[] = [];
  const worker = async () => {
    while (left > 0) {
      left -= 1;
      await runOnce();
      if (left % 1000 !== 0) continue;
      collectGarbage();
      samples.push({ heap: process.memoryUsage().heapUsed, rss: process.memoryUsage.rss(), file: statSync(file).size });
    }
  };
  const begin = performance.now();
  await Promise.all(Array.from({ length: 32 }, worker));
  const ms = performance.now() - begin;
  await close();
  const [first, last] = [samples[1], samples.at(-1)] as [(typeof samples)[0], (typeof samples)[0]];
  const thousands = samples.length - 2;
  return {
    runs: soakRuns,
    kept: keptRuns,
    runsPerSecond: (soakRuns * 1000) / ms,
    heapMbPerThousand: (last.heap - first.heap) / 2 ** 20 / thousands,
    rssMbPerThousand: (last.rss - first.rss) / 2 ** 20 / thousands,
    fileMb: last.file / 2 ** 20,
    largestFileMb: Math.max(...samples.map(({ file: size }) => size)) / 2 ** 20,
    walMb: existsSync(`${file}-wal`) ? statSync(`${file}-wal`).size / 2 ** 20 : 0,
  };
});

const { cpu, memoryGb, node, at, loadAverage } = describeMachine();
const rows: [what: string, value: string, goal: string, isMet: boolean][] = [
  [`runs lost, of ${runsAtOnce.toLocaleString('en')} at once with ${callsPerRun} calls each`, String(atOnce.lost), 'none', atOnce.lost === 0],
  ['resident memory, at most', `${shown(atOnce.peakMb)} MB`, 'under 500 MB', atOnce.peakMb < 500],
  ['delay of the event loop, p99', `${shown(atOnce.delayP99Ms)} ms`, 'under 100 ms', atOnce.delayP99Ms < 100],
  ['heap that stays, for 1,000 runs more', `${shown(soak.heapMbPerThousand)} MB`, 'under 1 MB', soak.heapMbPerThousand < 1],
  ['resident memory that stays, for 1,000 runs more', `${shown(soak.rssMbPerThousand)} MB`, 'under 1 MB', soak.rssMbPerThousand < 1],
  [`runs.db after ${soakRuns.toLocaleString('en')} runs, ${keptRuns} kept`, `${shown(soak.fileMb)} MB, at most ${shown(soak.largestFileMb)} MB`, '', true],
];
const report = [
  `Measured ${at} UTC on ${cpu}, ${memoryGb} GB, Node ${node}; load average before: ${loadAverage}. The ${runsAtOnce.toLocaleString('en')} runs took ${shown(atOnce.ms)} ms, ` +
    `the longest delay of the loop was ${shown(atOnce.delayMaxMs)} ms; afterwards, ${shown(soak.runsPerSecond)} runs a second, 32 at a time, while the old ones were removed.`,
  [
    '| what | measured | goal | |',
    '| --- | --: | --: | --- |',
    ...rows.map(([what, value, goal, isMet]) => `| ${what} | ${value} | ${goal} | ${goal === '' ? '' : isMet ? 'met' : '**missed**'} |`),
  ].join('\n'),
].join('\n\n');
if (isJson) console.log(JSON.stringify({ atOnce, soak }));
else console.log(report);
if (!isQuick && !isJson) writeSection('load', report);
