/** References of a description, followed within it, so that each schema stands by itself. Bounded in depth and in size. */
import { isJsonObject, type Json, type JsonObject } from '@switchyard/shared';

const deepestSchema = 12;
/** Values in one schema: what a tool's parameters may reasonably hold. */
const mostValues = 1_500;
const longestText = 500;
/** What validates nothing and only makes a schema longer. */
const dropped: ReadonlySet<string> = new Set(['example', 'examples', 'externalDocs', 'xml', 'discriminator', '$schema', '$id', '$anchor']);

export class References {
  readonly #document: JsonObject;

  constructor(document: JsonObject) {
    this.#document = document;
  }

  /** The object that this is or leads to; empty where there is none. */
  object(value: Json): JsonObject {
    let found = value;
    for (let hop = 0; hop < 8 && isJsonObject(found) && typeof found.$ref === 'string'; hop += 1) found = this.#find(found.$ref) ?? null;
    return isJsonObject(found) && typeof found.$ref !== 'string' ? found : {};
  }

  /** The schema without references. */
  schema(value: Json | undefined): JsonObject {
    const budget = { values: mostValues };
    const schema = this.#inline(value ?? {}, { trail: [], depth: 0, budget });
    return isJsonObject(schema) ? schema : {};
  }

  #inline(value: Json, at: { trail: readonly string[]; depth: number; budget: { values: number } }): Json {
    at.budget.values -= 1;
    if (typeof value === 'string') return value.slice(0, longestText);
    if (typeof value !== 'object' || value === null) return value;
    if (at.depth > deepestSchema || at.budget.values < 0) return Array.isArray(value) ? [] : {};
    const within = { ...at, depth: at.depth + 1 };
    if (Array.isArray(value)) return value.map((item) => this.#inline(item, within));
    if (typeof value.$ref === 'string') {
      const target = at.trail.includes(value.$ref) ? undefined : this.#find(value.$ref);
      return target === undefined ? {} : this.#inline(target, { ...within, trail: [...at.trail, value.$ref] });
    }
    return Object.fromEntries(
      Object.entries(value)
        .filter(([key]) => !dropped.has(key) && !key.startsWith('x-') && key !== '__proto__')
        .map(([key, each]) => [key, this.#inline(each, within)]),
    );
  }

  #find(reference: string): Json | undefined {
    if (!reference.startsWith('#/')) return undefined;
    let value: Json | undefined = this.#document;
    for (const part of reference.slice(2).split('/')) {
      const name = decoded(part).replaceAll('~1', '/').replaceAll('~0', '~');
      value = typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? (value as JsonObject)[name] : undefined;
    }
    return value;
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
