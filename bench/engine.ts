/** Compile and run without a network: how much the engine itself costs. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultLimits, type Flow, type Json } from '../packages/shared/src/index.ts';
import { createCallPort, Pools, RunStore } from '../packages/engine/src/adapters/drivers/index.ts';
import { compile } from '../packages/engine/src/compile/compile.ts';
import type { Host } from '../packages/engine/src/host.ts';
import { kinds } from '../packages/engine/src/nodes/index.ts';
import type { Plan } from '../packages/engine/src/plan.ts';
import { runPlan } from '../packages/engine/src/run/index.ts';
import { tell, timed } from './figures.ts';

const host: Host = { perform: async () => ({ result: { status: 200, headers: {}, body: 'ok' } }), pool: () => ({ concurrency: 64 }) };

/** A chain of `count` nodes of a kind between an input and an output. */
function chain(count: number, kind: string, config: Record<string, Json>, ports: [string, string]): Flow {
  const nodes: Flow['nodes'] = { a: { kind: 'input', config: { fields: { x: {} } } }, z: { kind: 'output', config: { fields: { x: {} } } } };
  const links: Flow['links'] = [];
  for (let index = 0; index < count; index += 1) {
    nodes[`n${index}`] = { kind, config };
    links.push({ from: index === 0 ? 'a.x' : `n${index - 1}.${ports[1]}`, to: `n${index}.${ports[0]}` });
  }
  links.push({ from: `n${count - 1}.${ports[1]}`, to: 'z.x' });
  return { format: 'switchyard.flow', version: 1, name: 'chain', nodes, links, grants: [] };
}

const template = (count: number) => chain(count, 'template', { template: '{{x}}' }, ['x', 'text']);
const http = (count: number) =>
  chain(count, 'http', { connection: 'api', operation: 'get', operations: [{ name: 'get', description: 'd', method: 'GET', path: '/{{x}}' }] }, ['x', 'body']);

function planOf(flow: Flow): Plan {
  const { plan, diagnostics } = compile(flow, undefined, kinds);
  if (!plan) throw new Error(JSON.stringify(diagnostics.slice(0, 3)));
  return { ...plan, limits: defaultLimits };
}

let runs = 0;
async function run(plan: Plan, store?: RunStore): Promise<void> {
  runs += 1;
  const id = `bench-${runs}`;
  const port = createCallPort({
    run: id,
    startedAt: Date.now(),
    host,
    pools: new Pools(host.pool),
    redact: (value) => value,
    emit: () => undefined,
    ...(store && { journal: store.journal(id) }),
  });
  const result = await runPlan(plan, { x: 'v' }, { run: id, registry: kinds, port, emit: () => undefined });
  port.close();
  if (result.status !== 'done') throw new Error(JSON.stringify(result.failure));
}

const large = template(10_000 - 2);
tell('compile 10,000 nodes', await timed(5, () => compile(large, undefined, kinds)), 'ms', 'under 300');
const small = template(200);
tell('compile 200 nodes', await timed(20, () => compile(small, undefined, kinds)), 'ms');
for (const count of [1000, 9000]) {
  const pure = planOf(template(count));
  tell(`a template node, chain of ${count}`, ((await timed(5, () => run(pure))) * 1000) / count, 'us');
  const recorded = planOf(http(count));
  tell(`a call in memory, chain of ${count}`, ((await timed(3, () => run(recorded))) * 1000) / count, 'us');
}
const folder = mkdtempSync(join(tmpdir(), 'switchyard-bench-'));
const store = new RunStore(join(folder, 'runs.db'));
const durable = planOf(http(200));
tell('a call on SQLite, chain of 200 (one commit each)', ((await timed(3, () => run(durable, store))) * 1000) / 200, 'us');
store.close();
rmSync(folder, { recursive: true });
