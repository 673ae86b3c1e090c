/**
 * A model that answers from a script, over real HTTP and the real protocol of OpenAI chat completions, on a free loopback port.
 * For tests of everything that stands above a model endpoint; it can also misbehave in every way that endpoints do.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Json, JsonObject, Model } from '@switchyard/shared';
import { completionBody, completionChunks, type ScriptedTurn } from './scripted-turn.ts';

export type { ScriptedToolCall, ScriptedTurn } from './scripted-turn.ts';

/** A message as it stands in a request to the endpoint. */
export type WireMessage = { role: string; content?: Json; tool_call_id?: string; tool_calls?: Json };

/** The body of a chat completion request as the endpoint got it. */
export type CompletionRequest = JsonObject & {
  model: string;
  messages: WireMessage[];
  tools?: { type: 'function'; function: { name: string; description?: string; parameters: JsonObject } }[];
};

/** One request that the scripted model got. */
export interface RecordedRequest {
  /** Counts chat completion requests from 0. */
  index: number;
  /** ms since the epoch when its body was read. */
  at: number;
  headers: Record<string, string | string[] | undefined>;
  body: CompletionRequest;
  /** Resolves once the answer was sent whole, or the client left before that. */
  ended: Promise<'sent' | 'left'>;
}

/** The turns in order, or one function that answers every request; `index` counts requests from 0. A text is a turn that says it. */
export type Script =
  | readonly (ScriptedTurn | string)[]
  | ((request: CompletionRequest, index: number) => ScriptedTurn | string | Promise<ScriptedTurn | string>);

export interface ScriptedModelOptions {
  /** Model names that `/v1/models` lists; default `scripted`. */
  models?: string[];
  /** Requests without this bearer token are answered with 401. */
  apiKey?: string;
  /** What the endpoint can do besides answering; a request that asks for more is refused with 400, as endpoints do. Default: all. */
  offers?: readonly Offer[];
}

/** An ability of an endpoint: calling tools, holding an answer to a schema or to JSON of any shape, telling the probabilities of tokens. */
export type Offer = 'tools' | 'json_schema' | 'json_object' | 'logprobs';

export interface ScriptedModel {
  /** `http://127.0.0.1:PORT/v1`. */
  readonly baseUrl: string;
  /** Chat completion requests so far, in order of arrival. */
  readonly requests: readonly RecordedRequest[];
  /** Connections accepted so far. */
  readonly connections: number;
  /** A workspace entry that reaches this model. */
  readonly model: Model;
  /** Sets another script and counts its turns from 0; recorded requests are dropped. */
  play(script: Script): void;
  /** Resolves once at least `count` requests have arrived. */
  arrived(count: number): Promise<void>;
  /** Stops listening and ends every connection. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Starts a scripted model. When the script's turns are used up, it answers 400 and says so. */
export async function startScriptedModel(script: Script, options: ScriptedModelOptions = {}): Promise<ScriptedModel> {
  const state = { script, requests: [] as RecordedRequest[], waiting: [] as { count: number; resolve(): void }[] };
  const server = createServer((request, response) => {
    answer(state, options, { request, response }).catch((error: Error) => {
      if (response.headersSent) response.destroy();
      else sendJson(response, 500, { error: { message: `The script failed: ${error.message}` } });
    });
  });
  let connections = 0;
  server.on('connection', () => {
    connections += 1;
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  const close = async () => {
    if (!server.listening) return;
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  };
  return {
    baseUrl,
    get requests() {
      return state.requests;
    },
    get connections() {
      return connections;
    },
    model: { provider: 'openai-compatible', baseUrl, model: options.models?.[0] ?? 'scripted' },
    play(next) {
      state.script = next;
      state.requests = [];
    },
    arrived(count) {
      if (state.requests.length >= count) return Promise.resolve();
      return new Promise((resolve) => state.waiting.push({ count, resolve }));
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

interface ServerState {
  script: Script;
  requests: RecordedRequest[];
  waiting: { count: number; resolve(): void }[];
}

interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
}

async function answer(state: ServerState, options: ScriptedModelOptions, { request, response }: Exchange): Promise<void> {
  response.socket?.setNoDelay(true);
  const names = options.models ?? ['scripted'];
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  if (options.apiKey !== undefined && request.headers.authorization !== `Bearer ${options.apiKey}`) {
    sendJson(response, 401, { error: { message: 'Incorrect API key provided.', type: 'invalid_request_error', code: 'invalid_api_key' } });
    return;
  }
  if (request.method === 'GET' && request.url === '/v1/models') {
    sendJson(response, 200, { object: 'list', data: names.map((id) => ({ id, object: 'model', created: 0, owned_by: 'switchyard' })) });
    return;
  }
  if (request.method !== 'POST' || request.url !== '/v1/chat/completions') {
    sendJson(response, 404, { error: { message: `Nothing is at ${request.method} ${request.url}` } });
    return;
  }
  const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as CompletionRequest;
  const index = state.requests.length;
  const ended = new Promise<'sent' | 'left'>((resolve) => {
    response.once('close', () => resolve(response.writableFinished ? 'sent' : 'left'));
  });
  state.requests.push({ index, at: Date.now(), headers: request.headers, body, ended });
  state.waiting = state.waiting.filter(({ count, resolve }) => {
    if (count <= state.requests.length) resolve();
    return count > state.requests.length;
  });
  const refused = options.offers && refusalOf(body, options.offers);
  if (refused !== undefined) {
    sendJson(response, 400, { error: { message: refused, type: 'invalid_request_error' } });
    return;
  }
  await play(response, body, await turnOf(state.script, body, index));
}

function refusalOf(body: CompletionRequest, offers: readonly Offer[]): string | undefined {
  if (body.tools && !offers.includes('tools')) return `${body.model} does not support tools`;
  const { type } = (body.response_format ?? {}) as { type?: Offer };
  if (type !== undefined && !offers.includes(type)) return `response_format "${type}" is not supported`;
  return body.logprobs === true && !offers.includes('logprobs') ? 'logprobs are not supported' : undefined;
}

async function turnOf(script: Script, body: CompletionRequest, index: number): Promise<ScriptedTurn> {
  const turn = typeof script === 'function' ? await script(body, index) : script[index];
  if (turn === undefined) {
    return { status: 400, body: { error: { message: `The script has no turn for request ${index + 1}.` } } };
  }
  return typeof turn === 'string' ? { text: turn } : turn;
}

async function play(response: ServerResponse, body: CompletionRequest, turn: ScriptedTurn): Promise<void> {
  if (turn.delayMs !== undefined) await sleep(turn.delayMs);
  if (turn.fault === 'silent' || response.destroyed) return;
  if (turn.fault === 'reset') {
    response.destroy();
    return;
  }
  if (turn.status !== undefined) {
    const text = typeof turn.body === 'string' ? turn.body : JSON.stringify(turn.body ?? { error: { message: `Scripted status ${turn.status}` } });
    response.writeHead(turn.status, { 'content-type': typeof turn.body === 'string' ? 'text/plain' : 'application/json', ...turn.headers });
    response.end(text);
    return;
  }
  const prompt = JSON.stringify(body.messages);
  if (body.stream !== true) {
    sendJson(response, 200, completionBody(turn, body.model, prompt), turn.headers);
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache', ...turn.headers });
  const options = body.stream_options as JsonObject | undefined;
  await stream(response, completionChunks(turn, body.model, prompt, options?.include_usage === true), turn);
}

const endlessChunk = JSON.stringify({ choices: [{ index: 0, delta: { content: 'on and on '.repeat(4000) }, finish_reason: null }] });

async function stream(response: ServerResponse, chunks: JsonObject[], turn: ScriptedTurn): Promise<void> {
  const end = turn.lineEnd ?? '\n';
  const line = (data: string) => `${turn.comments ? `: keep-alive${end}${end}` : ''}data: ${data}${end}${end}`;
  const half = turn.fault === undefined ? chunks.length : Math.ceil(chunks.length / 2);
  for (const [index, chunk] of chunks.slice(0, half).entries()) {
    if (index > 0 && turn.chunkDelayMs !== undefined) await sleep(turn.chunkDelayMs);
    if (!(await write(response, line(JSON.stringify(chunk)), turn.sliceBytes))) return;
  }
  switch (turn.fault) {
    case 'endless':
      while (await write(response, line(endlessChunk))) await sleep(1);
      return;
    case 'malformed':
      await write(response, line('{"choices":[{"index":0,'));
      break;
    case 'error':
      await write(response, line(JSON.stringify({ error: { message: 'The engine ran out of memory.', type: 'server_error', code: 500 } })));
      break;
    case 'cut':
      await new Promise<void>((resolve) => response.write(`:${end}`, () => resolve()));
      response.destroy();
      return;
    case 'stall':
      return;
    default:
      if (turn.done !== false && turn.fault !== 'end') await write(response, line('[DONE]'));
  }
  response.end();
}

/** Writes, slice by slice where asked, each in a packet of its own; false once the client has left. */
async function write(response: ServerResponse, text: string, sliceBytes?: number): Promise<boolean> {
  const bytes = Buffer.from(text, 'utf8');
  const size = sliceBytes ?? bytes.length;
  for (let start = 0; start < bytes.length; start += size) {
    if (response.destroyed) return false;
    const isFlushed = response.write(bytes.subarray(start, start + size));
    if (!isFlushed) await drained(response);
    else if (sliceBytes !== undefined) await new Promise((resolve) => setImmediate(resolve));
  }
  return !response.destroyed;
}

/** Or closed. */
async function drained(response: ServerResponse): Promise<void> {
  const over = new AbortController();
  const either = ['drain', 'close'].map((name) => once(response, name, { signal: over.signal }));
  await Promise.race(either);
  over.abort();
}

function sendJson(response: ServerResponse, status: number, body: JsonObject, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}
