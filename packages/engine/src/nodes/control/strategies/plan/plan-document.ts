/** The plan as a model writes it: its schema, and the references by which a step works on the results of others. */
import { isJsonObject, type Json, type JsonObject, type Schema, type Tool } from '@switchyard/shared';
import { objectSchema } from '../../../../schema.ts';
import { valueAt } from '../../results/json-path.ts';

export const planTool = 'make-plan';
const mostSteps = 40;

/** Something of the result of a step; `path` is empty for all of it. */
export interface Reference {
  step: string;
  path: string;
}

export interface PlanStep {
  id: string;
  title?: string;
  /** Name of a tool. */
  operation: string;
  arguments: JsonObject;
  /** The step is made for each element of the list that stands there. */
  each?: Json;
  /** Steps that must have ended before, beside those that are referred to. */
  after?: string[];
}

/** The tool by which a model gives its plan. */
export function planToolOf(operations: readonly string[], callsPerTurn: number): Tool {
  const reference = objectSchema(
    { $from: { type: 'string', description: 'Id of a step' }, path: { type: 'string', description: 'Such as "rows", default all' } },
    ['path'],
  );
  const step = objectSchema(
    {
      id: { type: 'string', pattern: '^[a-zA-Z][a-zA-Z0-9_]{0,39}$', description: 'Unique, such as "orders"' },
      title: { type: 'string', maxLength: 80, description: 'What the step is for, in a few words' },
      operation: { enum: [...operations] },
      arguments: { type: 'object', description: 'That fit the operation’s schema; a value may be {"$from": "step", "path": "rows[0].id"}' },
      each: {
        ...reference,
        description:
          'Makes the step for each element of the list that stands there; in its arguments {"$each": "id"} is a field of the element, {"$each": ""} all of it',
      },
      after: { type: 'array', items: { type: 'string' }, description: 'Steps that must end before, where no reference says so' },
    },
    ['title', 'each', 'after'],
  );
  return {
    name: planTool,
    description: `Gives your plan, which is then carried out: steps that do not depend on one another run side by side, and the result of every step comes back to you. At most ${callsPerTurn} calls in one plan.`,
    parameters: objectSchema({ steps: { type: 'array', minItems: 1, maxItems: mostSteps, items: step } }),
  };
}

/** `{ "$from": step, "path"?: path }`. */
export function readReference(value: Json): Reference | undefined {
  if (!isJsonObject(value) || typeof value.$from !== 'string') return undefined;
  return { step: value.$from, path: typeof value.path === 'string' ? value.path : '' };
}

/** `{ "$each": path }`: of the element that the step is made for. */
export function readElement(value: Json): string | undefined {
  return isJsonObject(value) && typeof value.$each === 'string' ? value.$each : undefined;
}

/** Every reference in the value, at any depth. */
export function referencesIn(value: Json): Reference[] {
  const found = readReference(value);
  if (found) return [found];
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  return isJsonObject(value) ? Object.values(value).flatMap(referencesIn) : [];
}

/** Every `$each` in the value. */
export function elementsIn(value: Json): string[] {
  const found = readElement(value);
  if (found !== undefined) return [found];
  if (Array.isArray(value)) return value.flatMap(elementsIn);
  return isJsonObject(value) ? Object.values(value).flatMap(elementsIn) : [];
}

/** Ids of the steps whose end the step waits for. */
export function needsOf(step: PlanStep): string[] {
  const referred = [...referencesIn(step.arguments), ...(step.each === undefined ? [] : referencesIn(step.each))].map((reference) => reference.step);
  return [...new Set([...referred, ...(step.after ?? [])])];
}

/** Says which reference leads to nothing. */
export class NothingThere extends Error {}

/** The value with every reference replaced by what it leads to. Throws NothingThere. */
export function resolve(value: Json, results: ReadonlyMap<string, Json>, element?: Json): Json {
  const reference = readReference(value);
  if (reference) {
    const found = valueAt(results.get(reference.step) ?? null, reference.path);
    if (found === undefined) throw new NothingThere(`nothing stands at "${reference.path}" of the result of "${reference.step}"`);
    return found;
  }
  const path = readElement(value);
  if (path !== undefined) {
    const found = valueAt(element ?? null, path);
    if (found === undefined) throw new NothingThere(`an element of the list has nothing at "${path}"`);
    return found;
  }
  if (Array.isArray(value)) return value.map((inner) => resolve(inner, results, element));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, resolve(inner, results, element)]));
}

/** The schema with everything allowed where the value has a reference: what is not known yet cannot be a mistake. */
export function loosened(schema: Schema, value: Json): Schema {
  if (readReference(value) || readElement(value) !== undefined) return {};
  if (referencesIn(value).length === 0 && elementsIn(value).length === 0) return schema;
  if (isJsonObject(value) && isJsonObject(schema.properties)) {
    const { properties } = schema;
    const loose = Object.entries(properties).map(([name, inner]) => [
      name,
      Object.hasOwn(value, name) && isJsonObject(inner) ? loosened(inner, value[name] as Json) : inner,
    ]);
    return { ...schema, properties: Object.fromEntries(loose) as JsonObject };
  }
  return {};
}
