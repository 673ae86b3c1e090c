/** What the host and the process of a local model say to each other. */
import type { LocalProvider, Message, Schema } from '@switchyard/shared';

/** `gguf`: one file, any language model that llama.cpp runs. `onnx`: a folder with a classifier of texts, its tokenizer and its labels. */
export type LocalRuntime = LocalProvider;

export interface LocalAsk {
  messages: Message[];
  output?: Schema;
  temperature?: number;
  maxTokens?: number;
}

export type LocalRequest = { task: 'ask'; ask: LocalAsk } | { task: 'stop' };

export interface LocalAnswer {
  text: string;
  finish: 'stop' | 'length';
  /** Between 0 and 1, where the model tells it. */
  confidence?: number;
  inputTokens: number;
  outputTokens: number;
}

export interface LocalFailure {
  code: string;
  message: string;
}

/** Text as it is written, then the answer or why there is none. */
export type LocalReply = { delta: string } | { answer: LocalAnswer } | { failure: LocalFailure };

/** Thrown within the process; ends as a reply. */
export class LocalError extends Error {
  readonly failure: LocalFailure;
  constructor(code: string, message: string) {
    super(message);
    this.failure = { code, message };
  }
}

/** A model that is loaded, within its process. */
export interface LocalModel {
  /** `onText` is told the text as it comes. Throws a LocalError. */
  ask(ask: LocalAsk, scope: { signal: AbortSignal; onText(text: string): void }): Promise<LocalAnswer>;
}
