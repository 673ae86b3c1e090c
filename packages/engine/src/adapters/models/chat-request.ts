/** A model request as the body of an OpenAI chat completion, in the reading that all compatible servers share. */
import type { JsonObject, Message, Model, ModelRequest, Schema, SchemaField, Tool, ToolCall } from '@switchyard/shared';

/** What a request may leave out for endpoints that refuse it. */
export type Extra = 'jsonSchema' | 'jsonObject' | 'streamOptions' | 'logProbabilities';

/**
 * JSON text of the request. The schema of the output goes as `response_format` or as the endpoint's own field for it; where the endpoint refuses that it
 * stands in the system message instead, and with tools as well: servers that constrain the answer to a schema leave the model no way to call one.
 */
export function chatBody({ model, schemaField }: Pick<Model, 'model' | 'schemaField'>, request: ModelRequest, without: ReadonlySet<Extra>): string {
  const { output, tools, temperature, maxTokens } = request;
  const isTold = output !== undefined && (without.has('jsonSchema') || hasTools(request));
  const body: JsonObject = { model, messages: (isTold ? withSchema(request.messages, output) : request.messages).map(wireMessage), stream: true };
  let toolText: string | undefined;
  if (!without.has('streamOptions')) body.stream_options = { include_usage: true };
  if (tools && hasTools(request)) {
    toolText = toolsText(tools);
  } else if (output !== undefined && !isTold) Object.assign(body, heldTo(output, schemaField));
  else if (output !== undefined && !without.has('jsonObject')) body.response_format = { type: 'json_object' };
  if (request.confidence && !without.has('logProbabilities')) body.logprobs = true;
  if (temperature !== undefined) body.temperature = temperature;
  if (maxTokens !== undefined) body.max_tokens = maxTokens;
  const text = JSON.stringify(body);
  return toolText === undefined ? text : `${text.slice(0, -1)},"tools":${toolText}}`;
}

/** A conversation sends the same tools turn after turn, a control node mostly the same run after run. */
const toolTexts = new WeakMap<readonly Tool[], string>();

function toolsText(tools: readonly Tool[]): string {
  const known = toolTexts.get(tools);
  if (known !== undefined) return known;
  const text = JSON.stringify(tools.map(({ name, description, parameters }) => ({ type: 'function', function: { name, description, parameters } })));
  toolTexts.set(tools, text);
  return text;
}

/** The schema as endpoints take it: OpenAI's field, those of newer and older vLLM, and that of llama.cpp. */
function heldTo(output: Schema, schemaField: SchemaField = 'response_format'): JsonObject {
  switch (schemaField) {
    case 'response_format':
      return { response_format: { type: 'json_schema', json_schema: { name: 'result', schema: output } } };
    case 'structured_outputs':
      return { structured_outputs: { json: output } };
    case 'guided_json':
    case 'json_schema':
      return { [schemaField]: output };
  }
}

/** Does the request offer any tool? */
export function hasTools(request: ModelRequest): boolean {
  return request.tools !== undefined && request.tools.length > 0;
}

function wireMessage(message: Message): JsonObject {
  switch (message.role) {
    case 'assistant': {
      const calls = message.toolCalls ?? [];
      if (calls.length === 0) return { role: 'assistant', content: message.text };
      return { role: 'assistant', content: message.text === '' ? null : message.text, tool_calls: calls.map(wireCall) };
    }
    case 'tool':
      return { role: 'tool', tool_call_id: message.toolCallId, content: message.text };
    default:
      return { role: message.role, content: message.text };
  }
}

function wireCall(call: ToolCall): JsonObject {
  return { id: call.id, type: 'function', function: { name: call.name, arguments: JSON.stringify(readArguments(call.arguments)) } };
}

/** Arguments of an earlier call as an object: servers parse them again, and fail the whole request where a model once wrote them wrongly. */
export function readArguments(text: string): JsonObject {
  if (text.trim() === '') return {};
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  } catch {
    // Kept below as text, so that the model can see what it wrote.
  }
  return { malformed: text };
}

/** The messages with the schema of the answer told in words. */
export function withSchema(messages: readonly Message[], output: Schema): Message[] {
  const instruction = `When you answer, answer with JSON only, without any other text. The JSON must fit this JSON Schema:\n${JSON.stringify(output)}`;
  const [head, ...rest] = messages;
  if (head?.role === 'system') return [{ role: 'system', text: `${head.text}\n\n${instruction}` }, ...rest];
  return [{ role: 'system', text: instruction }, ...messages];
}
