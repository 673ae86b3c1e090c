/** An answer in the shape that a control node's answer schema asks for, as far as what was found gives it. */
import { failure, FailureError, isJsonObject, type Json, type JsonObject, type Schema } from '@switchyard/shared';
import { schemaTypes, validate } from '../../../../../schema.ts';
import { builtinLabel } from '../../model.ts';
import { stem, wordsOf } from '../../text/words.ts';
import { findValues } from '../found-values.ts';
import type { StepState } from '../progress.ts';

const answerNames = new Set(['answer', 'text', 'reply', 'response', 'message', 'summary', 'explanation', 'result', 'report']);

/** JSON text of the schema; throws the FailureError `model-refused` where what was found does not fill it. */
export function structuredAnswer(schema: Schema, text: string, states: readonly StepState[]): string {
  const value = valueFor(schema, { name: 'answer', text, states });
  if (value !== undefined && validate(schema, value).length === 0) return JSON.stringify(value);
  throw new FailureError(
    failure(
      'model-refused',
      `The planner (${builtinLabel('planner')}) cannot give its answer in the shape that the answer schema asks for. It can fill a text property such as "answer", and properties named like what it found. It found: ${text.slice(0, 500)}`,
    ),
  );
}

function valueFor(schema: Schema, from: { name: string; text: string; states: readonly StepState[] }): Json | undefined {
  if (isJsonObject(schema.properties)) {
    const filled: JsonObject = {};
    for (const [name, inner] of Object.entries(schema.properties)) {
      const value = isJsonObject(inner) ? valueFor(inner, { ...from, name }) : undefined;
      if (value !== undefined) filled[name] = value;
    }
    return filled;
  }
  const isText = schemaTypes(schema)?.includes('string') ?? true;
  if (isText && !('enum' in schema) && wordsOf(from.name).some((word) => answerNames.has(word))) return from.text;
  const outcomes = from.states.flatMap((state) => (state.kind === 'done' ? state.calls.map(({ outcome }) => outcome) : []));
  const words = { name: from.name, schema, isRequired: true, stems: wordsOf(from.name).map(stem) };
  return findValues(outcomes, words)[0] ?? (isText ? undefined : outcomes.length === 1 ? figureOf(from.states) : undefined);
}

/** The one figure of a composed query, whatever the property is called. */
function figureOf([state]: readonly StepState[]): Json | undefined {
  const query = state?.kind === 'done' ? state.attempt.query : undefined;
  const outcome = state?.kind === 'done' ? state.calls[0]?.outcome : undefined;
  const figure = query?.composed.columns.find(({ role }) => role === 'figure');
  const value = figure && outcome?.kind === 'table' ? outcome.rows[0]?.[figure.alias] : undefined;
  return typeof value === 'number' ? value : undefined;
}
