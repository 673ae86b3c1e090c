/** Compile and run without a network: how much the engine itself costs. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultLimits, type Flow, type Json } from '../packages/shared/src/index.ts';
import { createCallPort, Pools, RunStore } from '../packages/engine/src/adapters/drivers/index.ts';
import { compile } from '../packages/engine/src/compile/compile.ts';
import type { Host } from '../packages/engine/src/host.ts';
import { kinds } from '../packages/engine/src/nodes/index.ts';
import type { Plan, PlanTask } from '../packages/engine/src/plan.ts';
import { runPlan } from '../packages/engine/src/run/index.ts';
import { tell, timed } from './figures.ts';

const host: Host = { perform: async () => ({ result: { status: 200, headers: {}, body: 'ok' } }), pool: () => ({ concurrency: 64 }) };

/** A chain of `count` nodes of a kind between an input and an output. */
function chain(count: number, { kind, config, ports }: Step): Flow {
  const nodes: Flow['nodes'] = { a: { kind: 'input', config: { fields: { x: {} } } }, z: { kind: 'output', config: { fields: { x: {} } } } };
  const links: Flow['links'] = [];
  for (let index = 0; index < count; index += 1) {
    nodes[`n${index}`] = { kind, config };
    links.push({ from: index === 0 ? 'a.x' : `n${index - 1}.${ports[1]}`, to: `n${index}.${ports[0]}` });
  }
  links.push({ from: `n${count - 1}.${ports[1]}`, to: 'z.x' });
  return { format: 'switchyard.flow', version: 1, name: 'chain', nodes, links, grants: [] };
}

interface Step {
  kind: string;
  config: Record<string, Json>;
  ports: [input: string, output: string];
}

const pure: Step = { kind: 'template', config: { template: '{{x}}' }, ports: ['x', 'text'] };
const recorded: Step = {
  kind: 'http',
  config: { connection: 'api', operation: 'get', operations: [{ name: 'get', description: 'd', method: 'GET', path: '/{{x}}' }] },
  ports: ['x', 'body'],
};

function planOf(flow: Flow): Plan {
  const { plan, diagnostics } = compile(flow, undefined, kinds);
  if (!plan) throw new Error(JSON.stringify(diagnostics.slice(0, 3)));
  return { ...plan, limits: defaultLimits };
}

/** A chain longer than a document may be: the plan of a short one, its middle repeated. */
function longChain(count: number, step: Step): Plan {
  const short = planOf(chain(2, step));
  const [first, , repeated, last] = short.tasks as [PlanTask, PlanTask, PlanTask, PlanTask];
  const [input, output] = step.ports;
  const from = (task: number, port: string) => ({ sources: [{ task, port }], required: true });
  const middle = Array.from({ length: count }, (_, index) => ({ ...repeated, id: `n${index}`, inputs: { [input]: from(index, index === 0 ? 'x' : output) } }));
  return { ...short, tasks: [first, ...middle, { ...last, inputs: { x: from(count, output) } }] };
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

const large = chain(10_000 - 2, pure);
tell('compile 10,000 nodes', await timed(5, () => compile(large, undefined, kinds)), 'ms', 'under 300');
const small = chain(200, pure);
tell('compile 200 nodes', await timed(20, () => compile(small, undefined, kinds)), 'ms');
for (const count of [1000, 100_000]) {
  const times = Math.max(7, 50_000 / count);
  const pureChain = longChain(count, pure);
  tell(`a pure node, chain of ${count}`, ((await timed(times, () => run(pureChain))) * 1000) / count, 'us', 'under 2');
  const recordedChain = longChain(count, recorded);
  tell(`a call in memory, chain of ${count}`, ((await timed(times, () => run(recordedChain))) * 1000) / count, 'us', 'under 5');
}
const folder = mkdtempSync(join(tmpdir(), 'switchyard-bench-'));
const store = new RunStore(join(folder, 'runs.db'));
const durable = planOf(chain(200, recorded));
for (const atOnce of [1, 16, 64]) {
  const ms = await timed(5, () => Promise.all(Array.from({ length: atOnce }, () => run(durable, store))));
  tell(`durable calls on SQLite, ${atOnce} runs at once`, (atOnce * 200 * 1000) / ms, 'a second', atOnce === 64 ? 'at least 20000' : '');
}
store.close();
rmSync(folder, { recursive: true });
