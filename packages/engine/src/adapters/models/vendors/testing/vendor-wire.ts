/** What the vendors send on the wire, event by event, for tests against a local server that speaks each one's protocol. */
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { JsonObject } from '@switchyard/shared';
import type { RemoteProvider } from '../../providers.ts';

export interface WireCall {
  id: string;
  name: string;
  /** JSON text, sent in two pieces where the protocol streams arguments. */
  arguments: string;
}

export interface VendorWire {
  provider: RemoteProvider;
  model: string;
  /** Path under which the API stands, and the path that a request goes to. */
  basePath: string;
  path: string;
  keyHeader: string;
  keyValue(key: string): string;
  /** Events of an answer: text pieces, then tool calls. Input 12 tokens, output 5. */
  answer(texts: readonly string[], calls?: readonly WireCall[]): JsonObject[];
  /** An error event in the middle of a stream. */
  error: JsonObject;
  /** Body of an HTTP error. */
  refusal(message: string): JsonObject;
  /** Why the vendor's filter stopped the answer, as the events of that answer. */
  filtered?: JsonObject[];
}

const half = (text: string) => [text.slice(0, Math.ceil(text.length / 2)), text.slice(Math.ceil(text.length / 2))];

export const openaiWire: VendorWire = {
  provider: 'openai',
  model: 'gpt-5.6',
  basePath: '/v1',
  path: '/v1/responses',
  keyHeader: 'authorization',
  keyValue: (key) => `Bearer ${key}`,
  answer(texts, calls = []) {
    const response = { id: 'resp_1', object: 'response', created_at: 1, model: 'gpt-5.6-2026', status: 'in_progress', output: [] };
    const message = {
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      status: 'completed',
      content: [{ type: 'output_text', text: texts.join(''), annotations: [] }],
    };
    return [
      { type: 'response.created', response },
      { type: 'response.output_item.added', output_index: 0, item: { ...message, content: [] } },
      ...texts.map((delta) => ({ type: 'response.output_text.delta', item_id: 'msg_1', output_index: 0, content_index: 0, delta })),
      { type: 'response.output_item.done', output_index: 0, item: message },
      ...calls.flatMap((call, index) => {
        const item = { id: `fc_${index}`, type: 'function_call', call_id: call.id, name: call.name, arguments: call.arguments, status: 'completed' };
        return [
          { type: 'response.output_item.added', output_index: index + 1, item: { ...item, arguments: '', status: 'in_progress' } },
          ...half(call.arguments).map((delta) => ({ type: 'response.function_call_arguments.delta', item_id: item.id, output_index: index + 1, delta })),
          { type: 'response.output_item.done', output_index: index + 1, item },
        ];
      }),
      { type: 'response.completed', response: { ...response, status: 'completed', usage: { input_tokens: 12, output_tokens: 5, total_tokens: 17 } } },
    ];
  },
  error: { type: 'error', sequence_number: 3, error: { type: 'server_error', code: 'server_error', message: 'The engine fell over.', param: null } },
  refusal: (message) => ({ error: { message, type: 'invalid_request_error', param: null, code: null } }),
};

export const anthropicWire: VendorWire = {
  provider: 'anthropic',
  model: 'claude-sonnet-5-5',
  basePath: '/v1',
  path: '/v1/messages',
  keyHeader: 'x-api-key',
  keyValue: (key) => key,
  answer(texts, calls = []) {
    const message = {
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      model: 'claude-sonnet-5-5-2026',
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: { input_tokens: 12, output_tokens: 1 },
    };
    return [
      { type: 'message_start', message },
      { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
      { type: 'ping' },
      ...texts.map((text) => ({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } })),
      { type: 'content_block_stop', index: 0 },
      ...calls.flatMap((call, index) => [
        { type: 'content_block_start', index: index + 1, content_block: { type: 'tool_use', id: call.id, name: call.name, input: {} } },
        ...half(call.arguments).map((text) => ({ type: 'content_block_delta', index: index + 1, delta: { type: 'input_json_delta', partial_json: text } })),
        { type: 'content_block_stop', index: index + 1 },
      ]),
      { type: 'message_delta', delta: { stop_reason: calls.length > 0 ? 'tool_use' : 'end_turn', stop_sequence: null }, usage: { output_tokens: 5 } },
      { type: 'message_stop' },
    ];
  },
  error: { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } },
  refusal: (message) => ({ type: 'error', error: { type: 'invalid_request_error', message } }),
  filtered: [
    {
      type: 'message_start',
      message: {
        id: 'msg_1',
        type: 'message',
        role: 'assistant',
        model: 'claude-sonnet-5-5',
        content: [],
        stop_reason: null,
        stop_sequence: null,
        usage: { input_tokens: 12, output_tokens: 1 },
      },
    },
    { type: 'message_delta', delta: { stop_reason: 'refusal', stop_sequence: null }, usage: { output_tokens: 0 } },
    { type: 'message_stop' },
  ],
};

export const googleWire: VendorWire = {
  provider: 'google',
  model: 'gemini-flash-latest',
  basePath: '/v1beta',
  path: '/v1beta/models/gemini-flash-latest:streamGenerateContent?alt=sse',
  keyHeader: 'x-goog-api-key',
  keyValue: (key) => key,
  answer(texts, calls = []) {
    const chunk = (parts: JsonObject[], more: JsonObject = {}) => ({
      candidates: [{ content: { parts, role: 'model' }, index: 0, ...more }],
      modelVersion: 'gemini-4-flash',
      responseId: 'r1',
      usageMetadata: { promptTokenCount: 12, candidatesTokenCount: 5, totalTokenCount: 17 },
    });
    const called = calls.map(({ id, name, arguments: args }) => ({
      functionCall: { id, name, args: JSON.parse(args) as JsonObject },
      thoughtSignature: `signature-of-${id}`,
    }));
    return [...texts.map((text) => chunk([{ text }])), chunk(called, { finishReason: 'STOP' })];
  },
  error: { error: { code: 503, message: 'The model is overloaded.', status: 'UNAVAILABLE' } },
  refusal: (message) => ({ error: { code: 400, message, status: 'INVALID_ARGUMENT' } }),
  filtered: [
    { candidates: [{ content: { parts: [], role: 'model' }, finishReason: 'SAFETY', index: 0 }], usageMetadata: { promptTokenCount: 12, totalTokenCount: 12 } },
  ],
};

/** What the fake answers: events of a stream, or an HTTP status with a body. `after`: the stream ends there, is cut, or stays open. */
export type WireTurn =
  | { events: readonly JsonObject[]; after?: 'end' | 'cut' | 'stall' }
  | { status: number; body: JsonObject; headers?: Record<string, string> };

export interface WireRequest {
  url: string;
  headers: IncomingHttpHeaders;
  body: JsonObject;
  ended: Promise<'sent' | 'left'>;
}

export interface FakeVendor {
  origin: string;
  requests: WireRequest[];
  arrived: Promise<void>;
  close(): Promise<void>;
}

/** A server on a free loopback port that answers every request with the same turn. */
export async function startFakeVendor(turn: WireTurn): Promise<FakeVendor> {
  const requests: WireRequest[] = [];
  let tellArrived = () => {};
  const arrived = new Promise<void>((resolve) => {
    tellArrived = resolve;
  });
  const take = async (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const ended = new Promise<'sent' | 'left'>((resolve) => response.once('close', () => resolve(response.writableFinished ? 'sent' : 'left')));
    requests.push({ url: request.url ?? '', headers: request.headers, body: JSON.parse(Buffer.concat(chunks).toString()) as JsonObject, ended });
    answer(response, turn);
    tellArrived();
  };
  const server = createServer((request, response) => {
    take(request, response).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    arrived,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function answer(response: ServerResponse, turn: WireTurn): void {
  if ('status' in turn) {
    response.writeHead(turn.status, { 'content-type': 'application/json', ...turn.headers }).end(JSON.stringify(turn.body));
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.flushHeaders();
  const last = turn.events.map((event) => `${typeof event.type === 'string' ? `event: ${event.type}\n` : ''}data: ${JSON.stringify(event)}\n\n`).join('');
  response.write(last, () => {
    if (turn.after === 'cut') response.destroy();
    else if (turn.after !== 'stall') response.end();
  });
}
