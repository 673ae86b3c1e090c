/** JSON values, and the limits and guards every reader of foreign JSON shares. */

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

/** A JSON Schema (draft 2020-12) as plain data. Ports, fields, operation parameters and outputs carry one. */
export type Schema = { [key: string]: Json };

/** Keys that never become an id, a name or a property of ours. */
export const refusedKeys: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Nesting depth of JSON text, counted without parsing it (a text "[[1]]" has depth 2). Stops counting once above `limit`. */
export function jsonDepth(text: string, limit = 64): number {
  let depth = 0;
  let deepest = 0;
  let isInString = false;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (isInString) {
      if (code === 92) index += 1;
      else if (code === 34) isInString = false;
    } else if (code === 34) isInString = true;
    else if (code === 123 || code === 91) {
      depth += 1;
      if (depth > deepest) deepest = depth;
      if (deepest > limit) return deepest;
    } else if (code === 125 || code === 93) depth -= 1;
  }
  return deepest;
}

/** Whether JSON can write the value: text such as 1e999 is read as a number that it would write as null. */
export function isWritable(value: Json): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || value === null) return true;
  return Object.values(value).every(isWritable);
}

/** Only such digits can be a number that is too large. */
const mayOverflow = /[eE]\+?\d{3}|\d{309}/;

/** Undefined for what is no JSON, or would not be the same when it is written again. */
export function parseJson(text: string): Json | undefined {
  try {
    const value = JSON.parse(text) as Json;
    return !mayOverflow.test(text) || isWritable(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const utf8 = new TextEncoder();

/** How many bytes the text has in files, bodies and stores. */
export function utf8Bytes(text: string): number {
  return utf8.encode(text).length;
}

/** JSON pointer (RFC 6901) of a path of keys and indexes; the empty path gives "". */
export function pointer(path: readonly (string | number)[]): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** Compact JSON with the keys of every object in code-unit order: equal values give equal text, for hashes. */
export function stableText(value: Json): string {
  return JSON.stringify(sortKeys(value));
}

/** A copy whose objects have their keys in code-unit order, at every depth. */
export function sortKeys<T>(value: T): T {
  if (Array.isArray(value)) return value.map(sortKeys) as T;
  if (typeof value !== 'object' || value === null) return value;
  const keys = Object.keys(value).sort();
  return Object.fromEntries(keys.map((key) => [key, sortKeys((value as Record<string, unknown>)[key])])) as T;
}
