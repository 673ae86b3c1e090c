/** Switchyard's graphs: a kind that does nothing, and one that makes a recorded call which does nothing. Through the runner, with the whole trace. */
import { z } from 'zod';
import type { Host } from '../../../packages/engine/src/host.ts';
import { defineNode, registryOf, type KindDefinition } from '../../../packages/engine/src/node.ts';
import { kinds } from '../../../packages/engine/src/nodes/index.ts';
import type { Plan } from '../../../packages/engine/src/plan.ts';
import { emptyFlow, type Flow } from '../../../packages/shared/src/index.ts';
import { openProduct, planOf, type Product } from '../product.ts';
import { predecessorsOf, type BuildGraph } from './shapes.ts';

const config = z.strictObject({});
const plain = {
  layer: 'data',
  tagline: 'For measuring',
  icon: 'box',
  doc: 'For measuring.',
  config,
  initial: {},
  examples: [],
  summary: () => '',
  ports: () => ({ inputs: { first: {}, second: {} }, optional: ['second'], outputs: { value: {} } }),
} satisfies Partial<KindDefinition<typeof config>>;

const pureKind = defineNode({
  ...plain,
  kind: 'bench-pure',
  title: 'Pure',
  *run({ inputs }) {
    return { value: inputs.first ?? null };
  },
});
const callKind = defineNode({
  ...plain,
  kind: 'bench-call',
  title: 'Call',
  *run({ inputs }, context) {
    yield* context.fetch({ connection: 'none', method: 'GET', path: '/' });
    return { value: inputs.first ?? null };
  },
});
export const registry = registryOf([...kinds.values(), pureKind, callKind]);

const given = { result: { status: 200, headers: {}, body: null } };
/** A host whose calls are answered at once. */
const host: Host = { perform: () => Promise.resolve(given), pool: () => ({ concurrency: 1000 }) };

/** A graph of pure nodes, or of recorded calls. */
export const buildOn =
  (kind: 'bench-pure' | 'bench-call', isDurable: boolean): BuildGraph =>
  async (shape, count) => {
    const plan = planOfGraph(kind, predecessorsOf(shape, count));
    let product: Product | undefined;
    return {
      // A new one each time: a runner without a store remembers its last runs.
      async open() {
        product = openProduct({ host, registry, isDurable });
      },
      async run() {
        const outputs = await product?.run(emptyFlow('graph'), plan, { value: 'x' });
        if (outputs?.value !== 'x') throw new Error(`The last of ${count} nodes gave ${JSON.stringify(outputs?.value)}`);
      },
      close: async () => await product?.close(),
    };
  };

/** A plan as compile makes it, with its one task multiplied: a document has at most 10,000 nodes, the interpreter no such limit. */
export function planOfGraph(kind: string, predecessors: readonly (readonly number[])[]): Plan {
  const plan = planOf(seedOf(kind), registry);
  const [entry, task, exit] = plan.tasks as [Plan['tasks'][0], Plan['tasks'][0], Plan['tasks'][0]];
  const nodes = predecessors.map((from, index) => {
    const wired = from.length === 0 ? [{ task: 0, port: 'value' }] : from.map((before) => ({ task: before + 1, port: 'value' }));
    return {
      ...task,
      id: `n${index}`,
      inputs: Object.fromEntries(wired.map((source, place) => [place === 0 ? 'first' : 'second', { sources: [source], required: place === 0 }])),
    };
  });
  const last = { ...exit, inputs: { value: { sources: [{ task: nodes.length, port: 'value' }], required: false } } };
  return { ...plan, tasks: [entry, ...nodes, last] };
}

function seedOf(kind: string): Flow {
  return {
    ...emptyFlow('graph'),
    nodes: {
      start: { kind: 'input', config: { fields: { value: {} } } },
      node: { kind, config: {} },
      stop: { kind: 'output', config: { fields: { value: {} } } },
    },
    links: [
      { from: 'start.value', to: 'node.first' },
      { from: 'node.value', to: 'stop.value' },
    ],
  };
}

/** How many durable calls a second, of so many runs at once that each make a chain of calls. */
export async function durableCallsPerSecond(runs: number, callsPerRun: number): Promise<number> {
  const plan = planOfGraph('bench-call', predecessorsOf('chain', callsPerRun));
  const product = openProduct({ host, registry, isDurable: true });
  try {
    const begin = performance.now();
    await Promise.all(Array.from({ length: runs }, () => product.run(emptyFlow('graph'), plan, { value: 'x' })));
    return (runs * callsPerRun * 1000) / (performance.now() - begin);
  } finally {
    await product.close();
  }
}
