/**
 * Schemas of a description, cleaned, with those that are referred to kept once.
 *
 * 1. A reference becomes one into the shelf; one that leads out of the description, or to nothing, stands for any value.
 * 2. Only words that are known are kept. `oneOf` becomes `anyOf`, and `not` is left out: a schema may say less than the description, never more.
 * 3. Depth and size of each are bounded: what is beyond stands for any value.
 */
import { isJsonObject, type Json, type JsonObject, type Schema } from '@switchyard/shared';
import { sharedPrefix } from '../../../bounded-schema.ts';
import { unusedName } from './names.ts';
import type { References } from './references.ts';
import { plainWords } from './schema-words.ts';

export interface ShelfLimits {
  /** Characters of a description. */
  text: number;
  /** Values in one schema, without those that it refers to. */
  values: number;
}

const deepest = 40;

export class SchemaShelf {
  readonly #references: References;
  readonly #limits: ShelfLimits;
  readonly #names = new Map<string, string>();
  readonly #schemas = new Map<string, Schema>();
  readonly #waiting: { name: string; target: Json }[] = [];

  constructor(references: References, limits: ShelfLimits) {
    this.#references = references;
    this.#limits = limits;
  }

  /** The schema; what it refers to is put on the shelf. */
  clean(value: Json | undefined): Schema {
    const cleaned = this.#schema(value ?? {}, { depth: 0, budget: { values: this.#limits.values } });
    for (let next = this.#waiting.pop(); next; next = this.#waiting.pop())
      this.#schemas.set(next.name, this.#schema(next.target, { depth: 0, budget: { values: this.#limits.values } }));
    return cleaned;
  }

  /** All that was referred to so far. */
  get schemas(): Record<string, Schema> {
    return Object.fromEntries(this.#schemas);
  }

  #schema(value: Json, at: { depth: number; budget: { values: number } }): Schema {
    at.budget.values -= 1;
    if (!isJsonObject(value) || at.depth > deepest || at.budget.values < 0) return {};
    const within = { ...at, depth: at.depth + 1 };
    const schema: Schema = {};
    for (const [word, written] of Object.entries(value)) {
      const kept = word === '$ref' ? this.#reference(written) : this.#word(word, written, within);
      if (kept !== undefined) schema[word === 'oneOf' ? 'anyOf' : word] = kept;
    }
    return schema;
  }

  #word(word: string, value: Json, at: { depth: number; budget: { values: number } }): Json | undefined {
    switch (word) {
      case 'properties':
        return isJsonObject(value) ? this.#properties(value, at) : undefined;
      case 'items':
        return isJsonObject(value) ? this.#schema(value, at) : undefined;
      case 'additionalProperties':
        return isJsonObject(value) ? this.#schema(value, at) : value === false ? false : undefined;
      case 'allOf':
      case 'anyOf':
      case 'oneOf':
        return Array.isArray(value) && value.length > 0 ? value.map((each) => this.#schema(each, at)) : undefined;
      case 'description':
        return typeof value === 'string' ? value.slice(0, this.#limits.text) || undefined : undefined;
      default:
        return plainWords.get(word)?.(value);
    }
  }

  #properties(properties: JsonObject, at: { depth: number; budget: { values: number } }): JsonObject {
    const entries = Object.entries(properties).filter(([name]) => name !== '__proto__');
    return Object.fromEntries(entries.map(([name, each]) => [name, this.#schema(each, at)]));
  }

  #reference(value: Json): string | undefined {
    if (typeof value !== 'string') return undefined;
    const known = this.#names.get(value);
    if (known !== undefined) return sharedPrefix + known;
    const target = this.#references.find(value);
    if (target === undefined) return undefined;
    const name = unusedName(value.split('/').at(-1) ?? '', (taken) => this.#schemas.has(taken));
    this.#names.set(value, name);
    // Taken at once: it may hold itself.
    this.#schemas.set(name, {});
    this.#waiting.push({ name, target });
    return sharedPrefix + name;
  }
}
