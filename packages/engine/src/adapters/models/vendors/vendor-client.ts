/** The client of vendors with a protocol of their own: their packages by the provider interface, `doStream`, on the guarded fetch. */
import type { LanguageModelV4, LanguageModelV4FinishReason, LanguageModelV4StreamPart, SharedV4ProviderOptions } from '@ai-sdk/provider';
import { FailureError, toFailure, failure, type Failure, type Json, type JsonObject, type ModelResult, type ToolCall } from '@switchyard/shared';
import { confidenceOf, readLogProbabilities, type TokenProbability } from '../confidence.ts';
import { describeEndpoint, type ModelClient, type ModelEndpoint } from '../model-endpoint.ts';
import { abortFailure, contentRefusedFailure, cutFailure, hide, malformedFailure, reportedFailure, statusFailure } from '../model-failures.ts';
import { modelUsage, type TokenCount } from '../model-usage.ts';
import { createReasoningFilter, splitReasoning } from '../reasoning.ts';
import { createGuardedFetch } from './guarded-fetch.ts';
import { vendorOptions } from './vendor-prompt.ts';

/** What a vendor's package is made a model from. */
export interface VendorSettings {
  apiKey: string;
  baseURL: string;
  fetch: typeof fetch;
}

export interface Vendor {
  /** Imports the vendor's package, at the first call of such a model, and makes the model. */
  load(settings: VendorSettings, model: string): Promise<LanguageModelV4>;
  options?: SharedV4ProviderOptions;
  /** How it is asked for the probabilities of its tokens, and where the end of an answer has them: as `logprobs` of OpenAI's protocol. Without it, it tells none. */
  probabilities?: { options: SharedV4ProviderOptions; read(metadata: JsonObject): readonly Json[] };
  /** The vendor refuses or degrades a later turn that lacks what came with its tool calls. */
  wantsCallsBack?: true;
}

/** A client for one vendor. */
export function createVendorClient(vendor: Vendor): ModelClient {
  return async (request, endpoint, scope) => {
    try {
      scope.signal.throwIfAborted();
      const probabilities = request.confidence ? vendor.probabilities : undefined;
      const model = await vendor.load({ apiKey: endpoint.apiKey ?? '', baseURL: endpoint.baseUrl, fetch: createGuardedFetch(endpoint) }, endpoint.model.model);
      const { stream } = await model.doStream(
        vendorOptions(request, { abortSignal: scope.signal, protocol: endpoint.protocol, providerOptions: probabilities?.options ?? vendor.options }),
      );
      const answer = await readAnswer(stream, endpoint, { onDelta: scope.onDelta, wantsCallsBack: vendor.wantsCallsBack === true, probabilities });
      const { result, counted } = answer;
      return { result, usage: modelUsage(endpoint.model, counted, { request, result }) };
    } catch (error) {
      if (scope.signal.aborted) throw new FailureError(abortFailure(endpoint, scope.signal));
      throw new FailureError(vendorFailure(endpoint, error));
    }
  };
}

interface Answer {
  result: ModelResult;
  counted: Partial<TokenCount>;
}

interface ReadOptions {
  onDelta(text: string): void;
  wantsCallsBack: boolean;
  probabilities: Vendor['probabilities'];
}

async function readAnswer(stream: ReadableStream<LanguageModelV4StreamPart>, endpoint: ModelEndpoint, options: ReadOptions): Promise<Answer> {
  const toolCalls: ToolCall[] = [];
  const counted: Partial<TokenCount> = {};
  const tokens: TokenProbability[] = [];
  const filter = createReasoningFilter(options.onDelta);
  let text = '';
  let thought = '';
  let served = endpoint.model.model;
  let finish: LanguageModelV4FinishReason['unified'] | undefined;
  for await (const part of stream) {
    if (part.type === 'text-delta') {
      text += part.delta;
      if (part.delta !== '') filter.take(part.delta);
    } else if (part.type === 'reasoning-delta') {
      thought += part.delta;
    } else if (part.type === 'tool-call') {
      const vendor = options.wantsCallsBack ? (part.providerMetadata as JsonObject | undefined) : undefined;
      toolCalls.push({ id: part.toolCallId, name: part.toolName, arguments: part.input, ...(vendor && { vendor }) });
    } else if (part.type === 'response-metadata') {
      served = part.modelId ?? served;
    } else if (part.type === 'error') {
      throw part.error;
    } else if (part.type === 'finish') {
      finish = part.finishReason.unified;
      if (part.usage.inputTokens.total !== undefined) counted.inputTokens = part.usage.inputTokens.total;
      if (part.usage.outputTokens.total !== undefined) counted.outputTokens = part.usage.outputTokens.total;
      for (const content of options.probabilities?.read((part.providerMetadata ?? {}) as JsonObject) ?? []) readLogProbabilities({ content }, tokens);
    }
  }
  if (finish === 'content-filter') throw new FailureError(contentRefusedFailure(endpoint, text));
  if (finish === undefined || finish === 'interrupted') throw new FailureError(cutFailure(endpoint));
  if (finish === 'error') throw new FailureError(reportedFailure(endpoint, undefined, text));
  filter.end();
  const said = splitReasoning(text, thought);
  const confidence = toolCalls.length > 0 ? undefined : confidenceOf(said.text, tokens);
  const end = toolCalls.length > 0 && finish !== 'length' ? 'tool-calls' : finish;
  return { result: { ...said, toolCalls, finish: end, served, ...(confidence !== undefined && { confidence }) }, counted };
}

/** What the packages throw, by the fields they share: they are not imported to ask for their classes. */
function vendorFailure(endpoint: ModelEndpoint, error: unknown): Failure {
  const known = failureWithin(error);
  if (known) return known;
  const { name, message, statusCode, responseHeaders, responseBody } = fieldsOf(error);
  if (responseBody !== undefined && statusCode !== undefined && (statusCode < 200 || statusCode > 299)) {
    return statusFailure(endpoint, { status: statusCode, headers: responseHeaders ?? {}, body: responseBody });
  }
  if (/JSONParse|TypeValidation|InvalidResponse|EmptyResponse/.test(name)) return malformedFailure(endpoint, message);
  if (/InvalidPrompt|UnsupportedFunctionality|InvalidArgument|NoSuchModel/.test(name)) {
    return failure('model-refused', `${describeEndpoint(endpoint)} cannot be asked this: ${hide(endpoint, message)}.`);
  }
  if (error instanceof TypeError || error instanceof RangeError) return toFailure(new Error(hide(endpoint, message)));
  return reportedFailure(endpoint, statusCode, message);
}

/** A failure of the guarded fetch: the packages wrap what breaks while they read. */
function failureWithin(error: unknown): Failure | undefined {
  if (error instanceof FailureError) return error.failure;
  return error instanceof Error && error.cause !== undefined ? failureWithin(error.cause) : undefined;
}

interface ErrorFields {
  name: string;
  message: string;
  statusCode: number | undefined;
  responseHeaders: Record<string, string> | undefined;
  responseBody: string | undefined;
}

function fieldsOf(error: unknown): ErrorFields {
  const { name, message, statusCode, responseHeaders, responseBody } = (typeof error === 'object' && error !== null ? error : {}) as {
    [Field in keyof ErrorFields]?: unknown;
  };
  return {
    name: String(name ?? ''),
    message: typeof message === 'string' ? message : JSON.stringify(error),
    statusCode: typeof statusCode === 'number' ? statusCode : undefined,
    responseHeaders: responseHeaders as Record<string, string> | undefined,
    responseBody: typeof responseBody === 'string' ? responseBody : undefined,
  };
}
