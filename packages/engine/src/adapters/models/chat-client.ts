/** The client of every OpenAI-compatible endpoint: vLLM, llama.cpp, Ollama, LM Studio and most hosted APIs. */
import { FailureError, type ModelRequest } from '@switchyard/shared';
import { chatBody, hasTools, type Extra } from './chat-request.ts';
import { exchangeChat } from './chat-exchange.ts';
import { addressOf, ToolsRefusedError, type ModelClient, type ModelEndpoint } from './model-endpoint.ts';
import { contentRefusedFailure, statusFailure, type Refusal } from './model-failures.ts';
import { modelUsage } from './model-usage.ts';
import { createReasoningFilter } from './reasoning.ts';

/** A client that remembers which extras an endpoint refused with a schema, so that each is asked in vain once. */
export function createChatClient(): ModelClient {
  const memory = createMemory();
  return async (request, endpoint, scope) => {
    const without = memory.recall(endpoint, request);
    const path = `${addressOf(endpoint.baseUrl).path}/chat/completions`;
    const idPrefix = `call_${request.messages.length}`;
    for (;;) {
      const filter = createReasoningFilter(scope.onDelta);
      const body = chatBody(endpoint.model, request, without);
      const outcome = await exchangeChat(endpoint, { path, body, idPrefix }, { signal: scope.aborting ?? scope.signal, onDelta: filter.take });
      if ('refusal' in outcome) {
        without.add(refusedExtra(outcome.refusal, request, { without, endpoint }) ?? refuse(endpoint, outcome.refusal, request));
        continue;
      }
      filter.end();
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
const withoutSchema: readonly Extra[] = ['jsonSchema'];
const withoutConstraint: readonly Extra[] = ['jsonSchema', 'jsonObject'];

/** What the endpoint's protocol leaves out from the first. */
function leftOut({ protocol }: ModelEndpoint): readonly Extra[] {
  if (protocol === 'prompt') return withoutConstraint;
  return protocol === 'json-object' ? withoutSchema : [];
}

/** By endpoint and schema: some endpoints take a schema in general, but not each. */
function createMemory() {
  const known = new Map<string, ReadonlySet<Extra>>();
  const keyOf = (endpoint: ModelEndpoint, request: ModelRequest) =>
    `${endpoint.baseUrl} ${endpoint.model.model} ${endpoint.protocol ?? ''} ${JSON.stringify(request.output ?? null)}`;
  return {
    recall: (endpoint: ModelEndpoint, request: ModelRequest) =>
      new Set((known.size > 0 ? known.get(keyOf(endpoint, request)) : undefined) ?? leftOut(endpoint)),
    remember(endpoint: ModelEndpoint, request: ModelRequest, without: ReadonlySet<Extra>) {
      known.set(keyOf(endpoint, request), without);
      const [oldest] = known.keys();
      if (known.size > remembered && oldest !== undefined) known.delete(oldest);
    },
  };
}

/** The extra that a refused request should be sent again without: the one that the refusal names, else the output's schema, and then any constraint. */
function refusedExtra(refusal: Refusal, request: ModelRequest, asked: { without: ReadonlySet<Extra>; endpoint: ModelEndpoint }): Extra | undefined {
  const { without, endpoint } = asked;
  if (![400, 422, 501].includes(refusal.status)) return undefined;
  if (!without.has('streamOptions') && refusal.body.includes('stream_options')) return 'streamOptions';
  if (request.confidence && !without.has('logProbabilities') && /log_?prob/i.test(refusal.body)) return 'logProbabilities';
  if (request.output === undefined || hasTools(request) || endpoint.isExact) return undefined;
  if (!without.has('jsonSchema')) return 'jsonSchema';
  return !without.has('jsonObject') && /response_format|json/i.test(refusal.body) ? 'jsonObject' : undefined;
}

function refuse(endpoint: ModelEndpoint, refusal: Refusal, request: ModelRequest): never {
  const failed = statusFailure(endpoint, refusal);
  throw hasTools(request) && isForTools(refusal) ? new ToolsRefusedError(failed) : new FailureError(failed);
}

/** As Ollama ("does not support tools"), vLLM ("tool choice requires"), llama.cpp ("tools param requires") and gateways say it. */
function isForTools({ status, body }: Refusal): boolean {
  return (
    [400, 404, 422, 500, 501].includes(status) &&
    /\b(?:tools?|functions?)\b.{0,60}\b(?:support|require|enable|implement)|\bsupport.{0,60}\b(?:tools?|function)/is.test(body)
  );
}
