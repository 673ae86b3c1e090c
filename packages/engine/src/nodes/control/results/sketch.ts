/** A value described without being shown: its schema as far as it can be told, and where its longest list stands. Pure. */
import { isJsonObject, type Json, type Schema } from '@switchyard/shared';

const mostProperties = 40;
const mostSampled = 20;

/** The schema of what is there, told to a depth; lists by a sample of their elements. */
export function sketch(value: Json, depth = 4): Schema {
  if (Array.isArray(value)) return depth === 0 ? { type: 'array' } : { type: 'array', items: merged(value.slice(0, mostSampled), depth - 1) };
  if (!isJsonObject(value)) return { type: typeOf(value) };
  if (depth === 0) return { type: 'object' };
  const entries = Object.entries(value).slice(0, mostProperties);
  return { type: 'object', properties: Object.fromEntries(entries.map(([name, inner]) => [name, sketch(inner, depth - 1)])) };
}

/** The longest list in the value, at most two levels down, and its path. */
export function mainList(value: Json, depth = 2): { path: string; list: Json[] } | undefined {
  if (Array.isArray(value)) return { path: '', list: value };
  if (!isJsonObject(value) || depth === 0) return undefined;
  let best: { path: string; list: Json[] } | undefined;
  for (const [name, inner] of Object.entries(value)) {
    const found = mainList(inner, depth - 1);
    if (found && found.list.length > (best?.list.length ?? -1)) best = { path: found.path === '' ? name : `${name}.${found.path}`, list: found.list };
  }
  return best;
}

function merged(values: readonly Json[], depth: number): Schema {
  const types = [...new Set(values.map(typeOf))];
  const objects = values.filter(isJsonObject);
  if (types.length !== 1 || objects.length === 0) return types.length === 1 ? sketch(values[0] as Json, depth) : types.length === 0 ? {} : { type: types };
  const names = [...new Set(objects.flatMap((object) => Object.keys(object)))].slice(0, mostProperties);
  const of = (name: string) => objects.flatMap((object) => (Object.hasOwn(object, name) ? [object[name] as Json] : []));
  return depth === 0 ? { type: 'object' } : { type: 'object', properties: Object.fromEntries(names.map((name) => [name, merged(of(name), depth - 1)])) };
}

function typeOf(value: Json): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}
