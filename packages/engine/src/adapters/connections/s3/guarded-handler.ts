/**
 * The client's requests, sent by the dispatcher of the egress guard: the origins of the connection and no other.
 *
 * The client reads every answer whole but an object's content, and its reader of XML takes some 50 times the memory and the better part of a second for
 * each MB: such answers are bounded here.
 */
import { Readable } from 'node:stream';
import { FailureError, failure } from '@switchyard/shared';
import type { Dispatcher } from 'undici';
import { unshared } from '../../gathered-bytes.ts';

/** The part of a request of the client that is sent. */
interface ClientRequest {
  method: string;
  protocol: string;
  hostname: string;
  port?: number;
  path: string;
  query?: Record<string, string | string[] | null>;
  headers: Record<string, string>;
  body?: string | Uint8Array | Readable;
}

interface ClientResponse {
  statusCode: number;
  headers: Record<string, string>;
  body: Readable;
}

/** Bytes. A list of 1,000 keys of the greatest length has 1.5 MB. */
const mostDescribed = 2_000_000;

export function guardedHandler(dispatcher: Dispatcher) {
  return {
    async handle(request: ClientRequest, { abortSignal }: { abortSignal?: unknown } = {}): Promise<{ response: ClientResponse }> {
      const { method, protocol, hostname, port, path, query = {}, headers, body } = request;
      // undici has no "expect", and the signature does not cover it.
      const sent = Object.fromEntries(Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'expect'));
      const text = queryText(query);
      const {
        statusCode,
        headers: answered,
        body: stream,
      } = await dispatcher.request({
        origin: `${protocol}//${hostname}${port === undefined ? '' : `:${port}`}`,
        path: text === '' ? path : `${path}?${text}`,
        method: method as Dispatcher.HttpMethod,
        headers: sent,
        body: body ?? null,
        ...(abortSignal instanceof AbortSignal && { signal: abortSignal }),
      });
      const isContent = method === 'GET' && query['x-id'] === 'GetObject' && statusCode < 300;
      return { response: { statusCode, headers: plainHeaders(answered), body: isContent ? stream : Readable.from(capped(stream), { objectMode: false }) } };
    },
    destroy: () => undefined,
    metadata: { handlerProtocol: 'http/1.1' },
  };
}

/** Leaving the loop ends the stream. */
async function* capped(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const bytes of body) {
    size += bytes.length;
    if (size > mostDescribed)
      throw new FailureError(
        failure(
          'response-too-large',
          `The store answered a request with more than ${mostDescribed / 1_000_000} MB, where it should list at most 1,000 keys or say in short what is wrong, and was cut off. Check the endpoint of the connection.`,
        ),
      );
    yield unshared(bytes);
  }
}

function plainHeaders(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, [value].flat().join(', ')]])));
}

/** In the order and the encoding that the signature was made over. */
function queryText(query: Record<string, string | string[] | null>): string {
  return Object.keys(query)
    .sort()
    .flatMap((name) => {
      const value = query[name];
      if (value === null || value === undefined) return [encoded(name)];
      return [value].flat().map((one) => `${encoded(name)}=${encoded(one)}`);
    })
    .join('&');
}

function encoded(text: string): string {
  return encodeURIComponent(text).replaceAll(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}
