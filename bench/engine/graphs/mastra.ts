/** Mastra: a workflow, without storage. Its layers are joined as a whole: a step of it cannot take from two of ten. */
import { createStep, createWorkflow } from '@mastra/core/workflows';
import { z } from 'zod';
import { layerWidth, type BuildGraph } from './shapes.ts';

interface Builder {
  then(step: unknown): Builder;
  parallel(steps: unknown[]): Builder;
  commit(): { createRun(): Promise<{ start(options: object): Promise<{ status: string }> }> };
}

export const build: BuildGraph = async (shape, count) => {
  let reached = 0;
  const schema = z.any();
  const steps = Array.from({ length: count }, (_, index) =>
    createStep({
      id: `n${index}`,
      inputSchema: schema,
      outputSchema: schema,
      execute: async () => {
        reached += 1;
        return {};
      },
    }),
  );
  let builder = createWorkflow({ id: 'graph', inputSchema: schema, outputSchema: schema }) as unknown as Builder;
  if (shape === 'chain') for (const step of steps) builder = builder.then(step);
  else for (let from = 0, size = shape === 'wide' ? count : layerWidth; from < count; from += size) builder = builder.parallel(steps.slice(from, from + size));
  const workflow = builder.commit();
  return {
    async run() {
      reached = 0;
      const run = await workflow.createRun();
      const { status } = await run.start({ inputData: {} });
      if (status !== 'success' || reached !== count) throw new Error(`Mastra ended ${status} after ${reached} of ${count} nodes`);
    },
  };
};
