/** `fetch` as the protocol's client wants it, on the connection's own way out: one origin, no redirect, sizes capped. */
import type { Dispatcher } from 'undici';
import type { Egress } from '../../egress/index.ts';
import { unshared } from '../../gathered-bytes.ts';

const mostBytes = 8_000_000;

export function createGuardedFetch(url: string, egress: Egress): typeof fetch {
  const { origin } = new URL(url);
  const dispatcher = egress.dispatcher([origin]);
  return async (input, init = {}) => {
    const asked = new URL(input instanceof Request ? input.url : input);
    if (asked.origin !== origin) throw new TypeError(`The server names ${asked.origin}, which is not where the connection leads`);
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
    return new Response(ReadableStream.from(capped(response.body)), { status: response.statusCode, headers });
  };
}

async function* capped(body: AsyncIterable<Buffer>): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const bytes of body) {
    size += bytes.length;
    if (size > mostBytes) throw new TypeError(`The server answered with more than ${mostBytes / 1_000_000} MB`);
    yield unshared(bytes);
  }
}
