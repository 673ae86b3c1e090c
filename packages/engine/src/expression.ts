/**
 * CEL expressions and templates: free variables (compile makes ports of them) and evaluation. Loads in the browser too.
 * Evaluation has no side effects, never runs long (see expression/meter.ts), and gives JSON of its own.
 */
import { cached } from './expression/cached.ts';
import { ExpressionError } from './expression/expression-error.ts';
import { createExpression, type Expression } from './expression/parse-expression.ts';
import { createTemplate, type Template } from './expression/parse-template.ts';

export { asText } from './expression/parse-template.ts';
export { ExpressionError, type Expression, type Template };

/** Parses a CEL expression. Throws an ExpressionError that says what is wrong and where. */
export const parseExpression: (text: string) => Expression = cached(createExpression);

/** Parses text with `{{ }}` holes of CEL. Throws an ExpressionError that says what is wrong and where. */
export const parseTemplate: (text: string) => Template = cached(createTemplate);

/** Free variables of an expression; none where it does not parse. */
export function expressionVariables(text: string): string[] {
  return variablesOf(parseExpression, text);
}

/** Free variables of a template; none where it does not parse. */
export function templateVariables(text: string): string[] {
  return variablesOf(parseTemplate, text);
}

function variablesOf(parse: (text: string) => { variables: string[] }, text: string): string[] {
  try {
    return [...parse(text).variables];
  } catch (error) {
    if (error instanceof ExpressionError) return [];
    throw error;
  }
}
