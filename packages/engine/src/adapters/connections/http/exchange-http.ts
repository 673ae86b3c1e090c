/**
 * One HTTP exchange on undici's dispatch, without the stream, promise and listeners a call that `request` adds: they cost more than the exchange.
 *
 * 1. Settles once: with the whole response, or with a failure. When it settles before the body has ended, the connection is ended.
 * 2. The signal ends it at once, whether it waits, connects or reads.
 * 3. The body is read up to its limit and no further.
 */
import { FailureError, failure } from '@switchyard/shared';
import type { Dispatcher } from 'undici';
import type { Aborting } from '../../../host.ts';
import { GatheredBytes } from '../../gathered-bytes.ts';
import type { RawResponse } from './read-response.ts';

export interface HttpExchange {
  options: { origin: string; path: string; method: string; headers: Record<string, string>; body: string | null };
  signal: Aborting;
  maxResponseBytes: number;
  /** The subject of messages. */
  what: string;
}

/** The transport failed; `hasAnswered` tells whether the head of an answer had come by then. */
export class Interruption extends Error {
  readonly hasAnswered: boolean;

  constructor(cause: unknown, hasAnswered: boolean) {
    super('The exchange was interrupted', { cause });
    this.hasAnswered = hasAnswered;
  }
}

/** Rejects with `response-too-large`, with the signal's reason, or with an Interruption. */
export function exchangeHttp(dispatcher: Dispatcher, { options, signal, maxResponseBytes, what }: HttpExchange): Promise<RawResponse> {
  if (signal.aborted) return Promise.reject(signal.reason as Error);
  return new Promise((resolve, reject) => {
    let controller: Dispatcher.DispatchController | undefined;
    let head: Pick<RawResponse, 'status' | 'headers'> | undefined;
    let isSettled = false;
    const body = new GatheredBytes();
    const settle = (error?: unknown) => {
      isSettled = true;
      signal.removeEventListener('abort', onAbort);
      if (error === undefined) return;
      reject(error as Error);
      controller?.abort(error as Error);
    };
    const onAbort = () => settle(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    const handler: Dispatcher.DispatchHandler = {
      onRequestStart(started) {
        controller = started;
        if (isSettled) started.abort(signal.reason as Error);
      },
      onResponseStart(_, status, headers) {
        // Below 200 the server only says that it is at work.
        if (status >= 200) head = { status, headers };
      },
      onResponseData(_, bytes) {
        if (isSettled) return;
        if (body.length + bytes.length > maxResponseBytes) settle(tooLarge(what, maxResponseBytes));
        else body.add(bytes);
      },
      onResponseEnd() {
        controller = undefined;
        if (isSettled) return;
        settle();
        resolve({ ...(head as NonNullable<typeof head>), body: body.whole() });
      },
      onResponseError(_, error) {
        controller = undefined;
        if (!isSettled) settle(new Interruption(error, head !== undefined));
      },
    };
    try {
      dispatcher.dispatch({ ...options, method: options.method as Dispatcher.HttpMethod }, handler);
    } catch (error) {
      if (!isSettled) settle(new Interruption(error, false));
    }
  });
}

function tooLarge(what: string, limit: number): FailureError {
  return new FailureError(
    failure(
      'response-too-large',
      `${what} answered with more than ${limit / 1_000_000} MB, and was cut off. Ask for less: a filter, fewer fields, or one page at a time.`,
    ),
  );
}
