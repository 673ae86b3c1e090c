/** The process of one contestant's graphs: builds the one it is told, runs it as often as the time allows, tells the median a node. */
import './loopback-only.ts';
import { median } from '../figures.ts';
import type { BuildGraph, Shape } from './graphs/shapes.ts';

/** What it is told. The first run is a warm-up where time allows a second. */
export interface GraphRequest {
  shape: Shape;
  nodes: number;
  /** No further run starts after so long. */
  ms: number;
}

const builders: Readonly<Record<string, () => Promise<BuildGraph>>> = {
  'switchyard memory, pure': async () => (await import('./graphs/switchyard.ts')).buildOn('bench-pure', false),
  'switchyard memory, recorded': async () => (await import('./graphs/switchyard.ts')).buildOn('bench-call', false),
  'switchyard sqlite, recorded': async () => (await import('./graphs/switchyard.ts')).buildOn('bench-call', true),
  'langgraph, pure': async () => (await import('./graphs/langgraph.ts')).build,
  'mastra, pure': async () => (await import('./graphs/mastra.ts')).build,
};

const load = builders[process.argv[2] as string];
if (!load) throw new Error(`There is nobody called "${process.argv[2]}"`);
const build = await load();

process.on('message', (request: GraphRequest) => {
  measure(request).then(
    (microsecondsPerNode) => process.send?.(microsecondsPerNode),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
process.on('disconnect', () => process.exit());
process.send?.('ready');

async function measure({ shape, nodes, ms }: GraphRequest): Promise<number> {
  const graph = await build(shape, nodes);
  const taken: number[] = [];
  const begin = performance.now();
  while (taken.length < 200 && (taken.length === 0 || performance.now() - begin < ms)) {
    await graph.open?.();
    const start = performance.now();
    await graph.run();
    taken.push(performance.now() - start);
    await graph.close?.();
  }
  return (median(taken.length > 1 ? taken.slice(1) : taken) * 1000) / nodes;
}
