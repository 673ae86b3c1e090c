/** The one place where what goes wrong with a request becomes a Failure: which code, may it be tried again, what to do. */
import { FailureError, failure, type Retry } from '@switchyard/shared';
import { errors } from 'undici';
import { bodyText, headerText, type RawResponse } from './read-response.ts';

const shownCharacters = 500;
/** Failures before anything was sent. */
const connecting: ReadonlySet<string> = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT']);
/** The same where they are of connecting; an open connection may break with them as well. */
const routing: ReadonlySet<string> = new Set(['EHOSTUNREACH', 'ENETUNREACH']);

/** What a broken connection means: before the answer began the service was unreachable, after that its answer was cut. */
export function transportFailure(error: unknown, what: string, hasAnswered: boolean): FailureError {
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
  const isCertificate = isCertificateCode(code);
  const advice = isCertificate
    ? 'Its certificate is not trusted: see the service, or the base URL.'
    : 'Check that the service runs and that the base URL of the connection is right.';
  return new FailureError(failure('http-unreachable', `${what} got no answer (${reason}). ${advice}`, { retry: isCertificate ? 'never' : 'policy' }));
}

/** The failure of a write that may not be repeated: unless it surely never left, it may have been carried out. */
export function mayHaveBeenDone(known: FailureError, cause: unknown): FailureError {
  const code = errorCode(cause);
  if (known.failure.code === 'egress-refused' || isCertificateCode(code) || wasNeverSent(cause)) return known;
  return new FailureError({
    ...known.failure,
    message: `${known.failure.message} It is not known whether the request was carried out: look before sending it again.`,
    // Told as data, too: a run that is begun from this one does not send it again on the quiet.
    cause: failure('outcome-unknown', 'The request may have been carried out.'),
  });
}

function isCertificateCode(code: string | undefined): boolean {
  return /CERT|SELF_SIGNED|UNABLE_TO_(GET|VERIFY)|SSL/.test(code ?? '');
}

/** Whether the request surely never left. */
export function wasNeverSent(error: unknown): boolean {
  const { code = '', syscall } = codeOf(error) ?? {};
  return connecting.has(code) || (routing.has(code) && syscall === 'connect');
}

function errorCode(error: unknown): string | undefined {
  return codeOf(error)?.code;
}

/** The system's or undici's code, also where it stands in a cause or an aggregate. */
function codeOf(error: unknown): { code: string; syscall: unknown } | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { code, syscall, cause, errors } = error as { code?: unknown; syscall?: unknown; cause?: unknown; errors?: unknown };
  // Only connecting, to one address after the other, fails with several.
  if (typeof code === 'string') return { code, syscall: Array.isArray(errors) ? 'connect' : syscall };
  return codeOf(Array.isArray(errors) ? errors[0] : cause);
}

/** What an HTTP error status means. */
export function statusFailure(response: RawResponse, what: string): FailureError {
  const { status } = response;
  const said = bodyText(response).slice(0, shownCharacters).trim();
  const body = said === '' ? 'with no body' : `with the body: ${said}`;
  return new FailureError(
    // The status first: a card shows the beginning, and says itself what was asked.
    failure('http-status', `Status ${status} from ${what}, ${body}${said.endsWith('.') ? '' : '.'} ${advise(status)}`, { retry: retryOf(response) }),
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
