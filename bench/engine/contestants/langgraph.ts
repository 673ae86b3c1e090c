/** LangGraph.js: a graph of a model node and its tool node, with LangChain's client for OpenAI; nothing is checkpointed. */
import type { AIMessage } from '@langchain/core/messages';
import { tool } from '@langchain/core/tools';
import { END, MessagesAnnotation, START, StateGraph } from '@langchain/langgraph';
import { ToolNode } from '@langchain/langgraph/prebuilt';
import { ChatOpenAI } from '@langchain/openai';
import { z } from 'zod';
import { toolDescription, toolName, type Job, type Prepare } from '../job.ts';
import { readStock } from '../read-stock.ts';

export const prepare: Prepare = async (job) => {
  const graphs = { whole: graphOf(job, false), streamed: graphOf(job, true) };
  const asked = {
    messages: [
      { role: 'system', content: job.system },
      { role: 'user', content: job.question },
    ],
  };
  return {
    async run(isStreamed) {
      if (!isStreamed) return String((await graphs.whole.invoke(asked)).messages.at(-1)?.content);
      let text = '';
      for await (const [message] of await graphs.streamed.stream(asked, { streamMode: 'messages' })) {
        if (message.getType() === 'ai') text += String(message.content);
      }
      return text;
    },
  };
};

function graphOf(job: Job, isStreamed: boolean) {
  const stock = tool(async ({ item }) => JSON.stringify(await readStock(job, item)), {
    name: toolName,
    description: toolDescription,
    schema: z.object({ item: z.string() }),
  });
  const model = new ChatOpenAI({ model: job.model, apiKey: job.apiKey, streaming: isStreamed, configuration: { baseURL: job.modelUrl(isStreamed) } }).bindTools(
    [stock],
  );
  return new StateGraph(MessagesAnnotation)
    .addNode('model', async ({ messages }) => ({ messages: [await model.invoke(messages)] }))
    .addNode('tools', new ToolNode([stock]))
    .addEdge(START, 'model')
    .addConditionalEdges('model', ({ messages }) => ((messages.at(-1) as AIMessage).tool_calls?.length ? 'tools' : END), ['tools', END])
    .addEdge('tools', 'model')
    .compile();
}
