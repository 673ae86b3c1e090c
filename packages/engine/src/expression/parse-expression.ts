/** One CEL expression: text -> checked and metered syntax -> evaluation. */
import { failure, FailureError, type Json, type JsonObject } from '@switchyard/shared';
import { ExpressionError } from './expression-error.ts';
import { parseSyntax, syntaxLimits, type Parsed } from './language.ts';
import { installMeter, metered } from './meter.ts';
import { plainReason } from './plain-reason.ts';
import { toJson } from './result.ts';
import { inspectSyntax } from './syntax.ts';

/** A parsed expression; it can be evaluated any number of times. */
export interface Expression {
  /** Free variables in the order they first appear. */
  variables: string[];
  /** A value of its own, never an alias of `values`. Throws a FailureError `expression-failed`. */
  evaluate(values: JsonObject): Json;
}

export function createExpression(text: string): Expression {
  if (text.trim() === '') throw new ExpressionError('The expression is empty.', 0, text.length);
  if (text.length > syntaxLimits.characters) {
    throw new ExpressionError(`The expression has ${text.length} characters; at most ${syntaxLimits.characters} are read.`);
  }
  const parsed = guard(() => parseSyntax(text), text);
  const variables = guard(() => inspectSyntax(parsed.ast), text);
  const { valid, error } = guard(() => parsed.check(), text);
  if (!valid) throw asExpressionError(error, text);
  installMeter(parsed.ast);
  return { variables, evaluate: (values) => evaluate({ text, parsed, variables }, values) };
}

function evaluate(expression: { text: string; parsed: Parsed; variables: string[] }, values: JsonObject): Json {
  const { text, parsed, variables } = expression;
  const context = Object.create(null) as Record<string, unknown>;
  for (const name of variables) {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value === undefined) {
      throw new FailureError(
        failure(
          'expression-failed',
          `The expression ${quote(text)} needs "${name}", and no value arrived there. Wire the input "${name}" or take it out of the expression.`,
        ),
      );
    }
    context[name] = value;
  }
  try {
    return metered(() => toJson(parsed(context)));
  } catch (error) {
    if (error instanceof FailureError) throw error;
    throw new FailureError(failure('expression-failed', `The expression ${quote(text)} failed: ${reason(error)}. Check it against the values that arrived.`));
  }
}

/** Errors of the parser and the stack's end, as an ExpressionError. */
function guard<T>(work: () => T, text: string): T {
  try {
    return work();
  } catch (error) {
    throw asExpressionError(error, text);
  }
}

function asExpressionError(error: unknown, text: string): ExpressionError {
  if (error instanceof ExpressionError) return error;
  const range = (error as { range?: { start: number; end: number } } | undefined)?.range;
  const place = range ? ` at ${placeOf(text, range.start)}` : '';
  return new ExpressionError(`${capitalised(plainReason(reason(error)))}${place}.`, range?.start, range?.end);
}

function reason(error: unknown): string {
  if (error instanceof RangeError) return 'it is nested too deeply or makes too large a value';
  const { summary, message } = error as { summary?: string; message?: string };
  return summary ?? message ?? String(error);
}

function placeOf(text: string, offset: number): string {
  const before = text.slice(0, offset).split('\n');
  const column = (before.at(-1) ?? '').length + 1;
  return before.length > 1 ? `line ${before.length}, column ${column}` : `character ${column}`;
}

function quote(text: string): string {
  return `"${text.length > 60 ? `${text.slice(0, 59)}…` : text}"`;
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
