/** Text with `{{ }}` holes of CEL. A literal `{{` is written `{{"{{"}}`. What fills a hole is data and is never read as a template again. */
import { failure, FailureError, type Json, type JsonObject } from '@switchyard/shared';
import { ExpressionError } from './expression-error.ts';
import { createExpression, type Expression } from './parse-expression.ts';

/** A parsed template; it can be rendered any number of times. */
export interface Template {
  /** Free variables of all holes, in the order they first appear. */
  variables: string[];
  /** Text and holes in order, for rooms whose holes are not text: bound parameters, encoded path segments. */
  parts: readonly (string | Expression)[];
  /** Throws a FailureError `expression-failed`. */
  render(values: JsonObject): string;
}

const mostHoles = 1_000;
/** Of a text: what fills a hundred holes may be long. */
const mostCharacters = 16_000_000;

export function createTemplate(text: string): Template {
  const parts: (string | Expression)[] = [];
  let position = 0;
  while (position < text.length) {
    const open = text.indexOf('{{', position);
    if (open < 0) break;
    if (parts.length > 2 * mostHoles) throw new ExpressionError(`The template has more than ${mostHoles} holes.`, open, open + 2);
    const close = findClose(text, open + 2);
    if (open > position) parts.push(text.slice(position, open));
    parts.push(parseHole(text, open + 2, close));
    position = close + 2;
  }
  if (position < text.length) parts.push(text.slice(position));
  const variables = new Set(parts.flatMap((part) => (typeof part === 'string' ? [] : part.variables)));
  return {
    variables: [...variables],
    parts,
    render: (values) => rendered(parts, values),
  };
}

function rendered(parts: Template['parts'], values: JsonObject): string {
  let text = '';
  for (const part of parts) {
    text += typeof part === 'string' ? part : asText(part.evaluate(values));
    if (text.length > mostCharacters)
      throw new FailureError(
        failure('expression-failed', `The text is over ${mostCharacters / 1_000_000} million characters. Put less into the holes of the template.`),
      );
  }
  return text;
}

/** A value as a template writes it: a string as it is, null as nothing, anything else as compact JSON. */
export function asText(value: Json): string {
  if (typeof value === 'string') return value;
  return value === null ? '' : JSON.stringify(value);
}

function parseHole(text: string, start: number, end: number): Expression {
  const hole = text.slice(start, end);
  if (hole.trim() === '') throw new ExpressionError('There is nothing between {{ and }}.', start - 2, end + 2);
  try {
    return createExpression(hole);
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    const message = `In {{${hole.length > 40 ? `${hole.slice(0, 39)}…` : hole}}}: ${error.message}`;
    throw new ExpressionError(message, start + (error.start ?? 0), start + (error.end ?? hole.length));
  }
}

/** Where the hole's `}}` stands: outside strings, and outside the braces of maps. */
function findClose(text: string, start: number): number {
  let depth = 0;
  let position = start;
  while (position < text.length) {
    const character = text[position];
    if (character === '"' || character === "'") {
      position = skipString(text, position);
      continue;
    }
    if (character === '{') depth += 1;
    else if (character === '}') {
      if (depth === 0 && text[position + 1] === '}') return position;
      depth = Math.max(0, depth - 1);
    }
    position += 1;
  }
  throw new ExpressionError('A {{ has no closing }}. To write {{ itself, write {{"{{"}}.', start - 2, text.length);
}

function skipString(text: string, start: number): number {
  const quote = text[start] as string;
  const isTriple = text.startsWith(quote.repeat(3), start);
  const end = isTriple ? quote.repeat(3) : quote;
  let position = start + end.length;
  while (position < text.length) {
    if (text[position] === '\\') position += 2;
    else if (text.startsWith(end, position)) return position + end.length;
    else position += 1;
  }
  throw new ExpressionError('A string within {{ }} is not closed.', start, text.length);
}
