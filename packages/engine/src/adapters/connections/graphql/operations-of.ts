/** The fields of a schema's queries and mutations as operations: a document with variables, selecting what can be selected to a bounded depth. */
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
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLOutputType,
  type GraphQLSchema,
} from 'graphql';

const mostOperations = 500;
const deepestSelection = 3;
const deepestInput = 5;
const mostFields = 120;

export function operationsOf(schema: GraphQLSchema): GraphqlCatalogue['operations'] {
  const roots = [
    { type: schema.getQueryType(), word: 'query', effect: 'read' },
    { type: schema.getMutationType(), word: 'mutation', effect: 'write' },
  ] as const;
  const names = new Set<string>();
  return roots
    .flatMap(({ type, word, effect }) => Object.values(type?.getFields() ?? {}).map((field) => ({ field, word, effect })))
    .slice(0, mostOperations)
    .map(({ field, word, effect }) => {
      const name = names.has(field.name) || field.name === 'query' ? `${word}_${field.name}` : field.name;
      names.add(name);
      const properties = Object.fromEntries(field.args.map((argument) => [argument.name, describedSchema(argument.type, argument.description)]));
      const required = field.args.filter(isRequiredArgument).map((argument) => argument.name);
      return {
        name,
        description: (field.description ?? `The ${word} ${field.name}`).slice(0, 1_000),
        effect,
        document: documentOf(word, field),
        input: { type: 'object', properties, required, additionalProperties: false },
      };
    });
}

function documentOf(word: string, field: GraphQLField<unknown, unknown>): string {
  const variables = field.args.map((argument) => `$${argument.name}: ${String(argument.type)}`).join(', ');
  const args = field.args.map((argument) => `${argument.name}: $${argument.name}`).join(', ');
  const selection = selectionOf(field.type, { depth: 1, budget: { fields: mostFields } });
  return `${word}${variables && ` (${variables})`} { ${field.name}${args && `(${args})`}${selection && ` ${selection}`} }`;
}

function selectionOf(type: GraphQLOutputType, at: { depth: number; budget: { fields: number } }): string {
  const named = getNamedType(type);
  if (isLeafType(named)) return '';
  if (!isObjectType(named)) return '{ __typename }';
  const chosen = Object.values(named.getFields()).flatMap((field) => {
    if (field.args.some(isRequiredArgument) || at.budget.fields <= 0) return [];
    if (!isLeafType(getNamedType(field.type)) && at.depth >= deepestSelection) return [];
    at.budget.fields -= 1;
    return [`${field.name} ${selectionOf(field.type, { ...at, depth: at.depth + 1 })}`.trim()];
  });
  return `{ ${chosen.join(' ') || '__typename'} }`;
}

function describedSchema(type: GraphQLInputType, description: string | null | undefined): JsonObject {
  return { ...schemaOf(type, 0), ...(description && { description: description.slice(0, 500) }) };
}

function schemaOf(type: GraphQLInputType, depth: number): JsonObject {
  if (isNonNullType(type)) return schemaOf(type.ofType as GraphQLInputType, depth);
  if (depth > deepestInput) return {};
  if (isListType(type)) return { type: 'array', items: schemaOf(type.ofType as GraphQLInputType, depth + 1) };
  if (isEnumType(type)) return { enum: type.getValues().map(({ name }) => name) };
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields());
    return {
      type: 'object',
      properties: Object.fromEntries(fields.map((field) => [field.name, schemaOf(field.type, depth + 1)])),
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
