/** Mastra: an agent with a tool, on its own client for OpenAI-compatible endpoints; without memory or storage. */
import { Agent } from '@mastra/core/agent';
import { createTool } from '@mastra/core/tools';
import { z } from 'zod';
import { toolDescription, toolName, type Prepare } from '../job.ts';
import { readStock } from '../read-stock.ts';

export const prepare: Prepare = async (job) => {
  const stock = createTool({
    id: toolName,
    description: toolDescription,
    inputSchema: z.object({ item: z.string() }),
    execute: async ({ item }) => await readStock(job, item),
  });
  const agentOf = (isStreamed: boolean) =>
    new Agent({
      id: 'bench',
      name: 'bench',
      instructions: job.system,
      model: { providerId: 'bench', modelId: job.model, url: job.modelUrl(isStreamed), apiKey: job.apiKey },
      tools: { [toolName]: stock },
    });
  const agents = { whole: agentOf(false), streamed: agentOf(true) };
  return {
    async run(isStreamed) {
      if (!isStreamed) return (await agents.whole.generate(job.question, { maxSteps: 10 })).text;
      const output = await agents.streamed.stream(job.question, { maxSteps: 10 });
      for await (const _ of output.textStream);
      return await output.text;
    },
  };
};
