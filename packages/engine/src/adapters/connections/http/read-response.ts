/** Turns an HTTP answer into a FetchResult: JSON as JSON, text as text, anything else as base64. */
import { FailureError, failure, jsonDepth, parseJson, type FetchResult, type Json } from '@switchyard/shared';

export interface RawResponse {
  status: number;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: Buffer;
}

/** Headers worth showing to a flow; the rest is the transport's affair. */
const keptHeaders = ['content-type', 'etag', 'last-modified', 'link', 'location', 'retry-after', 'x-request-id', 'x-total-count'] as const;
const deepest = 64;

/** Throws `response-malformed` where the body is in a form that cannot be given on. */
export function toFetchResult(response: RawResponse, what: string): FetchResult {
  const headers: Record<string, string> = {};
  for (const name of keptHeaders) {
    const value = headerText(response.headers[name]);
    if (value !== undefined) headers[name] = value;
  }
  return { status: response.status, headers, body: parseBody(response, what) };
}

/** The body as text, for a message. */
export function bodyText(response: RawResponse): string {
  return decode(response.body, headerText(response.headers['content-type']) ?? '');
}

export function headerText(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(', ') : value;
}

function parseBody(response: RawResponse, what: string): Json {
  const encoding = headerText(response.headers['content-encoding']);
  if (encoding !== undefined && encoding !== 'identity') {
    throw new FailureError(failure('response-malformed', `${what} answered compressed (${encoding}), though no compression was asked for.`));
  }
  if (response.body.length === 0) return null;
  const type = headerText(response.headers['content-type']) ?? '';
  if (!isText(type)) return { base64: response.body.toString('base64') };
  const text = decode(response.body, type);
  if (!/[/+]json\b/i.test(type)) return text;
  if (jsonDepth(text, deepest) > deepest)
    throw new FailureError(failure('response-malformed', `${what} answered with JSON nested deeper than ${deepest} levels, which is not read.`));
  const value = parseJson(text);
  return value === undefined ? text : value;
}

function isText(type: string): boolean {
  return type === '' || /^text\/|[/+](json|xml|yaml|javascript|x-www-form-urlencoded|x-ndjson|graphql)\b/i.test(type);
}

/** Without a stream a decoder keeps nothing between two texts, and making one costs more than decoding. */
const utf8 = new TextDecoder();

function decode(body: Buffer, type: string): string {
  const charset = /charset="?([a-z0-9_-]+)/i.exec(type)?.[1] ?? 'utf-8';
  if (/^utf-?8$/i.test(charset)) return utf8.decode(body);
  try {
    return new TextDecoder(charset).decode(body);
  } catch {
    return utf8.decode(body);
  }
}
