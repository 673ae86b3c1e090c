/**
 * Requests to one API.
 *
 * 1. The request goes to the connection's origin, below its base path, and nowhere else; redirects within the origin are followed, others refused.
 * 2. Time, size and redirects are capped. Every way to fail has a code and says whether to try again.
 */
import { FailureError, failure, type FetchRequest, type FetchResult } from '@switchyard/shared';
import type { Dispatcher } from 'undici';
import type { Deadline } from '../../deadline.ts';
import { egressRefused, type Egress } from '../../egress/index.ts';
import type { ConnectorCall } from '../connector.ts';
import { exchangeHttp, Interruption } from './exchange-http.ts';
import { mayHaveBeenDone, statusFailure, transportFailure } from './http-failures.ts';
import type { TokenSource } from './oauth-tokens.ts';
import { headerText, toFetchResult, type RawResponse } from './read-response.ts';
import { requestHeaders } from './request-headers.ts';
import { readPages } from './read-pages.ts';
import { requestPlace, type RequestPlace } from './request-url.ts';

const maxRedirects = 5;
const maxRequestBytes = 5_000_000;
const defaultResponseBytes = 5_000_000;

/** Where a connection's requests go, with its headers in clear; their names are in lower case. */
export interface HttpTarget {
  connection: string;
  baseUrl: string;
  headers: Readonly<Record<string, string>>;
  /** Carries the key of a write that may be repeated. Default `idempotency-key`. */
  idempotencyHeader?: string;
}

export interface HttpApi extends HttpTarget {
  egress: Egress;
  /** Largest body read. Default 5 MB. */
  maxResponseBytes?: number;
  /** Where requests carry a token that is asked for. */
  tokens?: TokenSource;
}

interface Outgoing extends RequestPlace {
  method: string;
  headers: Record<string, string>;
  body: string | null;
}

/** The answer, where its status says that all is well; of a read that comes in pages, all of them. */
export async function performFetch(api: HttpApi, request: FetchRequest, call: ConnectorCall): Promise<FetchResult> {
  const { pagination } = request;
  if (!pagination) return await fetchOnce(api, request, call);
  if (call.effect === 'write')
    throw new FailureError(failure('request-invalid', 'The request was not sent: only a read comes in pages. Take the pagination from the operation.'));
  return await readPages({ ...request, pagination }, { what: nameOf(request), baseUrl: api.baseUrl, read: (page) => fetchOnce(api, page, call) });
}

async function fetchOnce(api: HttpApi, request: FetchRequest, call: ConnectorCall): Promise<FetchResult> {
  const response = await exchange(api, request, call);
  const what = nameOf(request);
  if (response.status >= 400) throw statusFailure(response, what);
  return toFetchResult(response, what);
}

/** The answer, whatever its status; redirects are followed. A token that is refused is asked for anew, once: what was refused was not done. No answer holds a token. */
export async function exchange(api: HttpApi, request: FetchRequest, call: ConnectorCall): Promise<RawResponse> {
  const { tokens } = api;
  if (!tokens) return await exchangeOnce(api, request, call);
  for (let attempt = 1; ; attempt += 1) {
    const token = await tokens.get(call.deadline);
    const response = await exchangeOnce({ ...api, headers: { ...api.headers, authorization: `Bearer ${token}` } }, request, call);
    if (response.status !== 401) return tokens.mask(response);
    tokens.forget(token);
    if (attempt === 2) return tokens.mask(response);
  }
}

async function exchangeOnce(api: HttpApi, request: FetchRequest, call: ConnectorCall): Promise<RawResponse> {
  const outgoing = outgoingOf(request, requestPlace(api, request.path, request.query), requestHeaders(api, request, call.idempotencyKey));
  return await follow({
    outgoing,
    what: nameOf(request),
    maxResponseBytes: api.maxResponseBytes ?? defaultResponseBytes,
    dispatcher: api.egress.dispatcher([outgoing.origin]),
    baseUrl: api.baseUrl,
    isWrite: call.effect === 'write' && call.idempotencyKey === undefined,
    deadline: call.deadline,
  });
}

function nameOf({ method, path, connection }: FetchRequest): string {
  return `${method.toUpperCase()} ${path} of connection "${connection}"`;
}

function outgoingOf(request: FetchRequest, place: RequestPlace, headers: Record<string, string>): Outgoing {
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
  return { ...place, method, headers, body };
}

interface Journey {
  outgoing: Outgoing;
  dispatcher: Dispatcher;
  deadline: Deadline;
  what: string;
  maxResponseBytes: number;
  /** Of the connection. */
  baseUrl: string;
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

function redirected({ outgoing: from, baseUrl, what }: Journey, status: number, location: string): Outgoing {
  const address = from.origin + from.path;
  const url = URL.canParse(location, address) ? new URL(location, address) : undefined;
  if (url?.username !== '' || url.password !== '') throw new FailureError(failure('http-redirects', `${what} was redirected to what is no plain URL.`));
  if (url.origin !== from.origin) {
    throw egressRefused(
      url.origin,
      `${what} was redirected there, and a connection reaches its own origin alone. If that is where the API is now, set the base URL of the connection to it`,
    );
  }
  // A service that redirects to where its caller says would otherwise open its whole origin.
  if (!`${url.pathname}/`.startsWith(`${new URL(baseUrl).pathname.replace(/\/+$/, '')}/`))
    throw egressRefused(url.origin + url.pathname, `${what} was redirected there, which is not below the base URL of the connection`);
  const place = { origin: url.origin, path: url.pathname + url.search };
  const becomesGet = status === 303 ? from.method !== 'HEAD' : status < 303 && from.method === 'POST';
  if (!becomesGet) return { ...from, ...place };
  const { 'content-type': _, ...headers } = from.headers;
  return { ...place, method: 'GET', headers, body: null };
}

async function send({ outgoing, dispatcher, deadline, what, maxResponseBytes, isWrite }: Journey): Promise<RawResponse> {
  try {
    return await exchangeHttp(dispatcher, { options: outgoing, signal: deadline.aborting, maxResponseBytes, what });
  } catch (error) {
    const [cause, hasAnswered] = error instanceof Interruption ? [error.cause, error.hasAnswered] : [error, false];
    const known = deadline.failure(what) ?? transportFailure(cause, what, hasAnswered);
    throw isWrite ? mayHaveBeenDone(known, cause) : known;
  }
}
