/** `fetch` as the vendor packages want it, on the endpoint's own dispatcher: no other origin, no redirect, sizes and pauses capped. */
import { FailureError } from '@switchyard/shared';
import type { Dispatcher } from 'undici';
import { unshared } from '../../gathered-bytes.ts';
import { answerLimits, type ModelEndpoint } from '../model-endpoint.ts';
import { tooLargeFailure, transportFailure } from '../model-failures.ts';

/** A fetch that reaches the endpoint's origin only; it and its bodies reject with FailureErrors. */
export function createGuardedFetch(endpoint: ModelEndpoint): typeof fetch {
  const { origin } = new URL(endpoint.baseUrl);
  return async (input, init = {}) => {
    const url = new URL(input instanceof Request ? input.url : input);
    if (url.origin !== origin) throw new TypeError(`A model's client asked for ${url.origin}, which is not the model's origin`);
    let response: Dispatcher.ResponseData;
    try {
      response = await endpoint.dispatcher.request({
        origin,
        path: url.pathname + url.search,
        method: (init.method ?? 'GET') as Dispatcher.HttpMethod,
        headers: Object.fromEntries(new Headers(init.headers)),
        body: typeof init.body === 'string' ? init.body : null,
        signal: init.signal ?? null,
        headersTimeout: 0,
        bodyTimeout: endpoint.idleMs,
      });
    } catch (error) {
      throw init.signal?.aborted ? error : new FailureError(transportFailure(endpoint, error, false));
    }
    return new Response(ReadableStream.from(cappedBody(endpoint, response.body)), { status: response.statusCode, headers: headersOf(response.headers) });
  };
}

async function* cappedBody(endpoint: ModelEndpoint, body: AsyncIterable<Buffer>): AsyncGenerator<Uint8Array> {
  let size = 0;
  try {
    for await (const bytes of body) {
      size += bytes.length;
      if (size > answerLimits.bytes) throw new FailureError(tooLargeFailure(endpoint, `more than ${answerLimits.bytes} bytes`));
      yield unshared(bytes);
    }
  } catch (error) {
    throw new FailureError(transportFailure(endpoint, error, true));
  }
}

function headersOf(headers: Record<string, string | string[] | undefined>): [string, string][] {
  return Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value] as [string, string]],
  );
}
