/**
 * The words of a schema that are kept, each with the values that it may have. Whatever else stands in a description is left out: examples, extensions,
 * and words that real descriptions write wrongly, which a validator would stumble over.
 */
import type { Json } from '@switchyard/shared';

const types: ReadonlySet<Json> = new Set(['object', 'array', 'string', 'number', 'integer', 'boolean', 'null']);
const mostValues = 500;
const longestDefault = 300;
const longestPattern = 200;

const finite = (value: Json) => (typeof value === 'number' && Number.isFinite(value) ? value : undefined);
const count = (value: Json) => (typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : undefined);
const flag = (value: Json) => (value === true ? true : undefined);
const text = (value: Json) => (typeof value === 'string' ? value.slice(0, 200) : undefined);

/** Undefined where the word says nothing that can be kept. A word that leads to further schemas is not here. */
export const plainWords: ReadonlyMap<string, (value: Json) => Json | undefined> = new Map<string, (value: Json) => Json | undefined>([
  ['type', typeOf],
  ['title', text],
  ['format', text],
  ['contentMediaType', text],
  ['contentEncoding', text],
  ['enum', (value) => (Array.isArray(value) && value.length > 0 && value.length <= mostValues ? value : undefined)],
  ['const', (value) => value],
  ['default', (value) => (JSON.stringify(value).length <= longestDefault ? value : undefined)],
  ['required', requiredOf],
  ['pattern', patternOf],
  ['minimum', finite],
  ['maximum', finite],
  ['exclusiveMinimum', finite],
  ['exclusiveMaximum', finite],
  ['multipleOf', (value) => (typeof value === 'number' && value > 0 ? value : undefined)],
  ['minLength', count],
  ['maxLength', count],
  ['minItems', count],
  ['maxItems', count],
  ['minProperties', count],
  ['maxProperties', count],
  ['uniqueItems', flag],
  ['readOnly', flag],
]);

function typeOf(value: Json): Json | undefined {
  if (!Array.isArray(value)) return types.has(value) ? value : undefined;
  const known = [...new Set(value.flat())].filter((type) => types.has(type));
  return known.length > 0 && known.length === new Set(value.flat()).size ? known : undefined;
}

function requiredOf(value: Json): Json | undefined {
  const names = Array.isArray(value) ? value.filter((name) => typeof name === 'string') : [];
  return names.length > 0 ? names : undefined;
}

/** Those that compile as a validator compiles them, and that cannot take it long: no repetition stands within another. */
function patternOf(value: Json): Json | undefined {
  if (typeof value !== 'string' || value.length > longestPattern) return undefined;
  const plain = value.replaceAll(/\\./g, 'x').replaceAll(/\[[^\]]*\]/g, 'x');
  if (/[*+}][^()]*\)[*+{]/.test(plain) || /\)[*+{]/.test(plain)) return undefined;
  try {
    new RegExp(value, 'u');
    return value;
  } catch {
    return undefined;
  }
}
