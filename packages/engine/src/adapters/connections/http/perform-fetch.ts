/**
 * The performer of `fetch` calls.
 *
 * 1. The request goes to the connection's origin, below its base path, and nowhere else; redirects within the origin are followed, others refused.
 * 2. Time, size and redirects are capped. Every way to fail has a code and says whether to try again.
 */
import { FailureError, failure, type FetchRequest, type Json } from '@switchyard/shared';
import type { Dispatcher } from 'undici';
import type { Performer } from '../../../host.ts';
import { withDeadline, type Deadline } from '../../deadline.ts';
import { egressRefused, type Egress } from '../../egress/index.ts';
import type { Connections } from '../connection.ts';
import { headerText, readBody, toFetchResult, type RawResponse } from './read-response.ts';
import { mayHaveBeenDone, statusFailure, transportFailure } from './http-failures.ts';
import { requestHeaders } from './request-headers.ts';
import { requestUrl } from './request-url.ts';

const maxRedirects = 5;
const maxRequestBytes = 5_000_000;
const defaultResponseBytes = 5_000_000;

export interface FetchOptions {
  egress: Egress;
  connections: Connections;
  /** Largest body read. Default 5 MB. */
  maxResponseBytes?: number;
}

interface Outgoing {
  url: URL;
  method: string;
  headers: Record<string, string>;
  body: string | null;
}

export function createFetchPerformer(options: FetchOptions): Performer {
  const { egress, connections, maxResponseBytes = defaultResponseBytes } = options;
  return async (call, scope) => {
    const request = call.request as unknown as FetchRequest;
    const target = await connections.http(request.connection);
    const outgoing = outgoingOf(request, requestUrl(target, request.path, request.query), requestHeaders(target, request, call.idempotencyKey));
    const what = `${outgoing.method} ${request.path} of connection "${request.connection}"`;
    const journey = {
      outgoing,
      what,
      maxResponseBytes,
      dispatcher: egress.dispatcher([outgoing.url.origin]),
      basePath: `${new URL(target.baseUrl).pathname.replace(/\/+$/, '')}/`,
      isWrite: call.effect === 'write' && call.idempotencyKey === undefined,
    };
    const response = await withDeadline(call, scope, (deadline) => follow({ ...journey, deadline }));
    if (response.status >= 400) throw statusFailure(response, what);
    return { result: toFetchResult(response, what) as unknown as Json };
  };
}

function outgoingOf(request: FetchRequest, url: URL, headers: Record<string, string>): Outgoing {
  const method = request.method.toUpperCase();
  const why =
    !/^[A-Z]{1,20}$/.test(method) || ['CONNECT', 'TRACE'].includes(method)
      ? `the method ${JSON.stringify(request.method.slice(0, 20))} is not one that may be sent`
      : method === 'HEAD' && request.body !== undefined
        ? 'HEAD takes no body'
        : undefined;
  if (why) throw new FailureError(failure('request-invalid', `The request was not sent: ${why}.`));
  const body = request.body === undefined ? null : typeof request.body === 'string' ? request.body : JSON.stringify(request.body);
  if (body !== null && Buffer.byteLength(body) > maxRequestBytes)
    throw new FailureError(failure('request-invalid', `The request was not sent: its body is over ${maxRequestBytes / 1_000_000} MB.`));
  return { url, method, headers, body };
}

interface Journey {
  outgoing: Outgoing;
  dispatcher: Dispatcher;
  deadline: Deadline;
  what: string;
  maxResponseBytes: number;
  /** Of the connection; ends in "/". */
  basePath: string;
  /** Must not be repeated without a look. */
  isWrite: boolean;
}

async function follow(journey: Journey): Promise<RawResponse> {
  let { outgoing } = journey;
  for (let hop = 0; ; hop += 1) {
    const response = await send({ ...journey, outgoing });
    const location = headerText(response.headers.location);
    if (![301, 302, 303, 307, 308].includes(response.status) || location === undefined) return response;
    if (hop === maxRedirects)
      throw new FailureError(failure('http-redirects', `${journey.what} was redirected more than ${maxRedirects} times. Set the path to where the answer is.`));
    outgoing = redirected({ ...journey, outgoing }, response.status, location);
  }
}

function redirected({ outgoing: from, basePath, what }: Journey, status: number, location: string): Outgoing {
  const url = URL.canParse(location, from.url.href) ? new URL(location, from.url) : undefined;
  if (url?.username !== '' || url.password !== '') throw new FailureError(failure('http-redirects', `${what} was redirected to what is no plain URL.`));
  if (url.origin !== from.url.origin) {
    throw egressRefused(
      url.origin,
      `${what} was redirected there, and a connection reaches its own origin alone. If that is where the API is now, set the base URL of the connection to it`,
    );
  }
  // A service that redirects to where its caller says would otherwise open its whole origin.
  if (!`${url.pathname}/`.startsWith(basePath))
    throw egressRefused(url.origin + url.pathname, `${what} was redirected there, which is not below the base URL of the connection`);
  url.hash = '';
  const becomesGet = status === 303 ? from.method !== 'HEAD' : status < 303 && from.method === 'POST';
  if (!becomesGet) return { ...from, url };
  const { 'content-type': _, ...headers } = from.headers;
  return { url, method: 'GET', headers, body: null };
}

async function send({ outgoing, dispatcher, deadline, what, maxResponseBytes, isWrite }: Journey): Promise<RawResponse> {
  const { url, method, headers, body } = outgoing;
  let hasAnswered = false;
  try {
    deadline.signal.throwIfAborted();
    const response = await dispatcher.request({
      origin: url.origin,
      path: url.pathname + url.search,
      method: method as Dispatcher.HttpMethod,
      headers,
      body,
      signal: deadline.signal,
    });
    hasAnswered = true;
    const raw = { status: response.statusCode, headers: response.headers };
    return { ...raw, body: await readBody(response.body, maxResponseBytes, what) };
  } catch (error) {
    const known = deadline.failure(what) ?? transportFailure(error, what, hasAnswered);
    throw isWrite ? mayHaveBeenDone(known, error) : known;
  }
}
