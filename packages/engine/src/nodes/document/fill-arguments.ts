/** Arguments of a step: what its settings draw, with values in the holes. */
import { FailureError, failure, isJsonObject, type Json, type JsonObject } from '@switchyard/shared';
import { ExpressionError, parseTemplate, templateVariables } from '../../expression.ts';

/** Free variables of every text in it, in the order they first appear. */
export function argumentVariables(value: Json): string[] {
  return [...new Set(textsOf(value).flatMap(templateVariables))];
}

/** What of its texts does not parse. */
export function argumentProblems(value: Json): string[] {
  return textsOf(value).flatMap((text) => {
    try {
      parseTemplate(text);
      return [];
    } catch (error) {
      if (error instanceof ExpressionError) return [error.message];
      throw error;
    }
  });
}

/** A text that is exactly one hole becomes the value itself. Throws `value-not-plain` where such a value holds an operator: what is asked is drawn, and never comes with data. */
export function fillArguments(value: Json, values: JsonObject): Json {
  if (typeof value === 'string') return fillText(value, values);
  if (Array.isArray(value)) return value.map((item) => fillArguments(item, values));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, fillArguments(inner, values)]));
}

function fillText(text: string, values: JsonObject): Json {
  const template = parseTemplate(text);
  const [only] = template.parts;
  if (template.parts.length !== 1 || only === undefined || typeof only === 'string') return template.render(values);
  const value = only.evaluate(values);
  const operator = operatorIn(value);
  if (operator !== undefined)
    throw new FailureError(
      failure(
        'value-not-plain',
        `What fills ${text} holds ${JSON.stringify(operator)}, which would change the query. Write operators in the node's settings, and fill in plain values.`,
      ),
    );
  return value;
}

/** Types of values, as they come from an earlier answer, are plain. */
const types = new Set(['$oid', '$date', '$numberLong', '$numberDouble', '$numberDecimal', '$numberInt', '$binary', '$uuid']);

function operatorIn(value: Json): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, inner] of Object.entries(value)) {
    if (key.startsWith('$') && !types.has(key)) return key;
    const found = operatorIn(inner);
    if (found !== undefined) return found;
  }
  return undefined;
}

function textsOf(value: Json): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : [];
}
