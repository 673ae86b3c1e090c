/**
 * A request with tools as one without, for models that cannot call tools: the tools stand in the system message, and each turn of the model is JSON in one of two
 * forms: `{"calls": [{"tool", "arguments"}]}` or `{"answer"}`. Earlier turns are told in the same form, and what the tools returned as messages of the user.
 */
import { isJsonObject, type Json, type Message, type ModelRequest, type Schema, type Tool, type ToolCall } from '@switchyard/shared';
import { readArguments } from '../chat-request.ts';

/** The same request as JSON turns. */
export function asJsonTurns(request: ModelRequest): ModelRequest {
  const { tools = [], output, messages, ...rest } = request;
  const [head, ...others] = messages;
  const told = instructions(tools, output);
  const system: Message = { role: 'system', text: head?.role === 'system' ? `${head.text}\n\n${told}` : told };
  return { ...rest, messages: [system, ...asTurns(head?.role === 'system' ? others : messages)], output: turnSchema(tools, output) };
}

/** The turns that a model may take: some calls, or the answer. */
export function turnSchema(tools: readonly Tool[], output: Schema | undefined): Schema {
  const call = tools.map(({ name, parameters }) => form({ tool: { const: name }, arguments: embeddable(parameters) }));
  const calls = { type: 'array', minItems: 1, items: call.length === 1 ? (call[0] as Schema) : { anyOf: call } };
  return { anyOf: [form({ calls }), form({ answer: output ? embeddable(output) : { type: 'string' } })] };
}

function form(properties: { [name: string]: Schema }): Schema {
  return { type: 'object', properties, required: Object.keys(properties), additionalProperties: false };
}

/** References of a schema count from its own root: one that has any cannot stand within another, so only its type is held to. */
function embeddable(schema: Schema): Schema {
  if (!JSON.stringify(schema).includes('"$ref"')) return schema;
  return typeof schema.type === 'string' ? { type: schema.type } : {};
}

function instructions(tools: readonly Tool[], output: Schema | undefined): string {
  const listed = tools.map(({ name, description, parameters }) => `- ${name}: ${description}\n  arguments: ${JSON.stringify(parameters)}`);
  const answer = output ? `{"answer": …}, where the answer is JSON of this JSON Schema: ${JSON.stringify(output)}` : '{"answer": "…"}';
  return `You have these tools:
${listed.join('\n')}

Each of your messages is one JSON object and nothing else, in one of two forms:
1. To call tools: {"calls": [{"tool": "NAME", "arguments": {…}}]}. The arguments must fit the tool's JSON Schema. Several calls may stand in the list. Their results come in the next message; never make one up.
2. To answer, once you need no more tools: ${answer}`;
}

function asTurns(messages: readonly Message[]): Message[] {
  const turns: Message[] = [];
  let isResult = false;
  for (const message of messages) {
    const last = turns.at(-1);
    const text = textOf(message);
    // Templates of small models want the roles to take turns.
    if (message.role === 'tool' && isResult && last) turns[turns.length - 1] = { role: 'user', text: `${last.text}\n\n${text}` };
    else turns.push({ role: message.role === 'tool' ? 'user' : message.role, text });
    isResult = message.role === 'tool';
  }
  return turns;
}

function textOf(message: Message): string {
  if (message.role === 'tool') return `Result of ${message.name}:\n${message.text}`;
  if (message.role !== 'assistant') return message.text;
  const calls = message.toolCalls ?? [];
  return JSON.stringify(calls.length > 0 ? { calls: calls.map(toldCall) } : { answer: parsed(message.text) });
}

function toldCall({ name, arguments: text }: ToolCall): Json {
  return { tool: name, arguments: readArguments(text) };
}

/** An earlier answer that was JSON is shown as such. */
function parsed(text: string): Json {
  try {
    const value = JSON.parse(text) as Json;
    return isJsonObject(value) || Array.isArray(value) ? value : text;
  } catch {
    return text;
  }
}
