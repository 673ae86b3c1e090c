/**
 * Puts one answer together from the chunks of a chat completion stream, or from a whole completion: the two differ only in `delta` and `message`.
 * Reads foreign JSON: takes what it knows, in the variants that compatible servers send, and passes over the rest.
 */
import { isJsonObject, type JsonObject, type ModelResult, type ToolCall } from '@switchyard/shared';
import { confidenceOf, readLogProbabilities, type TokenProbability } from './confidence.ts';
import type { TokenCount } from './model-usage.ts';
import { splitReasoning } from './reasoning.ts';

interface DraftCall {
  index: number | undefined;
  id: string;
  name: string;
  pieces: string[];
}

/** Empty at first; `onDelta` is told the text of each chunk. */
export class ChatAnswer {
  /** The endpoint's word for why it stopped; undefined while it has not said so. */
  finish: string | undefined;
  /** What a model says instead of an answer when it will not answer. */
  refusal = '';
  readonly counted: Partial<TokenCount> = {};
  readonly #onDelta: (text: string) => void;
  readonly #idPrefix: string;
  readonly #texts: string[] = [];
  readonly #drafts: DraftCall[] = [];
  readonly #tokens: TokenProbability[] = [];
  #reasoning = '';
  #served: string | undefined;

  /** `idPrefix` begins the ids of tool calls that come without one. */
  constructor(onDelta: (text: string) => void, idPrefix: string) {
    this.#onDelta = onDelta;
    this.#idPrefix = idPrefix;
  }

  take(chunk: JsonObject): void {
    if (typeof chunk.model === 'string' && chunk.model !== '') this.#served = chunk.model;
    if (isJsonObject(chunk.usage)) count(chunk.usage, this.counted);
    const choice = Array.isArray(chunk.choices) ? chunk.choices[0] : undefined;
    if (!isJsonObject(choice)) return;
    if (typeof choice.finish_reason === 'string' && choice.finish_reason !== '') this.finish = choice.finish_reason;
    if (isJsonObject(choice.logprobs)) readLogProbabilities(choice.logprobs, this.#tokens);
    const delta = choice.delta ?? choice.message;
    if (!isJsonObject(delta)) return;
    const text = textOf(delta.content);
    if (text !== '') {
      this.#texts.push(text);
      this.#onDelta(text);
    }
    const thought = delta.reasoning_content ?? delta.reasoning;
    if (typeof thought === 'string') this.#reasoning += thought;
    if (typeof delta.refusal === 'string') this.refusal += delta.refusal;
    if (Array.isArray(delta.tool_calls)) for (const call of delta.tool_calls) if (isJsonObject(call)) takeCall(call, this.#drafts);
  }

  result(asked: string): ModelResult {
    const toolCalls = finishCalls(this.#drafts, this.#idPrefix);
    const said = splitReasoning(this.#texts.join(''), this.#reasoning);
    const confidence = toolCalls.length > 0 ? undefined : confidenceOf(said.text, this.#tokens);
    const finish = finishOf(this.finish, toolCalls.length > 0);
    return { ...said, toolCalls, finish, served: this.#served ?? asked, ...(confidence !== undefined && { confidence }) };
  }
}

/** Content is text, or with some servers a list of parts. */
function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content.map((part: unknown) => (isJsonObject(part) && typeof part.text === 'string' ? part.text : '')).join('');
}

/** Pieces belong together by index; servers that give no index, or the same to all, tell calls apart by a new id. */
function takeCall(piece: JsonObject, drafts: DraftCall[]): void {
  const index = typeof piece.index === 'number' ? piece.index : undefined;
  const id = typeof piece.id === 'string' ? piece.id : '';
  const called = isJsonObject(piece.function) ? piece.function : {};
  const name = typeof called.name === 'string' ? called.name : '';
  let draft = index === undefined ? drafts.at(-1) : drafts.findLast((known) => known.index === index);
  const isOther = draft !== undefined && id !== '' && draft.id !== '' && draft.id !== id;
  if (!draft || isOther || (index === undefined && id === '' && name !== '')) {
    draft = { index, id, name, pieces: [] };
    drafts.push(draft);
  }
  draft.id ||= id;
  draft.name ||= name;
  if (typeof called.arguments === 'string') draft.pieces.push(called.arguments);
  else if (isJsonObject(called.arguments)) draft.pieces.push(JSON.stringify(called.arguments));
}

/** Every call gets an id of its own: results are matched to calls by it. */
function finishCalls(drafts: readonly DraftCall[], idPrefix: string): ToolCall[] {
  const taken = new Set<string>();
  return drafts.map((draft, index) => {
    const id = draft.id !== '' && !taken.has(draft.id) ? draft.id : `${idPrefix}_${index + 1}`;
    taken.add(id);
    return { id, name: draft.name, arguments: draft.pieces.join('') };
  });
}

function finishOf(finish: string | undefined, hasCalls: boolean): ModelResult['finish'] {
  if (finish === 'length') return 'length';
  if (hasCalls) return 'tool-calls';
  return finish === 'stop' ? 'stop' : 'other';
}

function count(usage: JsonObject, counted: Partial<TokenCount>): void {
  if (typeof usage.prompt_tokens === 'number') counted.inputTokens = usage.prompt_tokens;
  if (typeof usage.completion_tokens === 'number') counted.outputTokens = usage.completion_tokens;
}
