/** The outputs of a run are bounded together, and a run that has too many says so and gives what there is room for. */
import type { Flow } from '@switchyard/shared';
import { expect, test } from 'vitest';
import { drawBody, drawFlow, entry, exit, type DrawnNode } from '../testing/subflow.ts';
import { testRun } from '../testing/test-run.ts';

/** Each of `names` gives `times` times the text that comes in, at an exit of its own. */
function copies(names: readonly string[], times: number): Flow {
  const nodes: Record<string, DrawnNode> = { ask: entry('q') };
  for (const name of names) {
    nodes[name] = ['template', { template: '{{ q }}'.repeat(times) }];
    nodes[`to_${name}`] = exit(name);
  }
  return drawFlow(
    drawBody(
      nodes,
      names.flatMap((name) => [`ask.q>${name}.q`, `${name}.text>to_${name}.${name}`]),
    ),
  );
}

test('outputs that come to more than 20 million characters together fail at the exit where they do, and what came before is given', async () => {
  const { result, view } = await testRun(copies(['a', 'b', 'c'], 8), { inputs: { q: 'x'.repeat(1_000_000) } });
  expect(result).toMatchObject({ status: 'failed', failure: { code: 'outputs-too-large', node: 'to_c' } });
  expect(result.failure?.message).toMatch(/more than 20 million characters together.*bucket or a database/);
  expect(Object.keys(result.outputs)).toEqual(['a', 'b']);
  expect(view.tasks.get('to_c')).toMatchObject({ status: 'failed', inputs: {} });
});

test('one output as long as a node makes it is given', async () => {
  const { result } = await testRun(copies(['a'], 16), { inputs: { q: 'x'.repeat(999_000) } });
  expect([result.status, (result.outputs.a as string).length]).toEqual(['done', 15_984_000]);
});
