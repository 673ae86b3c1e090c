/** JSON Schemas in settings are such: with a mistaken one, no value would ever fit, or none could be checked. */
import { isJsonObject, mostTold, pointer, type Diagnostic, type Json, type JsonObject } from '@switchyard/shared';
import { schemaMistakes, schemaTypeNames, type SchemaMistake } from '../../schema-mistakes.ts';
import type { Graph } from '../graph.ts';
import { nearestName } from '../nearest-name.ts';

export function checkSchemas(graph: Graph): Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const { id, fields } of graph.nodes.values()) {
    for (const { widget, path, value } of fields) {
      const place = ['nodes', id, 'config', ...path];
      if (widget === 'schema' && value !== undefined) found.push(...mistakesAt(value, place));
      else if (widget === 'fields' && isJsonObject(value)) found.push(...mistakesOfFields(value, place));
    }
  }
  return found;
}

/** The first hundred, and what stands beside the last of them. */
function mistakesOfFields(fields: JsonObject, place: readonly (string | number)[]): Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const [name, schema] of Object.entries(fields)) {
    found.push(...mistakesAt(schema, [...place, name]));
    if (found.length >= mostTold) break;
  }
  return found;
}

function mistakesAt(schema: Json, place: readonly (string | number)[]): Diagnostic[] {
  return schemaMistakes(schema).map((mistake) => told(mistake, place));
}

function told({ path: within, message, type }: SchemaMistake, place: readonly (string | number)[]): Diagnostic {
  const near = type === undefined ? undefined : nearestName(type, schemaTypeNames);
  const path = pointer([...place, ...within]);
  return {
    code: 'config-invalid',
    severity: 'error',
    path,
    node: String(place[1]),
    field: String(place[3]),
    message,
    ...(near !== undefined && { fix: { title: `Make it "${near}"`, patch: [{ op: 'replace', path, value: near }] } }),
  };
}
