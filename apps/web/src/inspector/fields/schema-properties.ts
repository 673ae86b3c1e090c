/**
 * JSON Schemas of objects as a list of properties that people can edit, and back. Pure.
 *
 * 1. Writing back what was read gives an equal schema: whatever the list does not show is kept.
 * 2. A schema that the list cannot show truly is not read at all; it is then edited as JSON.
 */
import { isJsonObject, type Json, type Schema } from '@switchyard/shared';

export const propertyTypes = ['string', 'number', 'integer', 'boolean', 'choice', 'array', 'object', 'any'] as const;
export type PropertyType = (typeof propertyTypes)[number];

export interface Property {
  name: string;
  type: PropertyType;
  isRequired: boolean;
  /** The property's whole schema. */
  schema: Schema;
}

/** Types as people call them. */
export const typeNames: Record<PropertyType, string> = {
  string: 'text',
  number: 'number',
  integer: 'whole number',
  boolean: 'yes or no',
  choice: 'choice',
  array: 'list',
  object: 'object',
  any: 'anything',
};

/** The type of one schema; undefined for one that combines or refers. */
export function propertyType(schema: Json | undefined): PropertyType | undefined {
  if (!isJsonObject(schema)) return undefined;
  if (['$ref', 'anyOf', 'oneOf', 'allOf', 'not', 'if', 'const'].some((key) => key in schema)) return undefined;
  if (Array.isArray(schema.enum)) return 'choice';
  if (schema.type === undefined) return 'any';
  return propertyTypes.find((type) => type === schema.type && type !== 'choice' && type !== 'any');
}

/** The properties of an object's schema; undefined where they cannot be shown as a list. */
export function readProperties(schema: Schema): Property[] | undefined {
  if (Object.keys(schema).length > 0 && schema.type !== 'object') return undefined;
  if (propertyType({ ...schema, type: 'object' }) !== 'object') return undefined;
  const properties = schema.properties ?? {};
  const required = schema.required ?? [];
  if (!isJsonObject(properties) || !Array.isArray(required)) return undefined;
  const list: Property[] = [];
  for (const [name, each] of Object.entries(properties)) {
    const type = propertyType(each);
    if (!type) return undefined;
    list.push({ name, type, isRequired: required.includes(name), schema: each as Schema });
  }
  return required.every((name) => typeof name === 'string' && Object.hasOwn(properties, name)) ? list : undefined;
}

/** The schema with these properties; all else of `before` is kept. */
export function writeProperties(before: Schema, properties: readonly Property[]): Schema {
  const { properties: _properties, required: _required, ...rest } = before;
  const required = properties.filter((property) => property.isRequired).map((property) => property.name);
  return {
    ...rest,
    type: 'object',
    properties: Object.fromEntries(properties.map(({ name, schema }) => [name, schema])),
    ...(required.length > 0 && { required }),
  };
}

/** The same schema as another type: words about it are kept, what only the old type means is dropped. */
export function retype(schema: Schema, type: PropertyType): Schema {
  const kept = Object.fromEntries(Object.entries(schema).filter(([key]) => ['title', 'description'].includes(key)));
  if (type === 'any') return kept;
  if (type === 'choice') return { ...kept, enum: ['first', 'second'] };
  return { type, ...kept };
}

/** A name like `wish` that is not taken. */
export function freshName(wish: string, taken: readonly string[]): string {
  if (!taken.includes(wish)) return wish;
  let number = 2;
  while (taken.includes(`${wish}${number}`)) number += 1;
  return `${wish}${number}`;
}

/** What is typed as the choices of an enum, one a line: texts, or JSON for anything else. */
export function readChoices(text: string): Json[] {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return [...new Set(lines)].map((line) => (/^(-?\d+(\.\d+)?|true|false|null)$/.test(line) ? (JSON.parse(line) as Json) : line));
}

/** The choices of an enum as text, one a line. */
export function choicesText(choices: Json | undefined): string {
  return Array.isArray(choices) ? choices.map((choice) => (typeof choice === 'string' ? choice : JSON.stringify(choice))).join('\n') : '';
}
