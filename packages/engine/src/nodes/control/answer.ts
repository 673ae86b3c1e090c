/** Reads a model's last word: text, or JSON that fits the answer schema. */
import { FailureError, failure, parseJson, type Json, type ModelResult, type Schema } from '@switchyard/shared';
import { mismatchText, validate } from '../../schema.ts';

/** The answer, or why it does not fit. Throws a FailureError where the model said nothing at all. */
export function readAnswer(said: ModelResult, model: string, output: Schema | undefined): { value: Json } | { misfit: string } {
  if (said.text.trim() === '') {
    const why = said.finish === 'length' ? 'it reached its output limit before it said anything' : 'it said nothing and called nothing';
    throw new FailureError(failure('model-empty', `The model "${model}" gave no answer: ${why}. Run again, or use another model.`));
  }
  if (!output) return { value: said.text };
  const value = parseFenced(said.text);
  if (value === undefined) return { misfit: 'it is not JSON.' };
  const mismatches = validate(output, value);
  return mismatches.length === 0 ? { value } : { misfit: mismatchText(mismatches) };
}

/** JSON, also within a code fence. */
function parseFenced(text: string): Json | undefined {
  const fenced = /^\s*```(?:json)?\s*([\s\S]*?)\s*```\s*$/.exec(text);
  return parseJson(fenced?.[1] ?? text);
}
