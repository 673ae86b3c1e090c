/** One operation of a description. */
import type { DescribedOperation, Json, JsonObject, Schema } from '@switchyard/shared';
import { boundedSchema } from '../../../bounded-schema.ts';
import { textOf, unusedName } from './names.ts';
import { readBody } from './read-body.ts';
import { readParameters, writtenParameters, type Means } from './read-parameters.ts';
import type { SchemaShelf } from './schema-shelf.ts';

/** Where it stands. */
export interface Written {
  path: string;
  method: string;
  item: JsonObject;
  operation: JsonObject;
}

export interface OperationMeans extends Means {
  /** What answers refer to: told in short within each, and not kept. */
  answers: SchemaShelf;
  /** Characters of an answer's schema; 0 for none. */
  answer: number;
  /** Those that are taken. */
  names: Set<string>;
}

/** The operation, or under its name why it cannot be called. */
export function readOperation({ path, method, item, operation }: Written, means: OperationMeans): DescribedOperation | { name: string; refusal: string } {
  const { references, names } = means;
  const name = unusedName(textOf(operation.operationId) || `${method}${path}`, (taken) => names.has(taken));
  names.add(name);
  const written = writtenParameters(item, operation, references);
  const { parameters, properties, required, refusal } = readParameters(written.parameters, means);
  const requestBody = references.object(operation.requestBody);
  const allBodies = [...(Object.keys(requestBody).length > 0 ? [requestBody] : []), ...written.bodies];
  // What a HEAD carries nobody reads, and of a GET only services that insist on it.
  const isIdle = method === 'head' || (method === 'get' && !allBodies.some((each) => each.required === true));
  const bodies = isIdle ? [] : allBodies;
  const body = readBody(bodies, means);
  const why = refusal ?? (body && 'refusal' in body ? body.refusal : undefined);
  if (why !== undefined) return { name, refusal: `It cannot be called: ${why}.` };
  if (body && 'body' in body) {
    properties.body = body.schema;
    if (body.isRequired) required.push('body');
  }
  const output = outputOf(operation, means);
  const isPlainJson = !body || !('body' in body) || (body.body.as === 'json' && body.body.type === 'application/json');
  return {
    name,
    description: (textOf(operation.summary) || textOf(operation.description) || `${method.toUpperCase()} ${path}`).slice(0, 500),
    method: method.toUpperCase(),
    path,
    tags: Array.isArray(operation.tags) ? operation.tags.filter((tag) => typeof tag === 'string').map((tag) => tag.slice(0, 100)) : [],
    effect: method === 'get' || method === 'head' ? 'read' : 'write',
    parameters,
    ...(!isPlainJson && { body: body.body }),
    input: { type: 'object', properties, required, additionalProperties: false },
    ...(output && { output }),
  };
}

/** What the first answer that means success holds. */
function outputOf(operation: JsonObject, { references, answers, answer }: OperationMeans): Schema | undefined {
  if (answer === 0) return undefined;
  const responses = references.object(operation.responses);
  const status = Object.keys(responses).find((code) => /^2/.test(code));
  const schema = status === undefined ? undefined : jsonSchema(references.object(references.object(responses[status]).content), references);
  return schema === undefined ? undefined : boundedSchema(answers.clean(schema), answers.schemas, { most: answer });
}

function jsonSchema(types: JsonObject, references: Means['references']): Json | undefined {
  const json = Object.keys(types).find((type) => /[/+]json\b/i.test(type));
  return json === undefined ? undefined : (references.object(types[json]).schema ?? {});
}
