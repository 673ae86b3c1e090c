/**
 * The built-in classifier, for small-model nodes: an enum gets the label of the nearest labelled example, other properties what their form
 * gives away. No neural network: it compares characters, and refuses plainly what it cannot do.
 */
import { failure, FailureError, isJsonObject, type Json, type JsonObject, type Message, type ModelRequest, type Schema } from '@switchyard/shared';
import { schemaTypes } from '../../../../schema.ts';
import { builtinLabel, lastText, type Reply } from '../model.ts';
import { wordsOf } from '../text/words.ts';
import { extract, readable } from './extract.ts';
import { nearestLabel, type LabelledText, type Nearest } from './nearest.ts';

interface Example {
  text: string;
  result: Json;
}

/** Answers one request with JSON of its output schema; throws the FailureError `model-refused` where it cannot. */
export function classify(request: ModelRequest): Reply {
  const { output } = request;
  // Asked to plan, as a test of the connection does, it says what it is instead of failing.
  if (!output && request.tools) return { text: `I am the ${builtinLabel('classifier')}. I call no tools; I classify texts by an output schema.` };
  if (!output) throw refusal('it needs an output schema, and this request has none');
  const text = lastText(request.messages, 'user');
  const examples = labelledExamples(request.messages);
  if (isJsonObject(output.properties)) return readObject(output, text, examples);
  const { label, confidence } = readLabel('', output, { text, examples });
  return { text: JSON.stringify(label), confidence };
}

function readObject(output: Schema, text: string, examples: readonly Example[]): Reply {
  const properties = Object.entries(output.properties as Record<string, Schema>).filter((entry) => isJsonObject(entry[1]));
  const required = Array.isArray(output.required) ? output.required : [];
  const nearest = new Map(properties.filter(([, schema]) => labelsOf(schema)).map(([name, schema]) => [name, readLabel(name, schema, { text, examples })]));
  const result: JsonObject = {};
  for (const [name, schema] of properties) {
    const value = nearest.get(name)?.label ?? (isConfidence(name, schema) && nearest.size > 0 ? leastSure(nearest, schema) : readForm(name, schema, text));
    if (value !== undefined) result[name] = value;
    else if (required.includes(name)) throw missing(name, schema, text);
  }
  return { text: JSON.stringify(result), ...(nearest.size > 0 && { confidence: leastOf(nearest) }) };
}

/** The label of one enum, from the examples that give it. */
function readLabel(name: string, schema: Schema, from: { text: string; examples: readonly Example[] }): Nearest {
  const labels = labelsOf(schema);
  if (!labels) throw refusal(`it can choose among the values of an enum, and read ${readable}; the output asks for something else`);
  const labelled = from.examples.flatMap(({ text, result }): LabelledText[] => {
    const label = name === '' ? result : isJsonObject(result) && Object.hasOwn(result, name) ? result[name] : undefined;
    return label !== undefined && labels.some((one) => JSON.stringify(one) === JSON.stringify(label)) ? [{ text, label }] : [];
  });
  const known = new Set(labelled.map(({ label }) => JSON.stringify(label)));
  const without = labels.filter((label) => !known.has(JSON.stringify(label)));
  if (labels.length > 1 && without.length > 0) {
    throw refusal(
      `it learns from labelled examples, and has none for ${list(without)}. Add to the node's examples at least one text for each of ${list(labels)}`,
    );
  }
  return nearestLabel(from.text, labelled) ?? { label: labels[0] ?? null, confidence: 1 };
}

function readForm(name: string, schema: Schema, text: string): Json | undefined {
  const found = extract(name, schema, text);
  if (!found) return isNullable(schema) ? null : undefined;
  if (schemaTypes(schema)?.includes('array')) return found;
  return found[0] ?? (isNullable(schema) ? null : undefined);
}

function missing(name: string, schema: Schema, text: string): FailureError {
  if (extract(name, schema, text))
    return refusal(`the text holds nothing that fits "${name}". Make the property optional or nullable where a text may lack it`);
  return refusal(`it cannot give "${name}": it can choose among the values of an enum, and read ${readable}`);
}

function leastOf(nearest: ReadonlyMap<string, Nearest>): number {
  return Math.min(...[...nearest.values()].map(({ confidence }) => confidence));
}

/** A number between 0 and 1, or per cent where the schema's maximum says so. */
function leastSure(nearest: ReadonlyMap<string, Nearest>, schema: Schema): number {
  const least = leastOf(nearest);
  return schema.maximum === 100 || schemaTypes(schema)?.[0] === 'integer' ? Math.round(least * 100) : least;
}

function isConfidence(name: string, schema: Schema): boolean {
  const isNumber = schemaTypes(schema)?.some((type) => type === 'number' || type === 'integer') ?? false;
  return isNumber && wordsOf(name).some((word) => ['confidence', 'certainty', 'probability', 'score', 'sureness'].includes(word));
}

/** The values to choose among; undefined where the schema is no enum. A boolean is one of two. */
function labelsOf(schema: Schema): Json[] | undefined {
  if (Array.isArray(schema.enum)) return schema.enum;
  if ('const' in schema) return [schema.const as Json];
  return schema.type === 'boolean' ? [true, false] : undefined;
}

function isNullable(schema: Schema): boolean {
  return schemaTypes(schema)?.includes('null') ?? false;
}

/** The few-shot pairs of a request: what a user said, and the JSON that was answered. */
function labelledExamples(messages: readonly Message[]): Example[] {
  return messages.flatMap((message, index): Example[] => {
    const answer = messages[index + 1];
    if (message.role !== 'user' || answer?.role !== 'assistant') return [];
    try {
      return [{ text: message.text, result: JSON.parse(answer.text) as Json }];
    } catch {
      return [{ text: message.text, result: answer.text }];
    }
  });
}

function list(values: readonly Json[]): string {
  return values.map((value) => JSON.stringify(value)).join(', ');
}

function refusal(why: string): FailureError {
  return new FailureError(
    failure(
      'model-refused',
      `The classifier (${builtinLabel('classifier')}) cannot answer: ${why}. A small language model of your workspace can take its place.`,
    ),
  );
}
