/** The one place where what goes wrong at a model endpoint becomes a Failure: which code, may it be retried, what to do. */
import { FailureError, failure, type Failure, type Retry } from '@switchyard/shared';
import type { Aborting } from '../../host.ts';
import { describeEndpoint, type ModelEndpoint } from './model-endpoint.ts';

/** An HTTP answer that is not the model's: status, lower-case headers and as much of the body as was kept. */
export interface Refusal {
  status: number;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: string;
}

const shownCharacters = 500;
const overloaded: ReadonlySet<number> = new Set([429, 503, 529]);

/** What an HTTP error status means. */
export function statusFailure(endpoint: ModelEndpoint, refusal: Refusal): Failure {
  const { status } = refusal;
  const said = `${describeEndpoint(endpoint)} answered with status ${status}${quote(endpoint, refusal.body)}.`;
  if (overloaded.has(status) && !isOutOfQuota(refusal.body)) {
    return failure(
      'model-overloaded',
      `${said} It has too much to do, or its rate limit is reached: try again later, or lower "limits" of the model in the workspace.`,
      { retry: retryAfter(refusal.headers) ?? 'policy' },
    );
  }
  if (status === 408) return failure('model-timeout', `${said} Try again, or give it less to do.`, { retry: 'policy' });
  if (status >= 500) return failure('model-failed', `${said} See the log of the model's server.`, { retry: 'policy' });
  return failure('model-refused', `${said} ${adviceFor(endpoint, status)}`);
}

/** What a broken connection means: before the answer began the model was unreachable, after that its answer was cut. */
export function transportFailure(endpoint: ModelEndpoint, error: unknown, hasAnswered: boolean): Failure {
  if (error instanceof FailureError) return error.failure;
  const where = describeEndpoint(endpoint);
  const code = errorCode(error);
  if (code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT') {
    return failure('model-timeout', `${where} sent nothing for ${endpoint.idleMs / 1000} s. See whether its server is overloaded, or give it less to do.`, {
      retry: 'policy',
    });
  }
  const reason = hide(endpoint, `${code ?? ''}${code && errorMessage(error) ? ': ' : ''}${errorMessage(error)}`) || 'the connection failed';
  if (hasAnswered)
    return failure(
      'model-cut',
      `${where} broke off in the middle of its answer (${reason}). Try again; if it happens often, see the log of the model's server.`,
      { retry: 'policy' },
    );
  return failure('model-unreachable', `${where} cannot be reached (${reason}). Check that its server runs and that its base URL in the workspace is right.`, {
    retry: 'policy',
  });
}

/** The stream ended in good order, but the answer in it did not. */
export function cutFailure(endpoint: ModelEndpoint): Failure {
  return failure(
    'model-cut',
    `${describeEndpoint(endpoint)} ended its answer without saying that it had finished. Try again; if it happens often, see the log of the model's server.`,
    { retry: 'policy' },
  );
}

/** What arrived is not of the protocol. `text` is the part that could not be read. */
export function malformedFailure(endpoint: ModelEndpoint, text: string, retry: Retry = 'policy'): Failure {
  return failure(
    'model-malformed',
    `${describeEndpoint(endpoint)} sent what is no answer of a chat model${quote(endpoint, text)}. Check that its base URL in the workspace is that of its API, such as http://127.0.0.1:8000/v1.`,
    { retry },
  );
}

/** The answer passed a size limit; asked again it would do so again. */
export function tooLargeFailure(endpoint: ModelEndpoint, limit: string): Failure {
  return failure(
    'model-too-large',
    `${describeEndpoint(endpoint)} sent ${limit}, and was cut off. Ask for less, or set a limit on the answer's length at the model's server.`,
  );
}

/** The model, or a filter before it, would not answer. */
export function contentRefusedFailure(endpoint: ModelEndpoint, text: string): Failure {
  return failure(
    'model-content-refused',
    `${describeEndpoint(endpoint)} refused to answer: its content filter stopped it${quote(endpoint, text)}. Change the request or the instructions.`,
  );
}

/** An error that the endpoint reported inside its answer. */
export function reportedFailure(endpoint: ModelEndpoint, status: number | undefined, text: string): Failure {
  if (status !== undefined && status >= 400 && status < 600) return statusFailure(endpoint, { status, headers: {}, body: text });
  return failure('model-failed', `${describeEndpoint(endpoint)} failed while it answered${quote(endpoint, text)}. See the log of the model's server.`, {
    retry: 'policy',
  });
}

/** Why a signal ended the call: its time was up, or it is no longer wanted. */
export function abortFailure(endpoint: ModelEndpoint, signal: Pick<Aborting, 'reason'>): Failure {
  if (signal.reason instanceof FailureError) return signal.reason.failure;
  const where = describeEndpoint(endpoint);
  if ((signal.reason as { name?: string } | undefined)?.name === 'TimeoutError') {
    return failure(
      'model-timeout',
      `${where} did not finish its answer in the time it was given. See whether its server is overloaded, or give it less to do.`,
      { retry: 'policy' },
    );
  }
  return failure('cancelled', `${where} was cancelled before it had answered.`);
}

/** The text without the endpoint's key, should a server echo it. */
export function hide(endpoint: Pick<ModelEndpoint, 'apiKey'>, text: string): string {
  return endpoint.apiKey ? text.replaceAll(endpoint.apiKey, '•••') : text;
}

/** `Retry-After` (seconds or a date) or `retry-after-ms` as a Retry. */
function retryAfter(headers: Refusal['headers']): Retry | undefined {
  const ms = Number(first(headers['retry-after-ms']) ?? Number.NaN);
  if (ms >= 0) return { afterMs: ms };
  const text = first(headers['retry-after']);
  if (text === undefined) return undefined;
  const seconds = Number(text);
  const wait = Number.isNaN(seconds) ? Date.parse(text) - Date.now() : seconds * 1000;
  return Number.isNaN(wait) ? undefined : { afterMs: Math.max(0, Math.round(wait)) };
}

function adviceFor(endpoint: ModelEndpoint, status: number): string {
  if (status === 401 || status === 403) {
    return endpoint.keyName === undefined
      ? `Give the model "${endpoint.name}" an API key in the workspace.`
      : `Check the secret "${endpoint.keyName}" and what its key may use.`;
  }
  if (status === 404) return `Check the base URL, and that the endpoint serves "${endpoint.model.model}".`;
  if (status === 413) return 'The request is larger than the endpoint takes: send less.';
  if (status === 429) return 'The account has no quota left: see its plan and billing.';
  if (status >= 300 && status < 400) return 'It redirects elsewhere, which is not followed: set the base URL to where the API is.';
  return 'The endpoint does not take this request: see its message, and whether the model can do what is asked (tools, length of the context).';
}

function isOutOfQuota(body: string): boolean {
  return body.includes('insufficient_quota');
}

function quote(endpoint: ModelEndpoint, text: string): string {
  const shown = hide(endpoint, text).replace(/\s+/g, ' ').trim().slice(0, shownCharacters).replace(/\.$/, '');
  return shown === '' ? '' : `: ${shown}`;
}

function first(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}

/** The system's or undici's code, also where it stands in a cause or an aggregate. */
function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { code, cause, errors } = error as { code?: unknown; cause?: unknown; errors?: unknown };
  if (typeof code === 'string') return code;
  return errorCode(Array.isArray(errors) ? errors[0] : cause);
}

function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
