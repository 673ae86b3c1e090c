/** What every built-in model is: a deterministic program behind the same interface as any model, and how it streams its text. */
import { setTimeout as pause } from 'node:timers/promises';
import { failure, FailureError, type Json, type Message, type ModelRequest, type ModelResult, type ToolCall } from '@switchyard/shared';
import type { Performed, PerformScope } from '../../../host.ts';

/** Makes one model call; what any model of provider `builtin` is. */
export type BuiltinModel = (request: ModelRequest, scope: PerformScope) => Promise<Performed>;

/** What a built-in program gives for one request. */
export interface Reply {
  text: string;
  toolCalls?: ToolCall[];
  /** How sure it is, 0 to 1. */
  confidence?: number;
}

const mostPieces = 24;
const shortestPiece = 12;
const pauseMs = 5;

/** How a built-in model names itself wherever it speaks. */
export function builtinLabel(name: string): string {
  return `built-in ${name}: no neural network, for trying out and for tests`;
}

/** Makes a model of a program: streams its text in at most 24 pieces and reports its usage at four characters a token. */
export function asModel(name: string, program: (request: ModelRequest) => Reply): BuiltinModel {
  return async (request, scope) => {
    const { text, toolCalls = [], confidence } = program(request);
    await stream(text, scope);
    const result: ModelResult = {
      text,
      toolCalls,
      finish: toolCalls.length > 0 ? 'tool-calls' : 'stop',
      served: builtinLabel(name),
      ...(request.confidence && confidence !== undefined && { confidence }),
    };
    const written = text + toolCalls.map((call) => call.name + call.arguments).join('');
    return { result: result as unknown as Json, usage: { modelCalls: 1, inputTokens: tokens(readText(request)), outputTokens: tokens(written) } };
  };
}

/** Text of the last message of this role; empty where there is none. */
export function lastText(messages: readonly Message[], role: Message['role']): string {
  return messages.findLast((message) => message.role === role)?.text ?? '';
}

async function stream(text: string, scope: PerformScope): Promise<void> {
  const length = Math.max(shortestPiece, Math.ceil(text.length / mostPieces));
  for (let start = 0; start < Math.max(1, text.length); start += length) {
    if (scope.signal.aborted) throw stopped(scope.signal);
    if (start > 0) await pause(pauseMs);
    if (text !== '') scope.onDelta(text.slice(start, start + length));
  }
}

/** The caller's own failure where it gave one (a time limit, for example). */
function stopped(signal: AbortSignal): FailureError {
  const reason: unknown = signal.reason;
  return reason instanceof FailureError ? reason : new FailureError(failure('cancelled', 'The built-in model was cancelled before it had answered.'));
}

function readText(request: ModelRequest): string {
  return JSON.stringify(request.messages) + (request.tools ? JSON.stringify(request.tools) : '');
}

function tokens(text: string): number {
  return Math.ceil(text.length / 4);
}
