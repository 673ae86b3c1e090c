/**
 * Gives a client's models the powers of tools whatever their endpoint can do: natively, or as JSON turns that the endpoint or the prompt holds them to.
 *
 * 1. Where no protocol is set, the endpoint's own tool calling is tried, and JSON turns once it has refused tools; that is remembered.
 * 2. A turn that cannot be read is asked for once more, with what is wrong; then the call fails.
 */
import { addUsage, FailureError, failure, noUsage, type ModelRequest, type ModelResult, type Usage } from '@switchyard/shared';
import { hasTools } from '../chat-request.ts';
import type { PerformScope } from '../../../host.ts';
import { describeEndpoint, ToolsRefusedError, type ModelClient, type ModelEndpoint } from '../model-endpoint.ts';
import { createAnswerStream } from './answer-stream.ts';
import { asJsonTurns } from './json-turns.ts';
import { readTurn } from './read-turn.ts';

const mostRemembered = 500;

/** The client, with every model able to call tools. */
export function withProtocol(client: ModelClient): ModelClient {
  const refusing = new Set<string>();
  const turns = turnClient(client);
  return async (request, endpoint, scope) => {
    const { protocol } = endpoint;
    if (!hasTools(request) || protocol === 'native') return await client(request, endpoint, scope);
    if (protocol !== undefined) return await turns(request, endpoint, scope);
    const identity = `${endpoint.baseUrl} ${endpoint.model.model}`;
    if (refusing.has(identity)) return await turns(request, endpoint, scope);
    try {
      return await client(request, endpoint, scope);
    } catch (error) {
      if (!(error instanceof ToolsRefusedError)) throw error;
      if (refusing.size >= mostRemembered) refusing.clear();
      refusing.add(identity);
      return await turns(request, endpoint, scope);
    }
  };
}

/** Asks for JSON turns. */
function turnClient(client: ModelClient): ModelClient {
  return async (request, endpoint, scope) => {
    const asked = asJsonTurns(request);
    const usage: Usage = { ...noUsage };
    const ask = async (wanted: ModelRequest): Promise<ModelResult> => {
      const performed = await client(wanted, endpoint, streaming(request, scope));
      addUsage(usage, performed.usage ?? {});
      return performed.result as unknown as ModelResult;
    };
    const idPrefix = `call_${request.messages.length}`;
    const first = await ask(asked);
    const turn = readTurn(first.text, request, idPrefix);
    if (!('misfit' in turn)) return { result: resultOf(first, turn), usage };
    const why = first.finish === 'length' ? 'it was cut at the output limit of the model, so it is no JSON.' : turn.misfit;
    const second = await ask({
      ...asked,
      messages: [
        ...asked.messages,
        { role: 'assistant', text: first.text },
        { role: 'user', text: `Your message does not fit: ${why} Write it again, as one JSON object in one of the two forms.` },
      ],
    });
    const mended = readTurn(second.text, request, idPrefix);
    if ('misfit' in mended) throw new FailureError(unreadable(endpoint, mended.misfit));
    return { result: resultOf(second, mended), usage };
  };
}

/** An answer that is to be JSON is not streamed: it is of use only as a whole. */
function streaming({ output }: ModelRequest, { signal, onDelta }: PerformScope): PerformScope {
  return { signal, onDelta: output ? () => {} : createAnswerStream(onDelta) };
}

function resultOf(said: ModelResult, { text, toolCalls }: Pick<ModelResult, 'text' | 'toolCalls'>): ModelResult {
  const { confidence, ...rest } = said;
  if (toolCalls.length > 0) return { ...rest, text, toolCalls, finish: 'tool-calls' };
  return { ...rest, text, toolCalls, ...(confidence !== undefined && { confidence }) };
}

function unreadable(endpoint: ModelEndpoint, misfit: string) {
  return failure(
    'model-malformed',
    `${describeEndpoint(endpoint)} did not write its turn as JSON, also when told so: ${misfit} Test it in the workspace, choose another protocol for it, or use a larger model.`,
  );
}
