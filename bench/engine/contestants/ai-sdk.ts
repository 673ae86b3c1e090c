/** The AI SDK: `generateText` and `streamText` with its provider for OpenAI-compatible endpoints. */
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { generateText, isStepCount, streamText, tool } from 'ai';
import { z } from 'zod';
import { toolDescription, toolName, type Prepare } from '../job.ts';
import { readStock } from '../read-stock.ts';

export const prepare: Prepare = async (job) => {
  const modelOf = (isStreamed: boolean) =>
    createOpenAICompatible({ name: 'bench', baseURL: job.modelUrl(isStreamed), apiKey: job.apiKey, includeUsage: true })(job.model);
  const models = { whole: modelOf(false), streamed: modelOf(true) };
  const tools = {
    [toolName]: tool({ description: toolDescription, inputSchema: z.object({ item: z.string() }), execute: ({ item }) => readStock(job, item) }),
  };
  const asked = { instructions: job.system, prompt: job.question, tools, stopWhen: isStepCount(10) };
  return {
    async run(isStreamed) {
      if (!isStreamed) return (await generateText({ model: models.whole, ...asked })).text;
      const result = streamText({ model: models.streamed, ...asked });
      for await (const _ of result.textStream);
      return await result.text;
    },
  };
};
