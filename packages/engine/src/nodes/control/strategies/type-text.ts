/** JSON Schema as a TypeScript type on one line, and operations as functions of such types, for a model to read: as exact as helps to write code, never wrong, bounded in depth. Pure. */
import { isJsonObject, type Json, type Schema } from '@switchyard/shared';
import type { Operation } from '../../../node.ts';

const deepest = 5;
const mostNames = 60;
const mostLiterals = 40;
const longestDoc = 300;
const longestOperationDoc = 1_200;

interface TypeTextOptions {
  /** Leaves the comments on properties out. */
  isBare?: boolean;
}

/** The type of values that fit the schema; `any` where the schema does not say. */
function typeText(schema: Schema | undefined, options: TypeTextOptions = {}, depth = 0): string {
  if (!schema || depth > deepest) return 'any';
  const inner = (one: Json | undefined) => typeText(isJsonObject(one) ? one : undefined, options, depth + 1);
  if ('const' in schema) return literal(schema.const as Json);
  if (Array.isArray(schema.enum)) return schema.enum.length <= mostLiterals ? union(schema.enum.map(literal)) : 'any';
  for (const name of ['anyOf', 'oneOf'] as const) if (Array.isArray(schema[name])) return union(schema[name].map(inner));
  if (Array.isArray(schema.allOf)) return schema.allOf.map((one) => parenthesised(inner(one))).join(' & ');
  if (Array.isArray(schema.type)) return union(schema.type.map((type) => inner({ ...schema, type })));
  switch (schema.type ?? (schema.properties ? 'object' : schema.items ? 'array' : undefined)) {
    case 'string':
      return 'string';
    case 'integer':
    case 'number':
      return 'number';
    case 'boolean':
      return 'boolean';
    case 'null':
      return 'null';
    case 'array':
      return `${parenthesised(inner(schema.items))}[]`;
    case 'object':
      return objectText(schema, options, depth);
    default:
      return 'any';
  }
}

/** What an operation is for, takes and gives. */
export function declareOperation({ description, input, output, effect }: Operation, isBare = false): { doc: string; args: string; result: string } {
  const isOptional = !Array.isArray(input.required) || input.required.length === 0;
  return {
    doc: `/** ${docText(`${effect === 'write' ? 'Changes data. ' : ''}${description}`, isBare ? 120 : longestOperationDoc)} */`,
    args: `(args${isOptional ? '?' : ''}: ${typeText(input, { isBare })})`,
    result: isBare ? 'any' : typeText(output),
  };
}

/** A comment's text: on one line, and nothing in it that could end the comment. */
export function docText(text: Json | undefined, longest = longestDoc): string {
  if (typeof text !== 'string') return '';
  const line = text.replaceAll(/\s+/g, ' ').replaceAll('*/', '* /').trim();
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line;
}

function objectText(schema: Schema, options: TypeTextOptions, depth: number): string {
  const properties = isJsonObject(schema.properties) ? Object.entries(schema.properties) : [];
  const required = Array.isArray(schema.required) ? schema.required : [];
  const shown = properties.slice(0, mostNames).map(([name, value]) => {
    const own = isJsonObject(value) ? value : {};
    const doc = options.isBare ? '' : docOf(own);
    return `${doc && `/** ${doc} */ `}${propertyName(name)}${required.includes(name) ? '' : '?'}: ${typeText(own, options, depth + 1)}`;
  });
  const { additionalProperties: more } = schema;
  if (shown.length === 0) return more === false ? '{}' : `Record<string, ${isJsonObject(more) ? typeText(more, options, depth + 1) : 'any'}>`;
  return `{ ${[...shown, ...(properties.length > mostNames ? ['[name: string]: any'] : [])].join('; ')} }`;
}

function docOf({ description, format }: Schema): string {
  return [docText(description), ...(typeof format === 'string' ? [`(${docText(format, 40)})`] : [])].filter((part) => part !== '').join(' ');
}

function literal(value: Json): string {
  return value === null || typeof value !== 'object' ? JSON.stringify(value) : 'any';
}

function union(types: readonly string[]): string {
  const distinct = [...new Set(types)];
  if (distinct.length === 0 || distinct.includes('any')) return 'any';
  return distinct.join(' | ');
}

function parenthesised(type: string): string {
  return / [|&] /.test(type) && !type.startsWith('{') ? `(${type})` : type;
}

function propertyName(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name).replaceAll('*/', '*\\/');
}
