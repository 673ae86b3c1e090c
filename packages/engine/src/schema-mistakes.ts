/** What is wrong with a JSON Schema that somebody wrote: words that a validator would stumble over, and types that there are not. */
import { isJsonObject, mostTold, type Json, type JsonObject } from '@switchyard/shared';
import { isRunaway } from './runaway-pattern.ts';

export interface SchemaMistake {
  /** Into the schema. */
  path: (string | number)[];
  message: string;
  /** The name that stands where a type should. */
  type?: string;
}

export const schemaTypeNames = ['string', 'number', 'integer', 'boolean', 'object', 'array', 'null'];

/** Words that hold a schema, a list of schemas, or schemas by name. */
const holders = {
  one: ['additionalProperties', 'unevaluatedProperties', 'unevaluatedItems', 'propertyNames', 'contains', 'not', 'if', 'then', 'else'],
  list: ['anyOf', 'oneOf', 'allOf', 'prefixItems'],
  named: ['properties', 'patternProperties', 'dependentSchemas', '$defs', 'definitions'],
} as const;

/** However deep they are; the first hundred and what stands beside the last of them. */
export function schemaMistakes(schema: Json): SchemaMistake[] {
  const found: SchemaMistake[] = [];
  visit(schema, [], found);
  return found;
}

type Path = SchemaMistake['path'];

function visit(schema: Json, path: Path, found: SchemaMistake[]): void {
  if (typeof schema === 'boolean' || found.length >= mostTold) return;
  if (!isJsonObject(schema)) {
    found.push({ path, message: `${shown(schema)} is no JSON Schema: an object is, or true or false.` });
    return;
  }
  visitWords(schema, path, found);
  for (const word of holders.one) if (Object.hasOwn(schema, word)) visit(schema[word] as Json, [...path, word], found);
  for (const word of holders.named) if (Object.hasOwn(schema, word)) visitNamed(schema[word] as Json, [...path, word], found);
  for (const word of holders.list) if (Object.hasOwn(schema, word)) visitList(schema[word] as Json, [...path, word], found);
  // A list was the word for what is prefixItems now.
  if (Array.isArray(schema.items)) visitList(schema.items, [...path, 'items'], found);
  else if (Object.hasOwn(schema, 'items')) visit(schema.items as Json, [...path, 'items'], found);
}

function visitNamed(schemas: Json, path: Path, found: SchemaMistake[]): void {
  if (!isJsonObject(schemas)) found.push({ path, message: `"${path.at(-1)}" is an object of JSON Schemas by name, but is ${shown(schemas)}.` });
  else for (const [name, schema] of Object.entries(schemas)) visit(schema, [...path, name], found);
}

function visitList(schemas: Json, path: Path, found: SchemaMistake[]): void {
  if (!Array.isArray(schemas)) found.push({ path, message: `"${path.at(-1)}" is a list of JSON Schemas, but is ${shown(schemas)}.` });
  else for (const [index, schema] of schemas.entries()) visit(schema, [...path, index], found);
}

/** Those that hold no schemas. */
function visitWords({ type, enum: values, required, pattern, patternProperties }: JsonObject, path: Path, found: SchemaMistake[]): void {
  if (Array.isArray(type)) for (const [index, each] of type.entries()) checkType(each, [...path, 'type', index], found);
  else if (type !== undefined) checkType(type, [...path, 'type'], found);
  if (values !== undefined && !Array.isArray(values)) found.push({ path: [...path, 'enum'], message: `"enum" is a list of values, but is ${shown(values)}.` });
  if (required !== undefined && !(Array.isArray(required) && required.every((name) => typeof name === 'string')))
    found.push({ path: [...path, 'required'], message: `"required" is a list of names, but is ${shown(required)}.` });
  if (pattern !== undefined) checkPattern(pattern, [...path, 'pattern'], found);
  if (isJsonObject(patternProperties)) for (const key of Object.keys(patternProperties)) checkPattern(key, [...path, 'patternProperties', key], found);
}

function checkType(type: Json, path: Path, found: SchemaMistake[]): void {
  if (typeof type === 'string' && schemaTypeNames.includes(type)) return;
  const known = schemaTypeNames.map((name) => `"${name}"`).join(', ');
  const message = `${JSON.stringify(type)} is no type of JSON Schema, so no value would fit. The types are ${known}.`;
  found.push({ path, message, ...(typeof type === 'string' && { type }) });
}

function checkPattern(pattern: Json, path: Path, found: SchemaMistake[]): void {
  const message = patternMistake(pattern);
  if (message !== undefined) found.push({ path, message });
}

function patternMistake(pattern: Json): string | undefined {
  if (typeof pattern !== 'string') return `"pattern" is a regular expression as text, but is ${shown(pattern)}.`;
  const error = compileError(pattern);
  return error ? `${shown(pattern)} is no regular expression: ${error.message}.` : repetitionMistake(pattern);
}

/** Why a regular expression may not be used that would run for hours; of one that is none, undefined. */
export function runawayMistake(pattern: string): string | undefined {
  return compileError(pattern) ? undefined : repetitionMistake(pattern);
}

/** `pattern` compiles. */
function repetitionMistake(pattern: string): string | undefined {
  if (!isRunaway(pattern)) return undefined;
  return `${shown(pattern)} repeats a group that is itself no more than a repetition: on some texts it would run for hours. Take one of the two repetitions away.`;
}

/** Of a regular expression as validators read it. */
function compileError(pattern: string): Error | undefined {
  try {
    new RegExp(pattern, 'u');
    return undefined;
  } catch (error) {
    return error as Error;
  }
}

function shown(value: Json): string {
  return JSON.stringify(value).slice(0, 80);
}
