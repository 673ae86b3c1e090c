/**
 * How sure a model was of its answer, from the probabilities of the tokens that it wrote.
 *
 * Of an answer as JSON only the values count, not the braces and names that any answer has; it is as sure as its least sure value.
 * A value of a few tokens, such as a label, is as sure as all of them together; a longer one, and a text, as its tokens on average (geometric).
 */
import { isJsonObject, type Json, type JsonObject } from '@switchyard/shared';

export interface TokenProbability {
  token: string;
  /** Natural logarithm of its probability. */
  logProbability: number;
}

/** Tokens of a value that are taken together. */
const fewTokens = 8;

/** Takes the tokens of one chunk's `logprobs`. */
export function readLogProbabilities(logprobs: JsonObject, tokens: TokenProbability[]): void {
  if (!Array.isArray(logprobs.content)) return;
  for (const entry of logprobs.content) {
    if (!isJsonObject(entry) || typeof entry.token !== 'string' || typeof entry.logprob !== 'number') continue;
    tokens.push({ token: entry.token, logProbability: Math.min(0, entry.logprob) });
  }
}

/** Between 0 and 1, to 4 digits; undefined where no probabilities are known. */
export function confidenceOf(text: string, tokens: readonly TokenProbability[]): number | undefined {
  if (tokens.length === 0) return undefined;
  const written = tokens.map(({ token }) => token).join('');
  // What was reasoned before the answer, or stood around it, is not the answer.
  const start = written.lastIndexOf(text);
  if (text === '' || start < 0) return rounded(average(tokens));
  const spans = valueSpans(text).map(([from, to]) => tokensWithin(tokens, start + from, start + to));
  const known = spans.filter((span) => span.length > 0);
  if (known.length === 0) return rounded(average(tokensWithin(tokens, start, start + text.length)));
  return rounded(Math.min(...known.map((span) => (span.length <= fewTokens ? Math.exp(sum(span)) : average(span)))));
}

function tokensWithin(tokens: readonly TokenProbability[], from: number, to: number): TokenProbability[] {
  let at = 0;
  return tokens.filter(({ token }) => {
    const begun = at;
    at += token.length;
    return begun < to && at > from;
  });
}

/** Where the values stand in a text that is one JSON value: within the quotes of texts, and numbers, booleans and nulls whole. Empty where it is none. */
function valueSpans(text: string): [number, number][] {
  try {
    JSON.parse(text) as Json;
  } catch {
    return [];
  }
  const spans: [number, number][] = [];
  for (const match of text.matchAll(/"((?:[^"\\]|\\.)*)"(\s*:)?|-?\d[\d.eE+-]*|true|false|null/gs)) {
    const isName = match[2] !== undefined;
    const quoted = match[1] !== undefined ? 1 : 0;
    if (!isName) spans.push([match.index + quoted, match.index + match[0].length - quoted]);
  }
  return spans.filter(([from, to]) => to > from);
}

function sum(tokens: readonly TokenProbability[]): number {
  return tokens.reduce((total, { logProbability }) => total + logProbability, 0);
}

function average(tokens: readonly TokenProbability[]): number {
  return Math.exp(sum(tokens) / Math.max(1, tokens.length));
}

function rounded(share: number): number {
  return Math.round(share * 10_000) / 10_000;
}
