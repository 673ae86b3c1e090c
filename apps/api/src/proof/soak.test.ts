/** Many runs one after the other: what the process holds in memory, and the file on the disk, do not grow with the runs that have been. */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { keepPruned, RunStore } from '@switchyard/engine/adapters';
import { compile } from '@switchyard/engine/compile';
import { kinds } from '@switchyard/engine/nodes';
import { tries } from '@switchyard/engine/testing';
import { emptyWorkspace, type Flow } from '@switchyard/shared';
import { expect, test } from 'vitest';
import { createRunner } from '../work/runner.ts';

const flow: Flow = {
  format: 'switchyard.flow',
  version: 1,
  name: 'Many',
  nodes: {
    ask: { kind: 'input', config: { fields: { text: { type: 'string' } } } },
    get: { kind: 'http', config: { connection: 'shop', operations: [{ name: 'get', description: 'Gets', method: 'GET', path: '/{{text}}' }] } },
    tell: { kind: 'output', config: { fields: { body: {} } } },
  },
  links: [
    { from: 'ask.text', to: 'get.text' },
    { from: 'get.body', to: 'tell.body' },
  ],
  grants: [],
};

/** In bytes, for 1,000 runs more. The subset is too short to tell so little from noise. */
const mostGrowth = tries(4, 1) * 2 ** 20;
const keptRuns = 100;
/** After so many, those that are to go are waited for: how large the file grows until then depends on what else the machine does. */
const blockRuns = 250;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

test('memory and file are as large after many runs as after few', async () => {
  const thousands = tries(1, 8);
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-soak-'));
  const file = join(folder, 'runs.db');
  const store = new RunStore(file);
  const result = { status: 200, headers: {}, body: { text: 'the parcel is late '.repeat(100) } };
  const host = { pool: () => ({ concurrency: 8 }), perform: async () => ({ result }) };
  const runner = createRunner({ registry: kinds, host, store, redactor: () => (value) => value });
  const close = keepPruned(store.pruning, { days: 0, runs: keptRuns, lookEveryMs: 50 }, { warn: (text) => expect.fail(text) });
  const workspace = { ...emptyWorkspace(), connections: { shop: { type: 'http' as const, baseUrl: 'http://127.0.0.1:1' } } };
  const { plan, diagnostics } = compile(flow, workspace, kinds);
  if (!plan) throw new Error(JSON.stringify(diagnostics));
  const areRemoved = () => expect.poll(async () => store.list({ limit: 200 }).length, { timeout: 60_000, interval: 20 }).toBe(keptRuns);
  const runBlock = async () => {
    let left = blockRuns;
    const worker = async () => {
      while (left > 0) {
        left -= 1;
        const { run } = await runner.start({ flow, plan, inputs: { text: 'x' } });
        expect((await runner.result(run)).status).toBe('done');
      }
    };
    await Promise.all(Array.from({ length: 16 }, worker));
    await areRemoved();
  };
  const runSome = async (count: number) => {
    for (let block = 0; block < count / blockRuns; block += 1) await runBlock();
  };
  const held = () => {
    collectGarbage();
    return { heap: process.memoryUsage().heapUsed, file: statSync(file).size };
  };
  try {
    await runSome(1000);
    const before = held();
    await runSome(thousands * 1000);
    const after = held();
    expect((after.heap - before.heap) / thousands).toBeLessThan(mostGrowth);
    expect(after.file).toBeLessThan(2 * before.file);
  } finally {
    await close();
    await runner.close();
    store.close();
    rmSync(folder, { recursive: true });
  }
}, 600_000);
