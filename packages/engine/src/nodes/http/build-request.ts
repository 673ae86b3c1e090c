/** Fills an operation's templates: each hole as its place asks for it, so that a value can never become a part of the request's shape. */
import { FailureError, failure, isJsonObject, type FetchRequest, type Json, type JsonObject, type Pagination } from '@switchyard/shared';
import { asText, parseTemplate } from '../../expression.ts';
import type { HttpOperation } from './http-operation.ts';

/** The request without its connection. Throws a FailureError where a hole of the path is empty or an expression fails. */
export function buildRequest(operation: HttpOperation, values: JsonObject): Omit<FetchRequest, 'connection'> {
  const query = fillQuery(operation.query ?? {}, values);
  const headers = Object.fromEntries(Object.entries(operation.headers ?? {}).map(([name, text]) => [name, parseTemplate(text).render(values)]));
  return {
    method: operation.method,
    path: fillPath(operation, values),
    ...(Object.keys(query).length > 0 && { query }),
    ...(Object.keys(headers).length > 0 && { headers }),
    ...(operation.body !== undefined && { body: fillBody(operation.body, values) }),
    ...(operation.pagination && {
      pagination: Object.fromEntries(Object.entries(operation.pagination).filter(([, value]) => value !== undefined)) as Pagination,
    }),
  };
}

/** An empty hole would make "/parcels/{{parcel}}" the list of all parcels: another operation. */
function fillPath({ name, path }: HttpOperation, values: JsonObject): string {
  let isInQuery = false;
  return parseTemplate(path)
    .parts.map((part) => {
      if (typeof part === 'string') {
        isInQuery ||= part.includes('?');
        return encodeText(part);
      }
      const text = asText(part.evaluate(values));
      if (text === '' && !isInQuery)
        throw new FailureError(
          failure(
            'request-invalid',
            `The path ${path} of operation "${name}" has nothing to fill a hole with. Give a value for ${part.variables.join(', ') || 'it'}.`,
          ),
        );
      return encodeURIComponent(text.toWellFormed());
    })
    .join('');
}

/** The author's own text, which may be percent-encoded already: only what no URL may hold is encoded. */
function encodeText(text: string): string {
  return text.toWellFormed().replaceAll(/[\s"<>^`{|}\u0080-\u{10ffff}]/gu, encodeURIComponent);
}

function fillQuery(query: Record<string, string>, values: JsonObject): Record<string, string> {
  const filled: Record<string, string> = {};
  for (const [name, text] of Object.entries(query)) {
    const value = fillText(text, values);
    if (value !== null) filled[name] = asText(value);
  }
  return filled;
}

function fillBody(body: Json, values: JsonObject): Json {
  if (typeof body === 'string') return fillText(body, values);
  if (Array.isArray(body)) return body.map((item) => fillBody(item, values));
  if (!isJsonObject(body)) return body;
  return Object.fromEntries(Object.entries(body).map(([key, value]) => [key, fillBody(value, values)]));
}

/** A text that is exactly one hole keeps its value's type. */
function fillText(text: string, values: JsonObject): Json {
  const template = parseTemplate(text);
  const [only] = template.parts;
  return template.parts.length === 1 && only !== undefined && typeof only !== 'string' ? only.evaluate(values) : template.render(values);
}
