/** Texts to vectors, by a model of the workspace whose endpoint has the `/embeddings` of OpenAI's protocol. */
import { FailureError, failure, isJsonObject, type Json, type JsonObject, type Usage } from '@switchyard/shared';
import { GatheredBytes } from '../gathered-bytes.ts';
import { addressOf, answerLimits, describeEndpoint, type ModelEndpoint } from './model-endpoint.ts';
import { abortFailure, hide, statusFailure, tooLargeFailure, transportFailure } from './model-failures.ts';
import { findModel, modelMissing, resolveEndpoint, type ModelPerformerOptions } from './model-performer.ts';
import { embeddingUsage } from './model-usage.ts';
import { remoteProviderOf } from './providers.ts';

export interface Embedder {
  /** Vectors of models with the same identity can be compared. */
  identity: string;
  /** One vector for each text, all of one length. Rejects with a FailureError. */
  embed(texts: readonly string[], call: EmbedCall): Promise<Float32Array[]>;
}

export interface EmbedCall {
  signal: AbortSignal;
  /** Takes note of the tokens, where the endpoint tells them, and of their cost. */
  spent?(usage: Partial<Usage>): void;
}

/** As many dimensions as a vector may have. */
const mostDimensions = 8192;

/** Throws the FailureError that keeps it from being asked. */
export function createEmbedder(name: string, options: ModelPerformerOptions): Embedder {
  const model = findModel(options.workspace(), name);
  if (!model) throw modelMissing(name);
  if (!remoteProviderOf(model)?.embeds)
    throw new FailureError(
      failure(
        'model-refused',
        `Model "${name}" gives no embeddings: its provider has no such endpoint. Name a model of an OpenAI-compatible endpoint, or of Ollama.`,
      ),
    );
  const endpoint = resolveEndpoint(name, model, options);
  return { identity: `${endpoint.baseUrl} ${model.model}`, embed: (texts, call) => embed(endpoint, texts, call) };
}

async function embed(endpoint: ModelEndpoint, texts: readonly string[], { signal, spent }: EmbedCall): Promise<Float32Array[]> {
  const { origin, path } = addressOf(endpoint.baseUrl);
  let hasAnswered = false;
  try {
    const { statusCode, headers, body } = await endpoint.dispatcher.request({
      origin,
      path: `${path}/embeddings`,
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json',
        ...(endpoint.apiKey !== undefined && { authorization: `Bearer ${endpoint.apiKey}` }),
      },
      body: JSON.stringify({ model: endpoint.model.model, input: texts, encoding_format: 'float' }),
      headersTimeout: 0,
      bodyTimeout: endpoint.idleMs,
      signal,
    });
    hasAnswered = true;
    const text = await bodyText(endpoint, body);
    if (statusCode < 200 || statusCode >= 300) throw new FailureError(statusFailure(endpoint, { status: statusCode, headers, body: text }));
    const answer = parsed(text);
    const vectors = vectorsOf(answer?.data, texts.length) ?? refuse(endpoint, text);
    const tokens = isJsonObject(answer?.usage) ? (answer.usage.prompt_tokens ?? answer.usage.total_tokens) : undefined;
    if (typeof tokens === 'number' && tokens > 0) spent?.(embeddingUsage(endpoint.model, tokens));
    return vectors;
  } catch (error) {
    if (signal.aborted) throw new FailureError(abortFailure(endpoint, signal));
    throw error instanceof FailureError ? error : new FailureError(transportFailure(endpoint, error, hasAnswered));
  }
}

async function bodyText(endpoint: ModelEndpoint, body: AsyncIterable<Uint8Array>): Promise<string> {
  const gathered = new GatheredBytes();
  for await (const chunk of body) {
    gathered.add(chunk);
    if (gathered.length > answerLimits.bytes) throw new FailureError(tooLargeFailure(endpoint, `more than ${answerLimits.bytes} bytes`));
  }
  return gathered.whole().toString('utf8');
}

/** In the order of the texts, which the answer need not keep; undefined where it is no answer to them. */
function vectorsOf(data: Json | undefined, count: number): Float32Array[] | undefined {
  if (!Array.isArray(data) || data.length !== count) return undefined;
  const vectors = new Array<Float32Array | undefined>(count).fill(undefined);
  for (const [position, entry] of data.entries()) {
    if (!isJsonObject(entry) || !Array.isArray(entry.embedding)) return undefined;
    const place = typeof entry.index === 'number' ? entry.index : position;
    const numbers = entry.embedding;
    if (numbers.length === 0 || numbers.length > mostDimensions || !numbers.every((value) => typeof value === 'number' && Number.isFinite(value)))
      return undefined;
    vectors[place] = Float32Array.from(numbers as number[]);
  }
  const [first] = vectors;
  return first && vectors.every((vector) => vector?.length === first.length) && vectors.length === count ? (vectors as Float32Array[]) : undefined;
}

function parsed(text: string): JsonObject | undefined {
  try {
    const value = JSON.parse(text) as Json;
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function refuse(endpoint: ModelEndpoint, text: string): never {
  const shown = hide(endpoint, text).replace(/\s+/g, ' ').slice(0, 200);
  throw new FailureError(
    failure(
      'model-malformed',
      `${describeEndpoint(endpoint)} sent what are no embeddings of the texts it was given: ${shown}. See that it is an embedding model.`,
    ),
  );
}
