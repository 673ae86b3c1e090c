/** JSON Schemas in settings use types that there are: with a mistyped one, no value would ever fit. */
import { isJsonObject, pointer, type Diagnostic, type Json } from '@switchyard/shared';
import type { Graph } from '../graph.ts';
import { nearestName, quotedList } from '../nearest-name.ts';

const types = ['string', 'number', 'integer', 'boolean', 'object', 'array', 'null'];
/** Keywords that hold a schema, a list of schemas, or schemas by name. */
const holders = { one: ['items', 'additionalProperties', 'not'], list: ['anyOf', 'oneOf', 'allOf', 'prefixItems'], named: ['properties', '$defs'] } as const;

type Path = (string | number)[];

export function checkSchemas(graph: Graph): Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const { id, fields } of graph.nodes.values()) {
    for (const { widget, path, value } of fields) {
      const at = ['nodes', id, 'config', ...path];
      if (widget === 'schema') visit(value, at, found);
      else if (widget === 'fields') visitNamed(value, at, found);
    }
  }
  return found;
}

function visit(schema: Json | undefined, path: Path, found: Diagnostic[]): void {
  if (!isJsonObject(schema)) return;
  if (schema.type !== undefined) checkType(schema.type, [...path, 'type'], found);
  for (const key of holders.one) visit(schema[key], [...path, key], found);
  for (const key of holders.named) visitNamed(schema[key], [...path, key], found);
  for (const key of holders.list) {
    const each = schema[key];
    if (Array.isArray(each)) for (const [index, item] of each.entries()) visit(item, [...path, key, index], found);
  }
}

function visitNamed(schemas: Json | undefined, path: Path, found: Diagnostic[]): void {
  if (isJsonObject(schemas)) for (const name of Object.keys(schemas)) visit(schemas[name], [...path, name], found);
}

function checkType(given: Json, path: Path, found: Diagnostic[]): void {
  if (Array.isArray(given)) {
    for (const [index, each] of given.entries()) if (!isType(each)) found.push(told(each, [...path, index]));
  } else if (!isType(given)) found.push(told(given, path));
}

function isType(name: Json): boolean {
  return typeof name === 'string' && types.includes(name);
}

function told(given: Json, place: Path): Diagnostic {
  const path = pointer(place);
  const near = typeof given === 'string' ? nearestName(given, types) : undefined;
  return {
    code: 'config-invalid',
    severity: 'error',
    path,
    node: String(place[1]),
    field: String(place[3]),
    message: `${JSON.stringify(given)} is no type of JSON Schema, so no value would fit. The types are ${quotedList(types)}.`,
    ...(near !== undefined && { fix: { title: `Make it "${near}"`, patch: [{ op: 'replace', path, value: near }] } }),
  };
}
