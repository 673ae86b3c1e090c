/**
 * An OpenAPI description becomes operations.
 *
 * 1. References are followed within the description alone; nothing is fetched or read for it.
 * 2. Depth, the number of operations and the size of each schema are bounded: a reference that leads back into itself, or too deep, stands for anything.
 * 3. The servers that it names are passed over: where requests go is the connection's to say.
 */
import { FailureError, failure, isJsonObject, jsonDepth, type ApiCatalogue, type DescribedOperation, type Json, type JsonObject } from '@switchyard/shared';
import { References } from './references.ts';

const maxOperations = 2_000;
const deepest = 100;
const methods = ['get', 'head', 'post', 'put', 'patch', 'delete', 'options'];
const reserved: ReadonlySet<string> = new Set(['accept', 'content-type', 'authorization', 'host', 'content-length']);

/** Throws `description-invalid`. */
export async function readDescription(text: string, connection: string): Promise<ApiCatalogue> {
  const invalid = (why: string) =>
    new FailureError(
      failure('description-invalid', `The description of connection "${connection}" ${why}. It must be OpenAPI 2.0, 3.0 or 3.1, as JSON or YAML.`),
    );
  if (jsonDepth(text, deepest) > deepest) throw invalid('is nested too deeply');
  const { normalize, upgrade } = await import('@scalar/openapi-parser');
  let document: Json;
  try {
    const parsed = normalize(text);
    if (!isJsonObject(parsed as Json) || !['swagger', 'openapi'].some((key) => Object.hasOwn(parsed as object, key)))
      throw invalid('is no OpenAPI description');
    document = upgrade(parsed as Record<string, unknown>).specification as unknown as Json;
  } catch (error) {
    if (error instanceof FailureError) throw error;
    throw invalid(`cannot be read (${error instanceof Error ? error.message.slice(0, 200) : 'unknown'})`);
  }
  if (!isJsonObject(document)) throw invalid('is no object');
  const references = new References(document);
  const names = new Set<string>();
  const operations: DescribedOperation[] = [];
  for (const [path, written] of Object.entries(isJsonObject(document.paths ?? null) ? (document.paths as JsonObject) : {})) {
    const item = references.object(written);
    for (const method of methods) {
      if (!path.startsWith('/') || !isJsonObject(item[method] ?? null)) continue;
      if (operations.length >= maxOperations) throw invalid(`has more than ${maxOperations} operations`);
      operations.push(describe({ path, method, item, operation: item[method] as JsonObject }, references, names));
    }
  }
  const info = references.object(document.info ?? null);
  return { title: textOf(info.title).slice(0, 200) || 'API', operations };
}

interface Place {
  path: string;
  method: string;
  item: JsonObject;
  operation: JsonObject;
}

function describe({ path, method, item, operation }: Place, references: References, names: Set<string>): DescribedOperation {
  const parameters: DescribedOperation['parameters'] = [];
  const properties: Record<string, JsonObject> = {};
  const required: string[] = [];
  for (const parameter of parametersOf(item, operation, references)) {
    const { name, in: place } = parameter;
    if (typeof name !== 'string' || (place !== 'path' && place !== 'query' && place !== 'header') || (place === 'header' && reserved.has(name.toLowerCase())))
      continue;
    const property = unusedName(name, (taken) => taken === 'body' || Object.hasOwn(properties, taken));
    properties[property] = withDescription(references.schema(parameter.schema ?? contentSchema(parameter.content, references)), parameter.description);
    if (parameter.required === true || place === 'path') required.push(property);
    parameters.push({ property, name, in: place });
  }
  const body = references.object(operation.requestBody ?? null);
  const bodySchema = contentSchema(body.content, references);
  if (bodySchema !== undefined) {
    properties.body = withDescription(references.schema(bodySchema), body.description);
    if (body.required === true) required.push('body');
  }
  const name = unusedName(textOf(operation.operationId) || `${method}${path}`, (taken) => names.has(taken));
  names.add(name);
  const output = outputOf(operation, references);
  return {
    name,
    description: (textOf(operation.summary) || textOf(operation.description) || `${method.toUpperCase()} ${path}`).slice(0, 1_000),
    method: method.toUpperCase(),
    path,
    tags: Array.isArray(operation.tags) ? operation.tags.filter((tag) => typeof tag === 'string') : [],
    effect: method === 'get' || method === 'head' ? 'read' : 'write',
    parameters,
    input: { type: 'object', properties, required, additionalProperties: false },
    ...(output && { output }),
  };
}

/** Those of the operation stand in for those of its path that have the same name and place. */
function parametersOf(item: JsonObject, operation: JsonObject, references: References): JsonObject[] {
  const all = [item.parameters, operation.parameters].flatMap((list) => (Array.isArray(list) ? list.map((each) => references.object(each)) : []));
  return [...new Map(all.map((parameter) => [`${String(parameter.in)} ${String(parameter.name)}`, parameter])).values()];
}

function outputOf(operation: JsonObject, references: References): JsonObject | undefined {
  const responses = references.object(operation.responses ?? null);
  const status = Object.keys(responses).find((code) => /^2/.test(code));
  const schema = status === undefined ? undefined : contentSchema(references.object(responses[status] ?? null).content, references);
  return schema === undefined ? undefined : references.schema(schema);
}

function contentSchema(content: Json | undefined, references: References): Json | undefined {
  const types = references.object(content ?? null);
  const json = Object.keys(types).find((type) => /[/+]json\b/i.test(type));
  return json === undefined ? undefined : (references.object(types[json] ?? null).schema ?? {});
}

function withDescription(schema: JsonObject, description: Json | undefined): JsonObject {
  return typeof description === 'string' && schema.description === undefined ? { ...schema, description: description.slice(0, 500) } : schema;
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value.trim() : '';
}

/** The text as a name; with a number where it is taken. */
function unusedName(text: string, isTaken: (name: string) => boolean): string {
  const plain =
    text
      .replaceAll(/[^a-zA-Z0-9_]+/g, '_')
      .replaceAll(/^_+|_+$/g, '')
      .slice(0, 50) || 'unnamed';
  const name = /^[0-9]/.test(plain) || ['__proto__', 'constructor', 'prototype'].includes(plain) ? `_${plain}` : plain;
  for (let number = 1; ; number += 1) {
    const candidate = number === 1 ? name : `${name}_${number}`;
    if (!isTaken(candidate)) return candidate;
  }
}
