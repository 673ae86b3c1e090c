/** An answer of a model as JSON of a schema: read with patience, checked, and asked for once more where it does not fit. */
import { FailureError, failure, jsonDepth, parseJson, type Json, type ModelRequest, type ModelResult, type Schema } from '@switchyard/shared';
import type { Context, Step } from '../node.ts';
import type { Told } from './escalation.ts';
import { mismatchText, schemaMistakes, schemaTypes, validate } from '../schema.ts';

const deepest = 64;

/** Asks for JSON of `request.output`. An answer that does not fit is shown to the model with its faults, once; then it is the FailureError `output-invalid`. */
export function* askForJson(request: ModelRequest & { output: Schema }, context: Context): Step<Told<Json>> {
  const said = yield* context.model(request);
  const first = readAnswer(said, request);
  if ('value' in first) return { value: first.value, confidence: said.confidence };
  const again: ModelRequest = {
    ...request,
    messages: [
      ...request.messages,
      { role: 'assistant', text: said.text },
      { role: 'user', text: `Your answer does not fit: ${first.misfit} Answer again, with JSON only, of this JSON Schema: ${JSON.stringify(request.output)}` },
    ],
  };
  const saidAgain = yield* context.model(again, '.repair');
  const second = readAnswer(saidAgain, request);
  if ('value' in second) return { value: second.value, confidence: saidAgain.confidence };
  throw new FailureError(
    failure(
      'output-invalid',
      `The model "${request.model}" did not answer as its output schema asks, also when told so: ${second.misfit} Make the schema simpler, give examples, or use another model.`,
    ),
  );
}

/** The text of an answer, without the reasoning that some small models write before it; throws the FailureError `model-empty` where there is none. */
export function answerText(said: ModelResult, model: string): string {
  const text = said.text.replace(/^\s*<think>[\s\S]*?<\/think>\s*/, '');
  if (text.trim() !== '') return text;
  const why = said.finish === 'length' ? 'it reached its output limit before it said anything' : 'it said nothing';
  throw new FailureError(failure('model-empty', `The model "${model}" gave no answer: ${why}. Run again, or use another model.`));
}

/** Why a schema cannot be used; undefined where it can, or where the check of schemas says what is wrong with it. */
export function schemaProblem(schema: Schema): string | undefined {
  if (schemaMistakes(schema).length > 0) return undefined;
  try {
    validate(schema, null);
    return undefined;
  } catch (error) {
    return `This is no JSON Schema that answers can be checked by: ${(error as Error).message}.`;
  }
}

function readAnswer(said: ModelResult, { model, output }: ModelRequest & { output: Schema }): { value: Json } | { misfit: string } {
  const value = parseAnswer(answerText(said, model), output);
  if (value === undefined) return { misfit: said.finish === 'length' ? 'it was cut at the output limit of the model, so it is no JSON.' : 'it is not JSON.' };
  const mismatches = validate(output, value);
  return mismatches.length === 0 ? { value } : { misfit: mismatchText(mismatches) };
}

/** JSON as models write it: bare, in a code fence or amid prose; a bare word where the schema asks for a string. */
function parseAnswer(said: string, output: Schema): Json | undefined {
  const text = said.trim();
  const bare = parse(text);
  if (bare !== undefined) return bare;
  if (schemaTypes(output)?.includes('string') && !/^["[{`]/.test(text)) return text;
  const fenced = parse(/```\w*\s*\n([\s\S]*?)```/.exec(text)?.[1] ?? '');
  if (fenced !== undefined) return fenced;
  const start = text.search(/[[{]/);
  const end = Math.max(text.lastIndexOf('}'), text.lastIndexOf(']'));
  return start >= 0 && end > start ? parse(text.slice(start, end + 1)) : undefined;
}

function parse(text: string): Json | undefined {
  return jsonDepth(text, deepest) > deepest ? undefined : parseJson(text);
}
