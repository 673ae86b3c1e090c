/**
 * The models that run on this machine within Switchyard: a process each.
 *
 * 1. A model is loaded at its first call and kept; at most `mostLoaded` are, the one unused for longest making way. One that was idle long is let go of.
 * 2. A model answers one call at a time; others wait for it, within their own time.
 */
import { FailureError, failure } from '@switchyard/shared';
import { localPath } from '../../connections/local-path.ts';
import { describeEndpoint, ToolsRefusedError, type ModelClient, type ModelEndpoint } from '../model-endpoint.ts';
import { modelUsage } from '../model-usage.ts';
import { hasTools } from '../chat-request.ts';
import { LocalProcess } from './local-process-handle.ts';
import type { LocalAnswer, LocalFailure, LocalRuntime } from './local-protocol.ts';

const mostLoaded = 2;
const idleMs = 10 * 60_000;

export class LocalModels {
  readonly #baseDirectory: string;
  readonly #loaded = new Map<string, LocalProcess>();
  readonly #sweeping = setInterval(() => this.#sweep(Date.now() - idleMs), 60_000).unref();

  /** Places of models that are relative start at this folder. */
  constructor(baseDirectory: string) {
    this.#baseDirectory = baseDirectory;
  }

  /** The absolute path of a model; `name` is the workspace's, for messages. Throws the FailureError `connection-invalid` for what is no path. */
  placeOf(name: string, place: string): string {
    return localPath(place, { name, baseDirectory: this.#baseDirectory, of: `model "${name}"` });
  }

  /** A client of the models of this runtime; an endpoint's `baseUrl` is the `file:` and path of the model. */
  client(runtime: LocalRuntime): ModelClient {
    return async (request, endpoint, { signal, onDelta }) => {
      if (hasTools(request)) throw new ToolsRefusedError(failure('tools-unsupported', `${describeEndpoint(endpoint)} calls no tools.`));
      const { messages, output, temperature, maxTokens } = request;
      const ask = { messages, ...(output && { output }), ...(temperature !== undefined && { temperature }), ...(maxTokens !== undefined && { maxTokens }) };
      const outcome = await this.#processOf(runtime, endpoint.baseUrl.slice('file:'.length)).ask(ask, signal, onDelta);
      if (outcome === 'stopped')
        throw signal.reason instanceof FailureError
          ? signal.reason
          : new FailureError(failure('cancelled', `${describeEndpoint(endpoint)} was stopped before it had answered.`));
      if ('failure' in outcome) throw new FailureError(failureOf(endpoint, outcome.failure));
      const result = resultOf(outcome, endpoint);
      return { result, usage: modelUsage(endpoint.model, outcome, { request, result }) };
    };
  }

  close(): void {
    clearInterval(this.#sweeping);
    for (const process of this.#loaded.values()) process.close();
    this.#loaded.clear();
  }

  #processOf(runtime: LocalRuntime, place: string): LocalProcess {
    const key = `${runtime} ${place}`;
    const known = this.#loaded.get(key);
    if (known) return known;
    const idle = [...this.#loaded].filter(([, process]) => !process.isBusy).sort(([, a], [, b]) => a.usedAt - b.usedAt);
    for (const [name, process] of idle.slice(0, Math.max(0, this.#loaded.size + 1 - mostLoaded))) this.#unload(name, process);
    const process = new LocalProcess(runtime, place);
    this.#loaded.set(key, process);
    return process;
  }

  #sweep(before: number): void {
    for (const [name, process] of this.#loaded) if (!process.isBusy && process.usedAt < before) this.#unload(name, process);
  }

  #unload(name: string, process: LocalProcess): void {
    this.#loaded.delete(name);
    process.close();
  }
}

function resultOf({ text, finish, confidence }: LocalAnswer, { model }: ModelEndpoint) {
  return { text, toolCalls: [], finish, served: model.model, ...(confidence !== undefined && { confidence }) };
}

function failureOf(endpoint: ModelEndpoint, { code, message }: LocalFailure) {
  return failure(code, `${describeEndpoint(endpoint)} did not answer: ${message}.`, code === 'model-crashed' ? { retry: 'policy' } : {});
}
