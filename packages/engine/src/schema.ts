/** JSON Schema as ports and operations use it: validation without code generation, fit between ports, and conversion of text. */
import { failure, FailureError, type Json, type JsonObject, type Schema } from '@switchyard/shared';
import { GuardedValidator } from './guarded-validator.ts';
import { quickCheck } from './quick-check.ts';

export { boundedSchema } from './bounded-schema.ts';
export { schemaMistakes } from './schema-mistakes.ts';

export interface Mismatch {
  /** JSON pointer into the value. */
  path: string;
  message: string;
}

interface Check {
  /** Says of most values that fit that they do, at a twentieth of what a validator costs; absent where the schema says more than it can judge. */
  surelyFits: ((value: Json) => boolean) | undefined;
  validator?: GuardedValidator;
}

/** Making a validator costs ten times what it costs to use it on a tool's arguments. Schemas are never changed in place. */
const checks = new WeakMap<Schema, Check>();

/** What of the value does not fit the schema; empty where it fits. At most 20 are told. */
export function validate(schema: Schema, value: Json): Mismatch[] {
  let check = checks.get(schema);
  if (!check) {
    check = { surelyFits: quickCheck(schema) };
    checks.set(schema, check);
  }
  if (check.surelyFits?.(value)) return [];
  const told = judge(schema, value, check).filter((error) => error.keyword !== 'properties' && error.keyword !== 'items');
  return told.slice(0, 20).map((error) => ({ path: error.instanceLocation.replace(/^#/, ''), message: error.error }));
}

/**
 * Throws the FailureError `schema-invalid` for a schema that the validator stumbles over, or would be at for hours: one that nobody checked, such as that
 * of a tool of a server.
 */
function judge(schema: Schema, value: Json, check: Check) {
  try {
    check.validator ??= new GuardedValidator(schema);
    return check.validator.validate(value);
  } catch (error) {
    throw new FailureError(
      failure('schema-invalid', `No value can be checked by this JSON Schema: ${(error as Error).message.replace(/\.$/, '')}. Mend the schema.`),
    );
  }
}

/** What of the value does not fit the schema, each as a sentence about `what`: "The input "order" does not fit at /id: …". */
export function misfits(what: string, schema: Schema, value: Json): string[] {
  return validate(schema, value).map(({ path, message }) => `${what} does not fit${path ? ` at ${path}` : ''}: ${message}`);
}

/** The mismatches as one sentence, such as "/parcel: is required". */
export function mismatchText(mismatches: readonly Mismatch[]): string {
  return mismatches.map((mismatch) => `${mismatch.path || 'value'}: ${mismatch.message}`).join(' ');
}

/** The type names that a schema allows; undefined where it allows any. */
export function schemaTypes(schema: Schema | undefined): string[] | undefined {
  if (!schema) return undefined;
  if (typeof schema.type === 'string') return [schema.type];
  if (Array.isArray(schema.type)) return schema.type.filter((type) => typeof type === 'string');
  if (Array.isArray(schema.enum)) return [...new Set(schema.enum.map(jsonType))];
  if ('const' in schema) return [jsonType(schema.const as Json)];
  if (schema.properties) return ['object'];
  if (schema.items) return ['array'];
  return undefined;
}

/** May a value of `from` arrive at `to`? Judged by type names only: anything unknown may. */
export function canFlow(from: Schema | undefined, to: Schema | undefined): boolean {
  const given = schemaTypes(from);
  const wanted = schemaTypes(to);
  if (!given || !wanted) return true;
  return given.some((type) => wanted.includes(type) || (type === 'integer' && wanted.includes('number')) || (type === 'number' && wanted.includes('integer')));
}

/** Text from a command line or a form as the value its schema asks for: numbers, booleans, JSON for lists and objects. Throws a SyntaxError that says what was expected. */
export function fromText(schema: Schema, text: string): Json {
  const named = Array.isArray(schema.enum) ? schema.enum.find((value) => (typeof value === 'string' ? value : JSON.stringify(value)) === text) : undefined;
  if (named !== undefined) return named;
  const types = schemaTypes(schema);
  if (!types) return anyFromText(schema, text);
  if (types.includes('string')) return text;
  if (types.includes('number') || types.includes('integer')) {
    const number = Number(text);
    if (types.every((type) => type === 'integer') && Number.isInteger(number) && !Number.isSafeInteger(number))
      throw new SyntaxError(`"${text}" is too large to be an exact whole number`);
    if (text.trim() !== '' && Number.isFinite(number)) return number;
    if (types.length === 1) throw new SyntaxError(`"${text}" is not a number`);
  }
  if (types.includes('boolean')) {
    if (text === 'true' || text === 'false') return text === 'true';
    if (types.length === 1) throw new SyntaxError(`"${text}" is neither true nor false`);
  }
  if (types.includes('null') && text === 'null') return null;
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    const wanted = types.map((type) => asJson[type] ?? type).join(' or ');
    const [place = ''] = /line \d+ column \d+/.exec((error as Error).message) ?? [];
    throw new SyntaxError(`"${beginning(text)}" is not JSON${place && ` (see ${place})`}: ${wanted} is expected`);
  }
}

const asJson: Readonly<Record<string, string>> = { array: 'a list such as ["a", "b"]', object: 'an object such as {"a": 1}' };

const longestQuoted = 60;

/** Enough to know a text by. */
function beginning(text: string): string {
  return text.length <= longestQuoted ? text : `${text.slice(0, longestQuoted)}…`;
}

/** Where no type is named, `anyOf` and the like may still ask for something else than text. */
function anyFromText(schema: Schema, text: string): Json {
  if (validate(schema, text).length === 0) return text;
  try {
    const value = JSON.parse(text) as Json;
    return validate(schema, value).length === 0 ? value : text;
  } catch {
    return text;
  }
}

/** A schema for an object with these properties, all required but those with a default or listed as optional. */
export function objectSchema(properties: Record<string, Schema>, optional: readonly string[] = []): Schema {
  const required = Object.keys(properties).filter((name) => !optional.includes(name) && !('default' in (properties[name] as JsonObject)));
  return { type: 'object', properties, required, additionalProperties: false };
}

function jsonType(value: Json): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value;
}
