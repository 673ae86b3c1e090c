/** A request as the planner reads it: what was asked, what it may call, and what it has called so far. */
import { isJsonObject, stableText, type Json, type JsonObject, type Message, type ModelRequest, type Schema } from '@switchyard/shared';
import { readLayer, type Layer } from './layer.ts';
import { readOutcome, type Outcome } from './outcome.ts';

export interface Conversation {
  request: string;
  layer: Layer;
  /** Outcomes of the calls made so far, by `callKey`. */
  made: ReadonlyMap<string, Outcome | undefined>;
  /** Calls made so far. */
  calls: number;
  /** Turns taken so far. */
  turns: number;
  output?: Schema;
}

/** Reads a model request. What is asked is the message of the user that follows on what was said before; later ones only correct. */
export function readConversation(request: ModelRequest): Conversation {
  const messages = withoutHistory(request.messages);
  const asked = messages.find(({ role }) => role === 'user')?.text ?? '';
  const made = readCalls(messages);
  return {
    request: asked,
    layer: readLayer(request.tools ?? [], messages),
    made,
    calls: messages.reduce((sum, message) => sum + (message.role === 'assistant' ? (message.toolCalls?.length ?? 0) : 0), 0),
    turns: messages.filter(({ role }) => role === 'assistant').length,
    ...(request.output && { output: request.output }),
  };
}

/** An answer without calls that a user's message follows was given before this request, unless that message only corrects it. */
function withoutHistory(messages: readonly Message[]): readonly Message[] {
  const start = messages.findLastIndex(
    (message, index) =>
      message.role === 'assistant' && !message.toolCalls?.length && messages[index + 1]?.role === 'user' && !messages[index + 1]?.text.startsWith(correction),
  );
  return start < 0 ? messages : [...messages.filter(({ role }) => role === 'system'), ...messages.slice(start + 1)];
}

/** How a control node begins when it asks for an answer again. */
const correction = 'Your answer does not fit:';

/** One call by its name and arguments: the same call is the same whatever its id. */
export function callKey(tool: string, args: JsonObject): string {
  return `${tool} ${stableText(args)}`;
}

function readCalls(messages: readonly Message[]): Map<string, Outcome | undefined> {
  const made = new Map<string, Outcome | undefined>();
  messages.forEach((message, index) => {
    if (message.role !== 'assistant') return;
    for (const call of message.toolCalls ?? []) {
      const result = messages.slice(index + 1).find((other) => other.role === 'tool' && other.toolCallId === call.id);
      made.set(callKey(call.name, parseArguments(call.arguments)), result && readOutcome(result.text));
    }
  });
  return made;
}

function parseArguments(text: string): JsonObject {
  try {
    const value = JSON.parse(text) as Json;
    return isJsonObject(value) ? value : {};
  } catch {
    return {};
  }
}
