/**
 * Tokens by OAuth 2 with client credentials (RFC 6749, 4.4).
 *
 * 1. The client goes to the token address and nowhere else: an origin of its own, whose redirects are not followed.
 * 2. One token at a time is asked for and kept, until shortly before it ends or the API refuses it.
 * 3. What an API says is told on without any of the tokens that it was sent lately: no secret that the workspace knows would mask them.
 * 4. Whoever waits for a token waits no longer than its own call may; the asking itself ends after 10 s.
 */
import { FailureError, failure, isJsonObject, type Json } from '@switchyard/shared';
import type { Deadline } from '../../deadline.ts';
import { originOf, type Egress } from '../../egress/index.ts';
import { createRedactor } from '../../redact.ts';
import { exchangeHttp, Interruption } from './exchange-http.ts';
import { statusFailure, transportFailure } from './http-failures.ts';
import { toFetchResult, type RawResponse } from './read-response.ts';

const askMs = 10_000;
const maxBytes = 100_000;
/** Where the service does not say how long a token lasts. */
const defaultSeconds = 300;
/** Tokens that answers are looked through for. */
const mostRemembered = 8;

export interface TokenSource {
  get(deadline: Deadline): Promise<string>;
  /** The API refused this one: the next that is asked for is new. */
  forget(token: string): void;
  /** The response with every token that was given lately masked, in its headers and its body. */
  mask(response: RawResponse): RawResponse;
}

interface TokenPlace {
  egress: Egress;
  connection: string;
  url: string;
  /** The client as a header. */
  authorization: string;
  scope: string | undefined;
}

interface Token {
  text: string;
  endsAt: number;
}

export function createTokenSource(place: TokenPlace): TokenSource {
  let kept: Token | undefined;
  let asking: Promise<Token> | undefined;
  let given: string[] = [];
  return {
    async get(deadline) {
      if (kept && Date.now() < kept.endsAt) return kept.text;
      asking ??= askToken(place)
        .then((token) => {
          kept = token;
          given = [token.text, ...given.filter((text) => text !== token.text)].slice(0, mostRemembered);
          return token;
        })
        .finally(() => {
          asking = undefined;
        });
      return (await within(asking, deadline, `Connection "${place.connection}"`)).text;
    },
    forget(token) {
      if (kept?.text === token) kept = undefined;
    },
    mask: (response) => maskResponse(response, given),
  };
}

/** Latin 1 keeps each byte of any writing, and all forms of a token are ASCII. */
function maskResponse(response: RawResponse, tokens: readonly string[]): RawResponse {
  const redact = createRedactor(tokens);
  const text = response.body.toString('latin1');
  const masked = redact(text);
  return { ...response, headers: redact(response.headers), body: masked === text ? response.body : Buffer.from(masked, 'latin1') };
}

function within<T>(work: Promise<T>, deadline: Deadline, what: string): Promise<T> {
  const { signal } = deadline;
  return new Promise((resolve, reject) => {
    const stop = () => reject(deadline.failure(what) as FailureError);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

async function askToken({ egress, connection, url, authorization, scope }: TokenPlace): Promise<Token> {
  const what = `The token address of connection "${connection}"`;
  const { pathname, search } = new URL(url);
  const origin = originOf(url);
  const options = {
    origin,
    path: pathname + search,
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded', 'user-agent': 'Switchyard', authorization },
    body: new URLSearchParams({ grant_type: 'client_credentials', ...(scope !== undefined && { scope }) }).toString(),
  };
  const askedAt = Date.now();
  const response = await exchangeHttp(egress.dispatcher([origin]), { options, signal: AbortSignal.timeout(askMs), maxResponseBytes: maxBytes, what }).catch(
    (error: unknown) => {
      if ((error as { name?: string }).name === 'TimeoutError')
        throw new FailureError(failure('timeout', `${what} gave no token within ${askMs / 1000} s. See whether it is up.`, { retry: 'policy' }));
      throw error instanceof Interruption ? transportFailure(error.cause, what, error.hasAnswered) : error;
    },
  );
  if (response.status !== 200) throw statusFailure(response, what);
  return readToken(toFetchResult(response, what).body, { what, askedAt });
}

/** No message holds the answer, which may hold a token. */
function readToken(body: Json, { what, askedAt }: { what: string; askedAt: number }): Token {
  const { access_token: text, token_type: type, expires_in: seconds } = isJsonObject(body) ? body : {};
  if (typeof text !== 'string' || text === '' || (type !== undefined && String(type).toLowerCase() !== 'bearer'))
    throw new FailureError(
      failure('response-malformed', `${what} answered without a bearer token ("access_token"). Check that it is the token address of an OAuth 2 service.`),
    );
  const lasts = Number.isFinite(Number(seconds ?? undefined)) ? Number(seconds) : defaultSeconds;
  // A token that ends while a request is on its way is refused: it is left a little early.
  return { text, endsAt: askedAt + Math.max(0, lasts - Math.min(30, lasts / 10)) * 1000 };
}
