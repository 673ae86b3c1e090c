/** Finds the settings of a config that mean more than their JSON type: templates, expressions, names of the workspace. */
import { isJsonObject, type Json, type JsonObject, type Schema } from '@switchyard/shared';
import { z } from 'zod';
import type { Kind } from './node.ts';

export interface ConfigField {
  /** `template`, `expression`, `model`, `connection`… as `field` in node.ts gives them. */
  widget: string;
  /** Keys and indexes from the config down. */
  path: (string | number)[];
  value: Json;
  /** The setting's JSON Schema, with what else the widget needs to know. */
  schema: Schema;
}

interface Walk {
  definitions: JsonObject;
  found: Map<string, ConfigField>;
}

const schemas = new WeakMap<Kind, Schema>();

/** The settings with a widget, in the order of the config's schema. The config need not be valid. */
export function configFields(kind: Kind, config: JsonObject): ConfigField[] {
  const schema = configSchema(kind);
  const walk: Walk = { definitions: isJsonObject(schema.$defs) ? schema.$defs : {}, found: new Map() };
  visit(schema, { value: config, path: [] }, walk);
  return [...walk.found.values()];
}

/** JSON Schema of a kind's config, as it may be written. */
export function configSchema(kind: Kind): Schema {
  let schema = schemas.get(kind);
  if (!schema) {
    schema = z.toJSONSchema(kind.config, { io: 'input', unrepresentable: 'any' }) as Schema;
    schemas.set(kind, schema);
  }
  return schema;
}

interface Place {
  value: Json;
  path: (string | number)[];
}

function visit(schema: Json | undefined, place: Place, walk: Walk): void {
  if (!isJsonObject(schema)) return;
  if (typeof schema.widget === 'string') {
    const { value, path } = place;
    walk.found.set(`${schema.widget} ${path.join('/')}`, { widget: schema.widget, path, value, schema });
    return;
  }
  if (typeof schema.$ref === 'string') {
    visit(walk.definitions[schema.$ref.slice('#/$defs/'.length)], place, walk);
    return;
  }
  for (const key of ['anyOf', 'oneOf', 'allOf'] as const) {
    const alternatives = schema[key];
    if (Array.isArray(alternatives)) for (const each of alternatives) if (couldBe(each, place.value)) visit(each, place, walk);
  }
  visitWithin(schema, place, walk);
}

function visitWithin(schema: Schema, { value, path }: Place, walk: Walk): void {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) visit(schema.items, { value: item, path: [...path, index] }, walk);
    return;
  }
  if (!isJsonObject(value)) return;
  const properties = isJsonObject(schema.properties) ? schema.properties : {};
  for (const key of Object.keys(value)) {
    const within = Object.hasOwn(properties, key) ? properties[key] : schema.additionalProperties;
    visit(within, { value: value[key] as Json, path: [...path, key] }, walk);
  }
}

/** Alternatives are told apart by their types and their constant properties. */
function couldBe(schema: Json, value: Json): boolean {
  if (!isJsonObject(schema)) return false;
  if (schema.type === 'object' && !isJsonObject(value)) return false;
  if (schema.type === 'array' && !Array.isArray(value)) return false;
  if (schema.type === 'string' && typeof value !== 'string') return false;
  if (!isJsonObject(schema.properties) || !isJsonObject(value)) return true;
  return Object.entries(schema.properties).every(([key, property]) => !isJsonObject(property) || !('const' in property) || property.const === value[key]);
}
