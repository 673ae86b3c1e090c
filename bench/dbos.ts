/**
 * What a call costs on the distributed engine, beside the same number of bare DBOS steps: both on one PostgreSQL that waits for its disk, in interleaved rounds.
 * Calls answer at once, so that what is measured is the engine: journal, events and their notices, the run's row.
 *
 * Then a thousand runs at once in one server, with calls that take a while. Prints two tables, or one JSON object with --json.
 * Needs the system's PostgreSQL.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { DBOS } from '@dbos-inc/dbos-sdk';
import type { Flow } from '@switchyard/shared';
import { openDistributedRunner } from '../apps/api/src/work/distributed-runner.ts';
import type { Host } from '../packages/engine/src/host.ts';
import { kinds } from '../packages/engine/src/nodes/index.ts';
import { startPostgres } from '../packages/engine/src/testing/servers/postgres-server.ts';
import { hostOf, planOf } from '../packages/engine/src/testing/test-run.ts';

const calls = 20;
const loadRuns = 1000;
const callsOfLoad = 10;
const shapes = [
  { name: 'one run at a time', runs: 10, atOnce: 1 },
  { name: '16 runs at once', runs: 96, atOnce: 16 },
  { name: '64 runs at once', runs: 192, atOnce: 64 },
];
const rounds = 3;

/** A chain of model calls, each of which needs the one before. */
function chain(length = calls): Flow {
  const nodes: Flow['nodes'] = { ask: { kind: 'input', config: { fields: { q: { type: 'string' } } } } };
  const links: Flow['links'] = [];
  for (let index = 0; index < length; index += 1) {
    nodes[`call${index}`] = { kind: 'llm', config: { model: 'm', prompt: '{{q}}' } };
    links.push({ from: index === 0 ? 'ask.q' : `call${index - 1}.text`, to: `call${index}.q` });
  }
  nodes.reply = { kind: 'output', config: { fields: { answer: { type: 'string' } } } };
  links.push({ from: `call${length - 1}.text`, to: 'reply.answer' });
  return { format: 'switchyard.flow', version: 1, name: 'Chain', nodes, links, grants: [] };
}

const answer = { text: 'an answer of some words, as a model gives it', toolCalls: [], finish: 'stop', served: 'none' };

/** Per second, of `work` done `runs` times with so many at once. */
async function perSecond({ runs, atOnce }: { runs: number; atOnce: number }, work: () => Promise<unknown>): Promise<number> {
  let left = runs;
  const begin = performance.now();
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      while (left > 0) {
        left -= 1;
        await work();
      }
    }),
  );
  return (runs * calls * 1000) / (performance.now() - begin);
}

async function bare(databaseUrl: string): Promise<number[]> {
  const quiet = { info: () => {}, debug: () => {}, warn: () => {}, error: console.error };
  DBOS.setConfig({
    name: 'bare',
    systemDatabaseUrl: databaseUrl,
    systemDatabasePoolSize: 20,
    logger: quiet,
    applicationVersion: 'bare',
    executorID: `bare-${Math.random()}`,
  });
  const steps = DBOS.registerWorkflow(
    async () => {
      for (let index = 0; index < calls; index += 1) await DBOS.runStep(async () => JSON.stringify(answer), { name: `step${index}` });
    },
    { name: 'steps' },
  );
  await DBOS.launch();
  const work = async () => await (await DBOS.startWorkflow(steps)()).getResult();
  await perSecond({ runs: 5, atOnce: 5 }, work);
  const rates: number[] = [];
  for (const shape of shapes) rates.push(await perSecond(shape, work));
  await DBOS.shutdown({ deregister: true });
  return rates;
}

async function openRunner(databaseUrl: string, host: Host) {
  const log = { info: () => {}, warn: console.error };
  return await openDistributedRunner({
    databaseUrl,
    host: { ...host, pool: () => ({ concurrency: 1000 }) },
    registry: kinds,
    redactor: () => (value) => value,
    log,
  });
}

async function switchyard(databaseUrl: string): Promise<number[]> {
  const flow = chain();
  const plan = planOf(flow);
  const runner = await openRunner(databaseUrl, hostOf({ model: () => answer }));
  const work = async () => {
    const { run } = await runner.start({ flow, plan, inputs: { q: 'x' } });
    const { status } = await runner.result(run);
    if (status !== 'done') throw new Error(`A run ended as ${status}`);
  };
  await perSecond({ runs: 5, atOnce: 5 }, work);
  const rates: number[] = [];
  for (const shape of shapes) rates.push(await perSecond(shape, work));
  await runner.close();
  return rates;
}

/** All at once; what was lost is what did not end well, in the answers or in the database. */
async function load(databaseUrl: string) {
  const flow = chain(callsOfLoad);
  const plan = planOf(flow);
  const quick = hostOf({ model: () => answer });
  const runner = await openRunner(databaseUrl, {
    ...quick,
    async perform(...call) {
      await new Promise((resolve) => setTimeout(resolve, 20 + Math.random() * 80));
      return await quick.perform(...call);
    },
  });
  const runOnce = async () => {
    const { run } = await runner.start({ flow, plan, inputs: { q: 'x' } });
    await runner.result(run);
    return run;
  };
  await Promise.all(Array.from({ length: 50 }, runOnce));
  const delay = monitorEventLoopDelay({ resolution: 5 });
  let peak = 0;
  const looking = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  }, 20);
  delay.enable();
  const begin = performance.now();
  const started = await Promise.all(Array.from({ length: loadRuns }, runOnce));
  const seconds = (performance.now() - begin) / 1000;
  delay.disable();
  clearInterval(looking);
  let whole = 0;
  for (const run of started) {
    const ended = (await runner.events(run, -1, 1000)).filter(({ type }) => type === 'call-end').length;
    if (ended === callsOfLoad && (await runner.get(run))?.status === 'done') whole += 1;
  }
  await runner.close();
  // The histogram counts the 5 ms between two looks as well.
  return { runs: loadRuns, lost: loadRuns - whole, seconds, peakMb: peak / 2 ** 20, delayP99Ms: delay.percentile(99) / 1e6, delayMaxMs: delay.max / 1e6 };
}

const median = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

const server = await startPostgres({ isDurable: true });
let loaded: Awaited<ReturnType<typeof load>>;
const measured = shapes.map(() => ({ bare: [] as number[], switchyard: [] as number[] }));
try {
  const url = await server.createDatabase();
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, rate] of (await bare(url)).entries()) measured[index]?.bare.push(rate);
    for (const [index, rate] of (await switchyard(url)).entries()) measured[index]?.switchyard.push(rate);
  }
  loaded = await load(url);
} finally {
  await server.stop();
}
const rows = shapes.map(({ name }, index) => {
  const bareRate = Math.round(median(measured[index]?.bare ?? []));
  const rate = Math.round(median(measured[index]?.switchyard ?? []));
  return { shape: name, bareStepsPerSecond: bareRate, callsPerSecond: rate, stepsPerCall: Number((bareRate / rate).toFixed(2)) };
});
if (process.argv.includes('--json')) console.log(JSON.stringify({ dbos: rows, load: loaded }));
else {
  console.table(rows);
  console.table([loaded]);
}
process.exit(0);
