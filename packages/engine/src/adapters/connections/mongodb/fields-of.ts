/** The fields of some documents: by path, with their types and the few values that they have. */
import type { Json } from '@switchyard/shared';

const mostFields = 60;
const mostDepth = 3;
const mostValues = 12;
const longestValue = 60;

interface Field {
  types: Set<string>;
  count: number;
  /** Undefined once they are too many or too long to be told. */
  values: Set<string> | undefined;
  texts: number;
}

/** `in` is the share of documents that have it, left out where all do; `values` only where a text repeats. */
export function fieldsOf(documents: readonly Record<string, unknown>[]): Json[] {
  const fields = new Map<string, Field>();
  for (const document of documents) addFields(fields, document, '');
  return [...fields].map(([name, { types, count, values, texts }]) => ({
    name,
    types: [...types].sort(),
    ...(count < documents.length && !name.includes('.') && { in: Math.round((count / documents.length) * 100) / 100 }),
    ...(values && values.size > 0 && values.size < texts && { values: [...values].sort() }),
  }));
}

function addFields(fields: Map<string, Field>, document: object, prefix: string): void {
  for (const [key, value] of Object.entries(document)) {
    const name = prefix + key;
    const field = fields.get(name) ?? (fields.size < mostFields ? { types: new Set<string>(), count: 0, values: new Set<string>(), texts: 0 } : undefined);
    if (!field) return;
    fields.set(name, field);
    addValue(field, value);
    const depth = name.split('.').length;
    // The fields of a list's objects are asked for by the list's name.
    const inner = (Array.isArray(value) ? value.slice(0, 5) : [value]).filter((one) => typeOf(one) === 'object');
    if (depth < mostDepth) for (const one of inner) addFields(fields, one as object, `${name}.`);
  }
}

function addValue(field: Field, value: unknown): void {
  field.count += 1;
  field.types.add(typeOf(value));
  if (typeof value !== 'string') return;
  field.texts += 1;
  if (value.length > longestValue || (field.values?.size === mostValues && !field.values.has(value))) field.values = undefined;
  field.values?.add(value);
}

/** As the server names it in `$type`. */
function typeOf(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return 'array';
  if (value instanceof Date) return 'date';
  if (typeof value === 'object') {
    const { _bsontype: type } = value as { _bsontype?: string };
    return type === undefined ? 'object' : `${type.charAt(0).toLowerCase()}${type.slice(1)}`;
  }
  return typeof value === 'boolean' ? 'bool' : typeof value;
}
