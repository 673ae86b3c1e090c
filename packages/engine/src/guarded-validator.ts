/**
 * The validator of a JSON Schema that nobody has checked: of a tool of a server, which says what its answers are as well.
 *
 * 1. A schema with a regular expression that would run for hours is refused before a value is looked at.
 * 2. The work is counted, and ends where it is more than any honest schema needs: a few references that name one another are looked at 2^n times, and a
 *    match or a comparison that is under way cannot be stopped.
 * 3. The schema is copied: the validator writes into what it is given, and the copy counts. Whatever the validator does with a schema, it begins by
 *    asking whether it is a reference.
 */
import { Validator, type OutputUnit, type Schema as ValidatorSchema } from '@cfworker/json-schema';
import { isJsonObject, pointer, type Json, type JsonObject, type Schema } from '@switchyard/shared';
import { runawayMistake } from './schema-mistakes.ts';

/** Looks at a value by one schema; a second of work, or two. */
const mostSteps = 2_000_000;
/** Items of a list where the schema asks that they be unlike one another: each is compared with each. */
const mostCompared = 20_000;
/** Of words that the validator reads whole, and quotes in what it tells. */
const charactersPerStep = 50;
/** Each name that is missing is a mismatch. */
const requiredPerStep = 2;
const namesPerStep = 5;
const stepsPerPattern = 10;

const notSchemas: ReadonlySet<string> = new Set(['enum', 'const']);
const notRead: ReadonlySet<string> = new Set(['$ref', 'default', 'examples']);
const schemasByName: ReadonlySet<string> = new Set(['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas']);

type Path = readonly (string | number)[];

/** A validator is never asked while it is at work, so one counter serves. */
let left = 0;

/** A schema of a copy. All have one shape for the getter, which the validator asks first: closures of their own would make it ten times slower. */
class CountedSchema {
  readonly [word: string]: unknown;
  readonly #steps: number;
  readonly #reference: Json | undefined;

  constructor(words: readonly [string, unknown][], reference: Json | undefined, steps: number) {
    this.#steps = steps;
    this.#reference = reference;
    for (const [word, value] of words) Object.defineProperty(this, word, { value, enumerable: true, writable: true, configurable: true });
  }

  get $ref(): Json | undefined {
    left -= this.#steps;
    if (left < 0) throw new Error(`it takes more than ${mostSteps / 1_000_000} million steps, as where references name one another again and again`);
    return this.#reference;
  }
}

export class GuardedValidator {
  readonly #validator: Validator;
  #comparesItems = false;

  /** Throws an Error that says what is wrong, to follow "…: ". */
  constructor(schema: Schema) {
    left = mostSteps;
    this.#validator = new Validator(this.#schema(schema, []) as ValidatorSchema, '2020-12', false);
  }

  /** What does not fit. Throws an Error where the schema is no schema, or needs more work than it may take. */
  validate(value: Json): OutputUnit[] {
    left = mostSteps;
    if (this.#comparesItems && hasLongList(value))
      throw new Error(`it asks for unique items, which are looked for among at most ${mostCompared}, and the value has a longer list`);
    return this.#validator.validate(value).errors;
  }

  #schema(schema: Json, path: Path): unknown {
    if (Array.isArray(schema)) return schema.map((each, index) => this.#schema(each, [...path, index]));
    if (!isJsonObject(schema)) return schema;
    if (typeof schema.pattern === 'string') refuseRunaway(schema.pattern, [...path, 'pattern']);
    if (isJsonObject(schema.patternProperties))
      for (const pattern of Object.keys(schema.patternProperties)) refuseRunaway(pattern, [...path, 'patternProperties', pattern]);
    this.#comparesItems ||= schema.uniqueItems === true;
    const words = Object.entries(schema).filter(([word]) => !notRead.has(word));
    const copied = words.map(([word, value]): [string, unknown] => [word, this.#word(word, value, [...path, word])]);
    return new CountedSchema(copied, schema.$ref, stepsOf(schema));
  }

  #word(word: string, value: Json, path: Path): unknown {
    if (notSchemas.has(word)) return value;
    if (!schemasByName.has(word) || !isJsonObject(value)) return this.#schema(value, path);
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, this.#schema(each, [...path, name])]));
  }
}

function refuseRunaway(pattern: string, path: Path): void {
  const mistake = runawayMistake(pattern);
  if (mistake !== undefined) throw new Error(`its pattern at ${pointer(path)} may not be used. ${mistake}`);
}

function stepsOf({ enum: values, const: only, required, dependentRequired, dependencies, properties, patternProperties }: JsonObject): number {
  const read = [values, only, dependentRequired, dependencies].filter((word) => typeof word === 'object' || typeof word === 'string');
  const characters = read.reduce<number>((sum, word) => sum + JSON.stringify(word).length, 0);
  const names = isJsonObject(properties) ? Object.keys(properties).length : 0;
  const patterns = isJsonObject(patternProperties) ? Object.keys(patternProperties).length : 0;
  const needed = Array.isArray(required) ? required.length : 0;
  return Math.floor(1 + characters / charactersPerStep + needed / requiredPerStep + names / namesPerStep + stepsPerPattern * patterns);
}

function hasLongList(value: Json): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.length > mostCompared || value.some(hasLongList);
  return Object.values(value).some(hasLongList);
}
