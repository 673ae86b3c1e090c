/** References of a description, followed within it and nowhere else. */
import { isJsonObject, type Json, type JsonObject } from '@switchyard/shared';

const mostHops = 8;

export class References {
  readonly #document: JsonObject;

  constructor(document: JsonObject) {
    this.#document = document;
  }

  /** The object that this is or leads to; empty where there is none. */
  object(value: Json | undefined): JsonObject {
    let found = value ?? null;
    for (let hop = 0; hop < mostHops && isJsonObject(found) && typeof found.$ref === 'string'; hop += 1) found = this.find(found.$ref) ?? null;
    return isJsonObject(found) && typeof found.$ref !== 'string' ? found : {};
  }

  /** What stands there; undefined where nothing does, or where it leads out of the description. */
  find(reference: string): Json | undefined {
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
