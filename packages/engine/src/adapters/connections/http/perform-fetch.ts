/**
 * The performer of `fetch` calls.
 *
 * 1. The request goes to the connection's origin, below its base path, and nowhere else; redirects within the origin are followed, others refused.
 * 2. Time, size and redirects are capped. Every way to fail has a code and says whether to try again.
 */
import { FailureError, failure, type FetchRequest, type Json, type Retry } from '@switchyard/shared';
import { type Dispatcher, errors } from 'undici';
import type { Performer } from '../../../host.ts';
import { withDeadline, type Deadline } from '../../deadline.ts';
import { egressRefused, type Egress } from '../../egress/index.ts';
import type { Connections } from '../connection.ts';
import { bodyText, headerText, readBody, toFetchResult, type RawResponse } from './read-response.ts';
import { requestHeaders } from './request-headers.ts';
import { requestUrl } from './request-url.ts';

const maxRedirects = 5;
const maxRequestBytes = 5_000_000;
const defaultResponseBytes = 5_000_000;
const shownCharacters = 500;

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
    const dispatcher = egress.dispatcher([outgoing.url.origin]);
    const response = await withDeadline(call, scope, (deadline) => follow({ outgoing, dispatcher, deadline, what, maxResponseBytes }));
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
}

async function follow(journey: Journey): Promise<RawResponse> {
  let { outgoing } = journey;
  for (let hop = 0; ; hop += 1) {
    const response = await send({ ...journey, outgoing });
    const location = headerText(response.headers.location);
    if (![301, 302, 303, 307, 308].includes(response.status) || location === undefined) return response;
    if (hop === maxRedirects)
      throw new FailureError(failure('http-redirects', `${journey.what} was redirected more than ${maxRedirects} times. Set the path to where the answer is.`));
    outgoing = redirected(outgoing, response.status, location, journey.what);
  }
}

function redirected(from: Outgoing, status: number, location: string, what: string): Outgoing {
  const url = URL.canParse(location, from.url.href) ? new URL(location, from.url) : undefined;
  if (url?.username !== '' || url.password !== '') throw new FailureError(failure('http-redirects', `${what} was redirected to what is no plain URL.`));
  if (url.origin !== from.url.origin) {
    throw egressRefused(
      url.origin,
      `${what} was redirected there, and a connection reaches its own origin alone. If that is where the API is now, set the base URL of the connection to it`,
    );
  }
  url.hash = '';
  const becomesGet = status === 303 ? from.method !== 'HEAD' : status < 303 && from.method === 'POST';
  if (!becomesGet) return { ...from, url };
  const { 'content-type': _, ...headers } = from.headers;
  return { url, method: 'GET', headers, body: null };
}

async function send({ outgoing, dispatcher, deadline, what, maxResponseBytes }: Journey): Promise<RawResponse> {
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
    throw deadline.failure(what) ?? transportFailure(error, what, hasAnswered);
  }
}

function transportFailure(error: unknown, what: string, hasAnswered: boolean): FailureError {
  if (error instanceof FailureError) return error;
  const code = errorCode(error);
  const reason = [code, error instanceof Error ? error.message : String(error)].filter(Boolean).join(': ');
  if (code === 'UND_ERR_HEADERS_OVERFLOW')
    return new FailureError(failure('response-too-large', `${what} answered with more than 32 kB of headers, and was cut off.`));
  if (error instanceof errors.HTTPParserError)
    return new FailureError(
      failure('response-malformed', `${what} answered with what is no HTTP (${reason}). Check that the base URL is that of an HTTP API.`),
    );
  if (hasAnswered)
    return new FailureError(
      failure('http-cut', `${what} broke off in the middle of its answer (${reason}). Try again; if it happens often, see the service's log.`, {
        retry: 'policy',
      }),
    );
  const isCertificate = /CERT|SELF_SIGNED|UNABLE_TO_(GET|VERIFY)|SSL/.test(code ?? '');
  const advice = isCertificate
    ? 'Its certificate is not trusted: see the service, or the base URL.'
    : 'Check that the service runs and that the base URL of the connection is right.';
  return new FailureError(failure('http-unreachable', `${what} got no answer (${reason}). ${advice}`, { retry: isCertificate ? 'never' : 'policy' }));
}

/** The system's or undici's code, also where it stands in a cause or an aggregate. */
function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { code, cause, errors } = error as { code?: unknown; cause?: unknown; errors?: unknown };
  if (typeof code === 'string') return code;
  return errorCode(Array.isArray(errors) ? errors[0] : cause);
}

function statusFailure(response: RawResponse, what: string): FailureError {
  const { status } = response;
  const said = bodyText(response).slice(0, shownCharacters).trim();
  const body = said === '' ? 'with no body' : `with the body: ${said}`;
  return new FailureError(
    failure('http-status', `${what} answered with status ${status}, ${body}${said.endsWith('.') ? '' : '.'} ${advise(status)}`, { retry: retryOf(response) }),
  );
}

function retryOf({ status, headers }: RawResponse): Retry {
  const afterMs = status === 429 || status === 503 ? retryAfterMs(headerText(headers['retry-after'])) : undefined;
  if (afterMs !== undefined) return { afterMs };
  return status >= 500 || status === 408 || status === 429 ? 'policy' : 'never';
}

/** `Retry-After` holds seconds or a date. */
function retryAfterMs(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const ms = /^\d+$/.test(text.trim()) ? Number(text) * 1000 : Date.parse(text) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, Math.round(ms)) : undefined;
}

function advise(status: number): string {
  if (status === 401 || status === 403) return "Check the connection's credentials and what they may do.";
  if (status === 404) return 'Check the path and the values in it.';
  if (status === 429) return 'The service asks for fewer requests: lower "limits" of the connection.';
  if (status >= 500) return "See the service's log.";
  return 'Check what the operation sends.';
}
