/**
 * A quick yes for the plainest schemas, those of most operations' arguments: an object of texts, numbers and booleans. Only ever says that a value fits;
 * what it cannot say so of, the validator judges.
 */
import { isJsonObject, type Json, type Schema } from '@switchyard/shared';

/** They say nothing of which values fit. */
const remarks: ReadonlySet<string> = new Set(['type', 'title', 'description', 'default', 'examples']);
const objectWords: ReadonlySet<string> = new Set([...remarks, 'properties', 'required', 'additionalProperties']);
const plainTypes: ReadonlySet<Json> = new Set(['string', 'number', 'boolean']);

/** Whether a value surely fits; undefined where the schema says more than can be judged here. */
export function quickCheck(schema: Schema): ((value: Json) => boolean) | undefined {
  const { type, properties = {}, required = [], additionalProperties = true } = schema;
  if (type !== 'object' || !isJsonObject(properties) || !Array.isArray(required) || typeof additionalProperties !== 'boolean') return undefined;
  if (!Object.keys(schema).every((word) => objectWords.has(word))) return undefined;
  const types = new Map<string, string>();
  for (const [name, property] of Object.entries(properties)) {
    if (!isPlain(property)) return undefined;
    types.set(name, property.type);
  }
  const needed = required.filter((name) => typeof name === 'string');
  return (value) => {
    if (!isJsonObject(value)) return false;
    for (const name of Object.keys(value)) {
      const wanted = types.get(name);
      if (wanted === undefined ? !additionalProperties : typeof value[name] !== wanted) return false;
    }
    return needed.every((name) => Object.hasOwn(value, name));
  };
}

function isPlain(property: Json): property is { type: string } {
  return isJsonObject(property) && property.type !== undefined && plainTypes.has(property.type) && Object.keys(property).every((word) => remarks.has(word));
}
