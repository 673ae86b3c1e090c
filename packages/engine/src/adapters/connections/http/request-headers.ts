/** The headers of one request: the connection's own, with its secrets, and the flow's beside them. */
import { FailureError, failure, type FetchRequest } from '@switchyard/shared';
import type { HttpTarget } from './perform-fetch.ts';

const token = /^[!#$%&'*+.^_`|~0-9a-z-]+$/;
/** Tab, printable ASCII and Latin-1: no line break can start a header of its own. */
const plainText = /^[\t\x20-\x7e\x80-\xff]*$/;
/** The transport's own, which a flow must not set. */
const transport: ReadonlySet<string> = new Set([
  'host',
  'connection',
  'content-length',
  'transfer-encoding',
  'upgrade',
  'keep-alive',
  'te',
  'trailer',
  'expect',
  'accept-encoding',
]);
/** What an operation may say differently from its connection. */
const overridable: ReadonlySet<string> = new Set(['accept', 'accept-language', 'content-type', 'user-agent']);

/** Throws `request-invalid` for a header that may not be sent. No message holds a value, which may be a secret. */
export function requestHeaders(
  target: Pick<HttpTarget, 'connection' | 'headers' | 'idempotencyHeader'>,
  request: FetchRequest,
  idempotencyKey?: string,
): Record<string, string> {
  const headers: Record<string, string> = { accept: 'application/json, text/*;q=0.9, */*;q=0.5', 'user-agent': 'Switchyard' };
  if (request.body !== undefined) headers['content-type'] = typeof request.body === 'string' ? 'text/plain; charset=utf-8' : 'application/json';
  for (const [name, value] of Object.entries(target.headers)) {
    check(name, value, `connection "${target.connection}"`);
    headers[name] = value;
  }
  for (const [written, value] of Object.entries(request.headers ?? {})) {
    const name = written.toLowerCase();
    check(name, value, 'the request');
    if (Object.hasOwn(target.headers, name) && !overridable.has(name))
      throw invalid(`the request sets the header "${name}", which connection "${target.connection}" sets already`);
    headers[name] = value;
  }
  if (idempotencyKey !== undefined) headers[target.idempotencyHeader ?? 'idempotency-key'] = idempotencyKey;
  return headers;
}

function check(name: string, value: string, where: string): void {
  if (!token.test(name)) throw invalid(`${where} has a header with the name ${JSON.stringify(name.slice(0, 60))}, which has letters that no header name has`);
  if (transport.has(name) || name.startsWith('proxy-')) throw invalid(`${where} sets the header "${name}", which belongs to the transport`);
  if (!plainText.test(value)) throw invalid(`${where} has a header "${name}" whose value has a line break or letters outside Latin-1`);
}

function invalid(why: string): FailureError {
  return new FailureError(failure('request-invalid', `The request was not sent: ${why}. Correct the headers.`));
}
