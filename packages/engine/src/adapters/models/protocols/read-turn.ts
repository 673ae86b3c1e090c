/** Reads a turn that a model took as JSON, with patience: in a fence, amid words, with names that models mix up, or as the plain answer that it should have wrapped. */
import { isJsonObject, jsonDepth, type Json, type JsonObject, type ModelRequest, type ModelResult, type ToolCall } from '@switchyard/shared';
import { schemaTypes } from '../../../schema.ts';

export type Turn = Pick<ModelResult, 'text' | 'toolCalls'>;

const deepest = 64;

/** The turn, or what is wrong with it in words for the model. `idPrefix` begins the ids of its calls. */
export function readTurn(said: string, request: ModelRequest, idPrefix: string): Turn | { misfit: string } {
  const value = parseObject(said);
  if (!value) {
    const isAttempt = /^\s*(?:```|\{)|"calls"\s*:|"arguments"\s*:/.test(said);
    if (isAttempt || said.trim() === '') return { misfit: 'it is not one JSON object.' };
    return { text: said, toolCalls: [] };
  }
  const calls = callsOf(value, request);
  if (calls && calls.length > 0) return { text: '', toolCalls: withIds(calls, idPrefix) };
  if (Object.hasOwn(value, 'answer')) return { text: answerText(value.answer as Json, request), toolCalls: [] };
  if (calls) return { misfit: 'its list of calls is empty, or an entry names no tool.' };
  // Models forget to wrap their answer; where it is to be JSON, this is it.
  if (request.output) return { text: JSON.stringify(value), toolCalls: [] };
  return { misfit: 'it has neither "calls" nor "answer".' };
}

type Called = Pick<ToolCall, 'name' | 'arguments'>;

/** The calls of a turn; undefined where it is none that calls. */
function callsOf(value: JsonObject, { tools = [] }: ModelRequest): Called[] | undefined {
  const listed = value.calls ?? value.tool_calls;
  if (Array.isArray(listed)) return listed.flatMap(callOf);
  if (isJsonObject(listed)) return callOf(listed);
  const single = callOf(value);
  return single.some(({ name }) => tools.some((tool) => tool.name === name)) ? single : undefined;
}

function callOf(entry: Json): Called[] {
  if (!isJsonObject(entry)) return [];
  const called = isJsonObject(entry.function) ? entry.function : entry;
  const name = called.tool ?? called.name;
  if (typeof name !== 'string') return [];
  const given = called.arguments ?? called.parameters ?? {};
  return [{ name, arguments: typeof given === 'string' ? given : JSON.stringify(given) }];
}

function withIds(calls: readonly Called[], idPrefix: string): ToolCall[] {
  return calls.map((call, index) => ({ id: `${idPrefix}_${index + 1}`, ...call }));
}

/** Text as it is; where the answer is to be JSON, as JSON, and JSON that was written as text as what it says. */
function answerText(answer: Json, { output }: ModelRequest): string {
  if (typeof answer !== 'string') return JSON.stringify(answer);
  if (!output) return answer;
  const mayBeText = schemaTypes(output)?.includes('string') ?? true;
  return mayBeText ? JSON.stringify(answer) : answer;
}

function parseObject(said: string): JsonObject | undefined {
  const start = said.indexOf('{');
  const end = said.lastIndexOf('}');
  if (start < 0 || end < start) return undefined;
  const text = said.slice(start, end + 1);
  if (jsonDepth(text, deepest) > deepest) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
