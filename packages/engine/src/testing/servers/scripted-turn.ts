/** What a scripted model answers, turn by turn, and how a turn looks on the wire of OpenAI chat completions. */
import type { Json, JsonObject } from '@switchyard/shared';

/** A tool call that the scripted model makes. `arguments` given as text is sent as it is, so that it may be malformed. */
export interface ScriptedToolCall {
  name: string;
  arguments: JsonObject | string;
  /** Default `call_N`. */
  id?: string;
  /** Pieces that the arguments are streamed in; default 3. Pieces of parallel calls alternate. */
  fragments?: number;
}

/** One answer of the scripted model. A text alone is a turn too. Everything left out is as a well-behaved endpoint does it. */
export interface ScriptedTurn {
  text?: string;
  /** The text in exactly these pieces; instead of `text`, which is streamed word by word. */
  pieces?: string[];
  toolCalls?: ScriptedToolCall[];
  /** Reasoning that the endpoint streams apart from the text, before it. */
  reasoning?: string;
  /** Probability of each piece of the text; the last one holds for all that follow. */
  probabilities?: number[];
  /** Default `tool_calls` with tool calls, else `stop`; null leaves it out. */
  finish?: 'stop' | 'tool_calls' | 'length' | 'content_filter' | null;
  /** Default: 4 characters a token. False: the endpoint counts nothing. */
  usage?: { inputTokens: number; outputTokens: number } | false;
  /** Before the first byte. */
  delayMs?: number;
  /** Before every further chunk of the stream. */
  chunkDelayMs?: number;
  /** An HTTP status in place of an answer, with these headers and this body. */
  status?: number;
  headers?: Record<string, string>;
  body?: string | JsonObject;
  /** The stream is written in slices of so many bytes, which cut lines and characters anywhere. */
  sliceBytes?: number;
  lineEnd?: '\n' | '\r\n' | '\r';
  /** Comment lines between the chunks, as proxies send to keep a connection open. */
  comments?: boolean;
  /** False leaves out the closing `[DONE]`. */
  done?: boolean;
  /**
   * `cut`: the socket is destroyed after half of the chunks. `end`: the stream ends there as if it were whole. `reset`: the socket is destroyed before any byte.
   * `malformed`: half of the chunks, then a data line that is not JSON. `error`: half of the chunks, then an error object, as servers send that fail mid-stream.
   * `endless`: text until the client leaves. `silent`: no byte, ever. `stall`: half of the chunks, then nothing, ever.
   */
  fault?: 'cut' | 'end' | 'reset' | 'malformed' | 'error' | 'endless' | 'silent' | 'stall';
}

/** The JSON of one turn's whole answer, as a request without `stream` gets it. */
export function completionBody(turn: ScriptedTurn, served: string, prompt: string): JsonObject {
  const message: JsonObject = { role: 'assistant', content: fullText(turn) || null };
  const calls = (turn.toolCalls ?? []).map((call, index) => ({
    id: callId(call, index),
    type: 'function',
    function: { name: call.name, arguments: argumentText(call) },
  }));
  if (calls.length > 0) message.tool_calls = calls;
  const usage = usageOf(turn, prompt);
  return {
    id: 'chatcmpl-scripted',
    object: 'chat.completion',
    created: 0,
    model: served,
    choices: [{ index: 0, message, finish_reason: finishOf(turn) }],
    ...(usage && { usage }),
  };
}

/** The JSON of every chunk of one turn's stream, in order, without `[DONE]`. */
export function completionChunks(turn: ScriptedTurn, served: string, prompt: string, includeUsage: boolean): JsonObject[] {
  const chunk = (delta: JsonObject, finish: Json = null): JsonObject => ({
    id: 'chatcmpl-scripted',
    object: 'chat.completion.chunk',
    created: 0,
    model: served,
    choices: [{ index: 0, delta, finish_reason: finish }],
  });
  const chunks = [chunk({ role: 'assistant', content: '' })];
  if (turn.reasoning !== undefined) for (const piece of words(turn.reasoning)) chunks.push(chunk({ reasoning_content: piece }));
  for (const [index, piece] of (turn.pieces ?? words(turn.text ?? '')).entries()) chunks.push(withProbability(chunk({ content: piece }), turn, index));
  for (const delta of toolCallDeltas(turn.toolCalls ?? [])) chunks.push(chunk({ tool_calls: [delta] }));
  const finish = finishOf(turn);
  if (finish !== null) chunks.push(chunk({}, finish));
  const usage = includeUsage ? usageOf(turn, prompt) : undefined;
  if (usage) chunks.push({ id: 'chatcmpl-scripted', object: 'chat.completion.chunk', created: 0, model: served, choices: [], usage });
  return chunks;
}

function withProbability(chunk: JsonObject, { probabilities }: ScriptedTurn, index: number): JsonObject {
  const probability = probabilities?.[index] ?? probabilities?.at(-1);
  if (probability === undefined) return chunk;
  const [choice] = chunk.choices as [{ delta: { content: string } }];
  return { ...chunk, choices: [{ ...choice, logprobs: { content: [{ token: choice.delta.content, logprob: Math.log(probability) }] } }] };
}

/** First the id and name of each call, then the pieces of their arguments, alternating. */
function toolCallDeltas(calls: readonly ScriptedToolCall[]): JsonObject[] {
  const deltas: JsonObject[] = calls.map((call, index) => ({ index, id: callId(call, index), type: 'function', function: { name: call.name, arguments: '' } }));
  const pieces = calls.map((call) => cut(argumentText(call), call.fragments ?? 3));
  const most = Math.max(0, ...pieces.map((list) => list.length));
  for (let turn = 0; turn < most; turn += 1) {
    pieces.forEach((list, index) => {
      const piece = list[turn];
      if (piece !== undefined) deltas.push({ index, function: { arguments: piece } });
    });
  }
  return deltas;
}

function callId(call: ScriptedToolCall, index: number): string {
  return call.id ?? `call_${index + 1}`;
}

function argumentText(call: ScriptedToolCall): string {
  return typeof call.arguments === 'string' ? call.arguments : JSON.stringify(call.arguments);
}

function finishOf(turn: ScriptedTurn): string | null {
  if (turn.finish !== undefined) return turn.finish;
  return turn.toolCalls && turn.toolCalls.length > 0 ? 'tool_calls' : 'stop';
}

function usageOf(turn: ScriptedTurn, prompt: string): JsonObject | undefined {
  if (turn.usage === false) return undefined;
  const answer = fullText(turn) + (turn.toolCalls ?? []).map((call) => call.name + argumentText(call)).join('');
  const { inputTokens, outputTokens } = turn.usage ?? { inputTokens: Math.ceil(prompt.length / 4), outputTokens: Math.ceil(answer.length / 4) };
  return { prompt_tokens: inputTokens, completion_tokens: outputTokens, total_tokens: inputTokens + outputTokens };
}

function fullText(turn: ScriptedTurn): string {
  return turn.pieces?.join('') ?? turn.text ?? '';
}

function words(text: string): string[] {
  return text.match(/\S+\s*|\s+/g) ?? [];
}

function cut(text: string, count: number): string[] {
  const size = Math.max(1, Math.ceil(text.length / count));
  return Array.from({ length: Math.ceil(text.length / size) }, (_, index) => text.slice(index * size, (index + 1) * size));
}
