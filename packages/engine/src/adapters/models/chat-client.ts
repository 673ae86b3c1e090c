/** The client of every OpenAI-compatible endpoint: vLLM, llama.cpp, Ollama, LM Studio and most hosted APIs. */
import { FailureError, type ModelRequest } from '@switchyard/shared';
import { chatBody, hasTools, type Extra } from './chat-request.ts';
import { exchangeChat } from './chat-exchange.ts';
import { addressOf, type ModelClient, type ModelEndpoint } from './model-endpoint.ts';
import { contentRefusedFailure, statusFailure, type Refusal } from './model-failures.ts';
import { modelUsage } from './model-usage.ts';

/** A client that remembers which extras an endpoint refused with a schema, so that each is asked in vain once. */
export function createChatClient(): ModelClient {
  const memory = createMemory();
  return async (request, endpoint, scope) => {
    const without = memory.recall(endpoint, request);
    const path = `${addressOf(endpoint.baseUrl).path}/chat/completions`;
    const idPrefix = `call_${request.messages.length}`;
    for (;;) {
      const outcome = await exchangeChat(endpoint, { path, body: chatBody(endpoint.model.model, request, without), idPrefix }, scope);
      if ('refusal' in outcome) {
        const extra = refusedExtra(outcome.refusal, request, without);
        if (!extra) throw new FailureError(statusFailure(endpoint, outcome.refusal));
        without.add(extra);
        continue;
      }
      if (without.size > 0) memory.remember(endpoint, request, without);
      const { answer } = outcome;
      const result = answer.result(endpoint.model.model);
      const isEmpty = result.text === '' && result.toolCalls.length === 0;
      if (answer.finish === 'content_filter' || (answer.refusal !== '' && isEmpty)) throw new FailureError(contentRefusedFailure(endpoint, answer.refusal));
      return { result, usage: modelUsage(endpoint.model, answer.counted, { request, result }) };
    }
  };
}

const remembered = 200;

/** By endpoint and schema: some endpoints take a schema in general, but not each. */
function createMemory() {
  const known = new Map<string, ReadonlySet<Extra>>();
  const keyOf = (endpoint: ModelEndpoint, request: ModelRequest) => `${endpoint.baseUrl} ${endpoint.model.model} ${JSON.stringify(request.output ?? null)}`;
  return {
    recall: (endpoint: ModelEndpoint, request: ModelRequest) => new Set(known.size > 0 ? known.get(keyOf(endpoint, request)) : undefined),
    remember(endpoint: ModelEndpoint, request: ModelRequest, without: ReadonlySet<Extra>) {
      known.set(keyOf(endpoint, request), without);
      const [oldest] = known.keys();
      if (known.size > remembered && oldest !== undefined) known.delete(oldest);
    },
  };
}

/** The extra that a refused request should be sent again without: the one that the refusal names, else the output's schema. */
function refusedExtra(refusal: Refusal, request: ModelRequest, without: ReadonlySet<Extra>): Extra | undefined {
  if (![400, 422, 501].includes(refusal.status)) return undefined;
  if (!without.has('streamOptions') && refusal.body.includes('stream_options')) return 'streamOptions';
  return request.output !== undefined && !hasTools(request) && !without.has('responseFormat') ? 'responseFormat' : undefined;
}
