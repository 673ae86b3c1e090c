/** What a control node is told of its data layer before it asks: nodes, their operations, and what their catalogues say, within a number of characters. */
import { isJsonObject, type Json, type JsonObject } from '@switchyard/shared';
import type { Granted } from '../../node.ts';
import type { BoundTool } from './operations/bound-tools.ts';

/** Characters of the digest; a larger one loses known values first, then the columns of the last tables. */
const digestCap = 48_000;

/** What was granted, the tools made of it, and the catalogues by node id, as far as they could be read. */
export interface DataLayer {
  granted: readonly Granted[];
  tools: readonly BoundTool[];
  catalogues: JsonObject;
}

const bareDigests = new WeakMap<readonly BoundTool[], string>();

/** The digest as JSON text. Where there is no catalogue, it is the same for the same tools. */
export function digest(layer: DataLayer): string {
  if (Object.keys(layer.catalogues).length > 0) return compose(layer);
  const known = bareDigests.get(layer.tools) ?? compose(layer);
  bareDigests.set(layer.tools, known);
  return known;
}

function compose(layer: DataLayer): string {
  const write = (shrink: (catalogue: Json) => Json) => {
    const nodes: JsonObject = {};
    for (const { node, kind, title } of layer.granted) {
      const operations = layer.tools.filter((tool) => tool.node === node).map((tool) => tool.name);
      const catalogue = layer.catalogues[node];
      nodes[node] = { title, kind, operations, ...(catalogue !== undefined && { catalogue: shrink(catalogue) }) };
    }
    return JSON.stringify({ nodes });
  };
  for (const shrink of [(catalogue: Json) => catalogue, withoutValues, withNamesOnly]) {
    const text = write(shrink);
    if (text.length <= digestCap) return text;
  }
  return write(() => 'too large to show: ask the database for its tables');
}

function withoutValues(catalogue: Json): Json {
  return mapTables(catalogue, (table) => ({ ...table, columns: columnsOf(table).map(({ values: _, ...column }) => column) }));
}

function withNamesOnly(catalogue: Json): Json {
  return mapTables(catalogue, (table) => ({ ...table, columns: columnsOf(table).map((column) => ({ name: column.name ?? '', type: column.type ?? '' })) }));
}

function mapTables(catalogue: Json, change: (table: JsonObject) => JsonObject): Json {
  if (!isJsonObject(catalogue) || !Array.isArray(catalogue.tables)) return catalogue;
  return { ...catalogue, tables: catalogue.tables.map((table) => (isJsonObject(table) ? change(table) : table)) };
}

function columnsOf(table: JsonObject): JsonObject[] {
  return Array.isArray(table.columns) ? table.columns.filter(isJsonObject) : [];
}
