/** What compiling costs, beside the running that the rest of this benchmark measures. */
import { compile } from '../../packages/engine/src/compile/compile.ts';
import { kinds } from '../../packages/engine/src/nodes/index.ts';
import { emptyFlow, type Flow } from '../../packages/shared/src/index.ts';
import { timed } from '../figures.ts';

export interface CompileRow {
  nodes: number;
  ms: number;
}

export async function measureCompile(): Promise<CompileRow[]> {
  const rows: CompileRow[] = [];
  for (const [nodes, times] of [
    [200, 30],
    [1000, 20],
    [10_000, 7],
  ] as const) {
    const flow = chainOfTemplates(nodes - 2);
    if (!compile(flow, undefined, kinds).plan) throw new Error('The flow of the benchmark does not compile');
    rows.push({ nodes, ms: await timed(times, () => compile(flow, undefined, kinds)) });
  }
  return rows;
}

/** So many templates between an input and an output. */
function chainOfTemplates(count: number): Flow {
  const flow = {
    ...emptyFlow('chain'),
    nodes: { a: { kind: 'input', config: { fields: { x: {} } } }, z: { kind: 'output', config: { fields: { x: {} } } } } as Flow['nodes'],
  };
  for (let index = 0; index < count; index += 1) {
    flow.nodes[`n${index}`] = { kind: 'template', config: { template: '{{x}}' } };
    flow.links.push({ from: index === 0 ? 'a.x' : `n${index - 1}.text`, to: `n${index}.x` });
  }
  flow.links.push({ from: `n${count - 1}.text`, to: 'z.x' });
  return flow;
}
