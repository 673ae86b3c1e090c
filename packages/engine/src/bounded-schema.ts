/**
 * A schema that refers to others as one that stands by itself and is no longer than it may be: the fullest form that fits.
 *
 * 1. What is deeper than there is room for, or holds itself, becomes its type with a description of what stood there. It then says less than it did,
 *    never more: a value that fits the whole schema fits the bounded one.
 * 2. The work is bounded as the result is: a form is given up as soon as it is too long.
 * 3. For a value that is to be checked, the schema is written out where the value is, to any depth: what the value does not have needs no schema.
 */
import { isJsonObject, type Json, type JsonObject, type Schema } from '@switchyard/shared';

export type SharedSchemas = Readonly<Record<string, Schema>>;

/** Before the name of a shared schema in a reference to it. */
export const sharedPrefix = '#/schemas/';

export interface BoundOptions {
  /** Characters of JSON at most. */
  most: number;
  /** The schema is for values that are sent: what a server alone sets is left out. */
  isSent?: boolean;
  /** The value that is checked by it. */
  value?: Json;
}

interface Form {
  /** Objects and lists within one another. */
  levels: number;
  /** Characters of a description. */
  text: number;
  /** Values of an enum. */
  values: number;
}

/** From the fullest on. */
const formsToTry: readonly Form[] = [
  { levels: 12, text: 500, values: 500 },
  { levels: 6, text: 300, values: 100 },
  { levels: 4, text: 160, values: 60 },
  { levels: 3, text: 120, values: 40 },
  { levels: 3, text: 0, values: 40 },
  { levels: 2, text: 100, values: 30 },
  { levels: 2, text: 0, values: 20 },
  { levels: 1, text: 60, values: 10 },
  { levels: 1, text: 0, values: 0 },
];
/** Names told of an object whose properties are not. */
const mostNames = 25;

/** Along a value, which is bounded itself. */
const alongValue: Form = { levels: 100, text: 0, values: 500 };

export function boundedSchema(schema: Schema, shared: SharedSchemas, { most, isSent = false, value }: BoundOptions): Schema {
  const along = value === undefined ? undefined : new Writing(shared, { ...alongValue, most, isSent }).whole(schema, [value]);
  if (along) return along;
  for (const form of formsToTry) {
    const fitted = new Writing(shared, { ...form, most, isSent }).whole(schema);
    if (fitted) return fitted;
  }
  return new Writing(shared, { levels: 0, text: 0, values: 0, most: Number.POSITIVE_INFINITY, isSent }).whole(schema) ?? {};
}

interface Place {
  levels: number;
  /** Shared schemas that stand around it; along values, those alone that are for the same ones. */
  trail: readonly string[];
  /** What it is for. Absent: for any value. */
  along?: readonly Json[] | undefined;
}

type Bound = Required<Omit<BoundOptions, 'value'>>;

/** One attempt. */
class Writing {
  readonly #shared: SharedSchemas;
  readonly #form: Form & Bound;
  #left: number;

  constructor(shared: SharedSchemas, form: Form & Bound) {
    this.#shared = shared;
    this.#form = form;
    this.#left = form.most;
  }

  /** Undefined where it is too long. */
  whole(schema: Schema, along?: readonly Json[]): Schema | undefined {
    const written = this.#schema(schema, { levels: this.#form.levels, trail: [], along });
    return this.#left >= 0 && JSON.stringify(written).length <= this.#form.most ? written : undefined;
  }

  #schema(schema: Schema, at: Place): Schema {
    this.#left -= 2;
    if (this.#left < 0) return {};
    const { $ref: reference, ...own } = schema;
    if (typeof reference === 'string') return this.#referred(reference, own, at);
    if (at.levels <= 0 && (isJsonObject(schema.properties) || isJsonObject(schema.items))) return this.#inWords(schema, at);
    const entries = Object.entries(schema).flatMap(([word, value]): [string, Json][] => {
      const written = this.#word(word, value, { schema, at });
      if (written !== undefined) this.#left -= word.length + 4 + (typeof written === 'object' ? 0 : String(written).length);
      return written === undefined ? [] : [[word, written]];
    });
    return Object.fromEntries(entries);
  }

  #referred(reference: string, own: Schema, at: Place): Schema {
    const name = reference.slice(sharedPrefix.length);
    const target = Object.hasOwn(this.#shared, name) ? this.#shared[name] : undefined;
    if (!target) return this.#schema(own, at);
    if (at.trail.includes(name)) return this.#inWords({ ...target, ...own }, at);
    const written = this.#schema(target, { ...at, trail: [...at.trail, name] });
    if (Object.keys(own).length === 0) return written;
    const beside = this.#schema(own, at);
    const saysOnlyMore = Object.keys(beside).every((word) => remarks.has(word));
    return saysOnlyMore ? { ...written, ...beside } : { allOf: [written, beside] };
  }

  #word(word: string, value: Json, { schema, at }: { schema: Schema; at: Place }): Json | undefined {
    switch (word) {
      case 'properties':
        return isJsonObject(value) ? this.#properties(value, at) : undefined;
      case 'items':
        return isJsonObject(value) ? this.#within(value, at, (each) => (Array.isArray(each) ? each : [])) : value;
      case 'additionalProperties':
        return isJsonObject(value) ? this.#within(value, at, (each) => (isJsonObject(each) ? Object.values(each) : [])) : value;
      case 'allOf':
      case 'anyOf':
        return Array.isArray(value) ? value.map((each) => this.#schema(isJsonObject(each) ? each : {}, at)) : undefined;
      case 'required':
        return this.#counted(this.#form.isSent && Array.isArray(value) ? value.filter((name) => !this.#isServers(schema, name)) : value);
      case 'enum':
        return Array.isArray(value) && value.length <= this.#form.values ? this.#counted(value) : undefined;
      case 'description':
        return this.#text(value);
      case 'readOnly':
        return undefined;
      default:
        return this.#counted(value);
    }
  }

  #properties(properties: JsonObject, at: Place): Json {
    const entries = Object.entries(properties).flatMap(([name, value]): [string, Schema][] => {
      if (!isJsonObject(value) || (this.#form.isSent && value.readOnly === true) || this.#left < 0) return [];
      const written = this.#within(value, at, (each) => (isJsonObject(each) && Object.hasOwn(each, name) ? [each[name] as Json] : []));
      if (written === undefined) return [];
      this.#left -= name.length + 4;
      return [[name, written]];
    });
    return Object.fromEntries(entries);
  }

  /** One level deeper. Undefined where the values that it is written along have nothing there. */
  #within(schema: Schema, at: Place, inner: (value: Json) => readonly Json[]): Schema | undefined {
    const levels = at.levels - 1;
    if (!at.along) return this.#schema(schema, { ...at, levels });
    const along = at.along.flatMap(inner);
    return along.length === 0 ? undefined : this.#schema(schema, { levels, trail: [], along });
  }

  /** Set by the server alone, so that nobody can be required to send it. */
  #isServers({ properties }: Schema, name: Json): boolean {
    const property = isJsonObject(properties) && typeof name === 'string' && Object.hasOwn(properties, name) ? properties[name] : undefined;
    return isJsonObject(property) && property.readOnly === true;
  }

  /** What stands for a schema that is not told: its type, and in words what it holds. */
  #inWords(schema: Schema, at: Place): Schema {
    const { type, description } = schema;
    const names = isJsonObject(schema.properties) ? Object.keys(schema.properties) : [];
    const more = names.length > mostNames ? `, and ${names.length - mostNames} more` : '';
    const holds = names.length > 0 ? `An object with ${names.slice(0, mostNames).join(', ')}${more}.` : isJsonObject(schema.items) ? 'A list.' : '';
    const around = at.trail.length > 0 && holds === '' ? `${at.trail.at(-1)}.` : '';
    const text = [typeof description === 'string' ? description.slice(0, this.#form.text) : '', holds, around].filter(Boolean).join(' ').slice(0, 800);
    const told = { ...(type !== undefined && { type }), ...(text && { description: text }) };
    this.#left -= JSON.stringify(told).length;
    return told;
  }

  #text(value: Json): string | undefined {
    if (typeof value !== 'string' || this.#form.text === 0) return undefined;
    return value.length > this.#form.text ? `${value.slice(0, this.#form.text - 1)}…` : value;
  }

  #counted(value: Json): Json {
    if (typeof value === 'object') this.#left -= JSON.stringify(value).length;
    return value;
  }
}

/** Words that say nothing of which values fit. */
const remarks: ReadonlySet<string> = new Set(['title', 'description', 'default']);
