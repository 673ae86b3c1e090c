/** The client's requests, sent by the dispatcher of the egress guard: the origins of the connection and no other. */
import type { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';

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
      return { response: { statusCode, headers: plainHeaders(answered), body: stream } };
    },
    destroy: () => undefined,
    metadata: { handlerProtocol: 'http/1.1' },
  };
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
