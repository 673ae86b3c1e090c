/**
 * A GGUF model, run by llama.cpp within this process. An answer that must fit a schema is held to it by a grammar, token by token.
 *
 * The runtime is no part of Switchyard's install (local-models/package.json says why), so what is used of it is described here.
 */
import type { Message, Schema } from '@switchyard/shared';
import { closeSync, openSync, readSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { withSchema } from '../chat-request.ts';
import { LocalError, type LocalAnswer, type LocalAsk, type LocalModel } from './local-protocol.ts';

interface Counts {
  usedInputTokens: number;
  usedOutputTokens: number;
}

interface Sequence {
  tokenMeter: { getState(): Counts };
  clearHistory(): Promise<void>;
}

type HistoryItem = { type: 'system' | 'user'; text: string } | { type: 'model'; response: string[] };

interface Session {
  setChatHistory(history: HistoryItem[]): void;
  promptWithMeta(text: string, options: object): Promise<{ responseText: string; stopReason: string }>;
  dispose(): void;
}

interface Llama {
  loadModel(options: object): Promise<{ trainContextSize: number; createContext(options: object): Promise<{ getSequence(): Sequence }> }>;
  createGrammarForJsonSchema(schema: Schema): Promise<object>;
}

/** What local-models/gguf.mjs gives. */
export interface GgufRuntime {
  getLlama(options: object): Promise<Llama>;
  LlamaChatSession: new (options: { contextSequence: Sequence }) => Session;
  LlamaLogLevel: { error: string };
}

/** Longer conversations need an endpoint that is made for them. */
const mostContext = 8192;
const mostAnswer = 2048;

/** Loads the model. Throws a LocalError where the file is no model that can be run. */
export async function openGguf(file: string, { getLlama, LlamaChatSession, LlamaLogLevel }: GgufRuntime): Promise<LocalModel> {
  const llama = await getLlama({ gpu: 'auto', build: 'never', skipDownload: true, logLevel: LlamaLogLevel.error, progressLogs: false });
  const sequence = await loadSequence(llama, file);
  return {
    async ask(ask, { signal, onText }) {
      const { history, last } = historyOf(ask);
      const grammar = ask.output && (await grammarOf(llama, ask.output));
      // Where no grammar can say the schema, words must: the answer is checked in any case.
      const asked = ask.output && !grammar ? historyOf({ ...ask, messages: withSchema(ask.messages, ask.output) }).history : history;
      await sequence.clearHistory();
      const before = { ...sequence.tokenMeter.getState() };
      const session = new LlamaChatSession({ contextSequence: sequence });
      try {
        session.setChatHistory(asked);
        const { responseText, stopReason } = await session.promptWithMeta(last, {
          ...(grammar && { grammar }),
          maxTokens: ask.maxTokens ?? mostAnswer,
          temperature: ask.temperature ?? 0,
          signal,
          onTextChunk: onText,
        });
        return answerOf(responseText, stopReason, { before, after: sequence.tokenMeter.getState() });
      } finally {
        session.dispose();
      }
    },
  };
}

async function loadSequence(llama: Llama, file: string): Promise<Sequence> {
  if (!isGguf(file)) throw new LocalError('model-unusable', `there is no GGUF model at ${file}`);
  try {
    const model = await llama.loadModel({ modelPath: file });
    // Threads that wait for one another on a busy machine cost more than they bring: half of them is left to others.
    const threads = Math.max(1, Math.floor(availableParallelism() / 2));
    const context = await model.createContext({ contextSize: Math.min(model.trainContextSize, mostContext), threads });
    return context.getSequence();
  } catch (error) {
    throw new LocalError(
      'model-unusable',
      `it could not be loaded: ${(error as Error).message}. See that the file is a whole GGUF model, and that the memory is enough for it`,
    );
  }
}

/** The runtime reads on and on in a file that is none. */
function isGguf(file: string): boolean {
  try {
    const opened = openSync(file, 'r');
    const begin = Buffer.alloc(4);
    readSync(opened, begin);
    closeSync(opened);
    return begin.toString('latin1') === 'GGUF';
  } catch {
    return false;
  }
}

/** Undefined where the schema says what no grammar can. */
async function grammarOf(llama: Llama, output: Schema): Promise<object | undefined> {
  try {
    return await llama.createGrammarForJsonSchema(output);
  } catch {
    return undefined;
  }
}

/** What was said before, and what is asked now. */
function historyOf({ messages }: LocalAsk): { history: HistoryItem[]; last: string } {
  const last = messages.at(-1);
  if (last?.role !== 'user') throw new LocalError('request-invalid', 'the last message must be one of the user');
  return { history: messages.slice(0, -1).map(itemOf), last: last.text };
}

function itemOf(message: Message): HistoryItem {
  switch (message.role) {
    case 'system':
    case 'user':
      return { type: message.role, text: message.text };
    case 'assistant':
      return { type: 'model', response: [message.text] };
    case 'tool':
      return { type: 'user', text: `Result of ${message.name}:\n${message.text}` };
  }
}

function answerOf(text: string, stopReason: string, { before, after }: { before: Counts; after: Counts }): LocalAnswer {
  return {
    text,
    finish: stopReason === 'maxTokens' ? 'length' : 'stop',
    inputTokens: after.usedInputTokens - before.usedInputTokens,
    outputTokens: after.usedOutputTokens - before.usedOutputTokens,
  };
}
