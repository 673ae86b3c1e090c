/**
 * `fetch` as the protocol's client wants it, on the connection's own way out: one origin, no redirect.
 *
 * 1. Of one answer no more is read than `mostBytes`.
 * 2. No more than that is read of all that a server says without being asked, after each request: the client opens a stream for it (a GET) as often as
 *    it ends, for as long as the connection is open.
 */
import type { Dispatcher } from 'undici';
import type { Egress } from '../../egress/index.ts';
import { unshared } from '../../gathered-bytes.ts';

const mostBytes = 8_000_000;

export function createGuardedFetch(url: string, egress: Egress): typeof fetch {
  const { origin } = new URL(url);
  const dispatcher = egress.dispatcher([origin]);
  let unasked: Read = { bytes: 0 };
  return async (input, init = {}) => {
    const asked = new URL(input instanceof Request ? input.url : input);
    if (asked.origin !== origin) throw new TypeError(`The server names ${asked.origin}, which is not where the connection leads`);
    const isAsking = (init.method ?? 'GET') !== 'GET';
    if (isAsking) unasked = { bytes: 0 };
    else check(unasked);
    const response = await dispatcher.request({
      origin,
      path: asked.pathname + asked.search,
      method: (init.method ?? 'GET') as Dispatcher.HttpMethod,
      headers: Object.fromEntries(new Headers(init.headers)),
      body: typeof init.body === 'string' ? init.body : null,
      signal: init.signal ?? null,
    });
    const headers = Object.entries(response.headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value] as [string, string]],
    );
    // These have no body, by the protocol of HTTP and by what a Response takes.
    if (response.statusCode === 202 || response.statusCode === 204 || response.statusCode === 304) {
      await response.body.dump();
      return new Response(null, { status: response.statusCode, headers });
    }
    return new Response(ReadableStream.from(capped(response.body, isAsking ? { bytes: 0 } : unasked)), { status: response.statusCode, headers });
  };
}

interface Read {
  bytes: number;
}

function check({ bytes }: Read): void {
  if (bytes > mostBytes) throw new TypeError(`The server answered with more than ${mostBytes / 1_000_000} MB`);
}

async function* capped(body: AsyncIterable<Buffer>, read: Read): AsyncGenerator<Uint8Array> {
  for await (const bytes of body) {
    read.bytes += bytes.length;
    check(read);
    yield unshared(bytes);
  }
}
