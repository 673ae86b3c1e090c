/**
 * The fields of a schema's queries and mutations as operations: a document with variables, selecting what can be selected to a bounded depth.
 *
 * 1. The catalogue is no longer than so many characters, whatever the schema: types that hold one another have no end, and what they are written out to
 *    grows with the power of their fields.
 * 2. Arguments are told to the greatest depth for which there is room; what is deeper stands for any value. The work ends where the room does.
 */
import type { GraphqlCatalogue, JsonObject } from '@switchyard/shared';
import {
  getNamedType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
  isRequiredInputField,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLOutputType,
  type GraphQLSchema,
} from 'graphql';

const mostOperations = 500;
const deepestSelection = 3;
const deepestInput = 5;
const mostFields = 120;
/** Characters of the whole catalogue, and of the arguments of one operation. */
const mostCharacters = 4_000_000;
const mostOfArguments = 40_000;
/** Characters of a selection, and of a document: a longer one could not be sent. */
const longestSelection = 15_000;
const longestDocument = 20_000;
/** Around a name in a schema. */
const wrapping = 30;

type Operations = GraphqlCatalogue['operations'];

export function operationsOf(schema: GraphQLSchema): Operations {
  const roots = [
    { type: schema.getQueryType(), word: 'query', effect: 'read' },
    { type: schema.getMutationType(), word: 'mutation', effect: 'write' },
  ] as const;
  const names = new Set<string>();
  const fields = roots
    .flatMap(({ type, word, effect }) => Object.values(type?.getFields() ?? {}).map((field) => ({ field, word, effect })))
    .slice(0, mostOperations);
  const operations: Operations = [];
  let left = mostCharacters;
  for (const [index, { field, word, effect }] of fields.entries()) {
    const document = documentOf(word, field);
    // Each has an equal share of the room, and of what those before it left.
    const input = document && inputOf(field.args, Math.min(mostOfArguments, left / (fields.length - index) - document.length));
    if (document === undefined || !input) continue;
    const name = names.has(field.name) || field.name === 'query' ? `${word}_${field.name}` : field.name;
    names.add(name);
    const operation = { name, description: (field.description ?? `The ${word} ${field.name}`).slice(0, 1_000), effect, document, input };
    left -= JSON.stringify(operation).length;
    operations.push(operation);
  }
  return operations;
}

/** Undefined where it is too long to be sent. */
function documentOf(word: string, field: GraphQLField<unknown, unknown>): string | undefined {
  const named = field.args.reduce((sum, { name }) => sum + name.length, field.name.length);
  if (named > longestDocument) return undefined;
  const variables = field.args.map((argument) => `$${argument.name}: ${String(argument.type)}`).join(', ');
  const args = field.args.map((argument) => `${argument.name}: $${argument.name}`).join(', ');
  const selection = selectionOf(field.type, { depth: 1, budget: { fields: mostFields, characters: longestSelection } });
  const document = `${word}${variables && ` (${variables})`} { ${field.name}${args && `(${args})`}${selection && ` ${selection}`} }`;
  return document.length > longestDocument ? undefined : document;
}

function selectionOf(type: GraphQLOutputType, at: { depth: number; budget: { fields: number; characters: number } }): string {
  const named = getNamedType(type);
  if (isLeafType(named)) return '';
  if (!isObjectType(named)) return '{ __typename }';
  const { depth, budget } = at;
  const chosen: string[] = [];
  for (const field of Object.values(named.getFields())) {
    if (budget.fields <= 0) break;
    if (field.args.some(isRequiredArgument) || field.name.length >= budget.characters) continue;
    if (!isLeafType(getNamedType(field.type)) && depth >= deepestSelection) continue;
    budget.fields -= 1;
    budget.characters -= field.name.length + 1;
    chosen.push(`${field.name} ${selectionOf(field.type, { ...at, depth: depth + 1 })}`.trim());
  }
  return `{ ${chosen.join(' ') || '__typename'} }`;
}

/** To the greatest depth that fits; undefined where not even the arguments' names do. */
function inputOf(args: readonly GraphQLArgument[], most: number): JsonObject | undefined {
  const required = args.filter(isRequiredArgument).map((argument) => argument.name);
  for (let deepest = deepestInput; deepest >= -1; deepest -= 1) {
    const room = { left: most };
    const properties = args.map(({ name, description, type }): [string, JsonObject] => {
      room.left -= 2 * name.length + wrapping;
      return [name, { ...schemaOf(type, { depth: 0, deepest, room }), ...described(description, room) }];
    });
    if (room.left >= 0) return { type: 'object', properties: Object.fromEntries(properties), required, additionalProperties: false };
  }
  return undefined;
}

function described(description: string | null | undefined, room: { left: number }): JsonObject {
  if (!description) return {};
  room.left -= Math.min(description.length, 500);
  return { description: description.slice(0, 500) };
}

interface Place {
  depth: number;
  deepest: number;
  /** Characters. Below nothing, what is written is thrown away. */
  room: { left: number };
}

function schemaOf(type: GraphQLInputType, at: Place): JsonObject {
  const { depth, deepest, room } = at;
  if (isNonNullType(type)) return schemaOf(type.ofType as GraphQLInputType, at);
  if (depth > deepest || room.left < 0) return {};
  room.left -= wrapping;
  if (isListType(type)) return { type: 'array', items: schemaOf(type.ofType as GraphQLInputType, { ...at, depth: depth + 1 }) };
  if (isEnumType(type)) return enumOf(type.getValues(), room);
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields());
    room.left -= fields.reduce((sum, { name }) => sum + 2 * name.length + wrapping, 0);
    if (room.left < 0) return {};
    return {
      type: 'object',
      properties: Object.fromEntries(fields.map((field) => [field.name, schemaOf(field.type, { ...at, depth: depth + 1 })])),
      required: fields.filter(isRequiredInputField).map((field) => field.name),
      additionalProperties: false,
    };
  }
  const scalars: Record<string, JsonObject> = {
    Int: { type: 'integer' },
    Float: { type: 'number' },
    Boolean: { type: 'boolean' },
    String: { type: 'string' },
    ID: { type: 'string' },
  };
  return scalars[String(type)] ?? {};
}

/** One that has no room is any text. */
function enumOf(values: readonly { name: string }[], room: { left: number }): JsonObject {
  let { left } = room;
  for (const { name } of values) {
    left -= name.length + 3;
    if (left < 0) return { type: 'string' };
  }
  room.left = left;
  return { enum: values.map(({ name }) => name) };
}
