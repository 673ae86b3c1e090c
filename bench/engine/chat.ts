/** What a careful person writes by hand to speak with a chat completion endpoint: for the two loops, which differ in their transport alone. */
import { toolDescription, toolName, toolParameters, type Job } from './job.ts';

export interface ToolCall {
  id: string;
  type: 'function';
  function: { name: string; arguments: string };
}

type Message =
  | { role: 'system' | 'user'; content: string }
  | { role: 'assistant'; content: string | null; tool_calls?: ToolCall[] }
  | { role: 'tool'; tool_call_id: string; content: string };

export interface Turn {
  content: string | null;
  toolCalls: ToolCall[];
}

/** One way to send. */
export interface Transport {
  /** POSTs the body to the model and gives its turn. */
  ask(path: string, body: string): Promise<Turn>;
  /** GETs JSON. */
  get(path: string): Promise<unknown>;
}

const tools = [{ type: 'function', function: { name: toolName, description: toolDescription, parameters: toolParameters } }];

/** The loop: ask, make the calls asked for, tell their results, until there is an answer. Paths are below the server's origin. */
export async function converse(job: Job, transport: Transport, isStreamed: boolean): Promise<string> {
  const path = `${new URL(job.modelUrl(isStreamed)).pathname}/chat/completions`;
  const messages: Message[] = [
    { role: 'system', content: job.system },
    { role: 'user', content: job.question },
  ];
  for (let turn = 0; turn < 10; turn += 1) {
    const body = { model: job.model, messages, tools, ...(isStreamed && { stream: true, stream_options: { include_usage: true } }) };
    const said = await transport.ask(path, JSON.stringify(body));
    if (said.toolCalls.length === 0) return said.content ?? '';
    messages.push({ role: 'assistant', content: said.content, tool_calls: said.toolCalls });
    messages.push(...(await Promise.all(said.toolCalls.map((call) => make(job, transport, call)))));
  }
  throw new Error('No answer after 10 turns');
}

async function make(job: Job, transport: Transport, call: ToolCall): Promise<Message> {
  const { item } = JSON.parse(call.function.arguments) as { item: string };
  const result = await transport.get(`${new URL(job.shopUrl).pathname}/stock/${encodeURIComponent(item)}`);
  return { role: 'tool', tool_call_id: call.id, content: JSON.stringify(result) };
}

export function turnOf(text: string): Turn {
  const { choices } = JSON.parse(text) as { choices: [{ message: { content: string | null; tool_calls?: ToolCall[] } }] };
  const { content, tool_calls: toolCalls = [] } = choices[0].message;
  return { content, toolCalls };
}

/** Puts a streamed turn together from its text as it comes. */
export class StreamedTurn implements Turn {
  content: string | null = null;
  readonly toolCalls: ToolCall[] = [];
  #kept = '';

  read(text: string): void {
    const lines = (this.#kept + text).split('\n');
    this.#kept = lines.pop() ?? '';
    for (const line of lines) if (line.startsWith('data: ') && line !== 'data: [DONE]') this.#take(line.slice(6));
  }

  #take(data: string): void {
    const { choices } = JSON.parse(data) as { choices: { delta: { content?: string | null; tool_calls?: (Partial<ToolCall> & { index: number })[] } }[] };
    const delta = choices[0]?.delta;
    if (delta?.content) this.content = (this.content ?? '') + delta.content;
    for (const { index, id = '', function: called } of delta?.tool_calls ?? []) {
      const call = this.toolCalls[index] ?? { id, type: 'function', function: { name: called?.name ?? '', arguments: '' } };
      call.function.arguments += called?.arguments ?? '';
      this.toolCalls[index] = call;
    }
  }
}
