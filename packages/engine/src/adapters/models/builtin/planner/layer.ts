/** The data layer as the planner sees it: the operations that it may call, and the databases among them, from the tools and the catalogue digest alone. */
import { isJsonObject, type Json, type JsonObject, type Message, type Schema, type Tool } from '@switchyard/shared';
import { stem, wordsOf } from '../text/words.ts';
import { readSchema, type SchemaModel } from './schema/model.ts';
import { fillers } from './vocabulary.ts';

export interface Parameter {
  name: string;
  schema: Schema;
  isRequired: boolean;
  /** Stems of the name's words. */
  stems: readonly string[];
}

export interface Operation {
  /** The tool's name. */
  tool: string;
  node: string;
  /** The node's title. */
  title: string;
  /** The operation's own name, without its node's. */
  name: string;
  description: string;
  parameters: readonly Parameter[];
  /** How strongly each stem belongs to the operation: 1 for its names and description, less for its parameters. */
  words: ReadonlyMap<string, number>;
}

/** A database that takes SQL. */
export interface Database {
  operation: Operation;
  schema: SchemaModel;
}

export interface Layer {
  operations: readonly Operation[];
  databases: readonly Database[];
}

const parameterWeight = 0.7;

/** Reads the layer from the tools of a request and the digest in its system message. */
export function readLayer(tools: readonly Tool[], messages: readonly Message[]): Layer {
  const digest = readDigest(messages);
  // A name with a hyphen is of the control node's own work on what it holds already: this planner has its own ways with that.
  const all = tools.filter(({ name }) => !name.includes('-')).map((tool) => readOperation(tool, digest));
  const databases = all.flatMap((operation): Database[] => {
    const node = digest[operation.node];
    if (!isFreeSql(operation) || !isJsonObject(node) || !isJsonObject(node.catalogue)) return [];
    return [{ operation, schema: readSchema(node.catalogue) }];
  });
  return { operations: all.filter((operation) => !isFreeSql(operation)), databases };
}

/** The nodes of the digest: the last catalogue of the system messages that has some. */
function readDigest(messages: readonly Message[]): JsonObject {
  const text = messages
    .filter(({ role }) => role === 'system')
    .map((message) => message.text)
    .join('\n');
  for (const match of [...text.matchAll(/<data source="catalogue">\n([\s\S]*?)\n<\/data>/g)].reverse()) {
    try {
      const value = JSON.parse(match[1] ?? '') as Json;
      if (isJsonObject(value) && isJsonObject(value.nodes)) return value.nodes;
    } catch {
      // An author's own words may look like one.
    }
  }
  return {};
}

function readOperation(tool: Tool, digest: JsonObject): Operation {
  const node =
    Object.keys(digest).find((id) => operationsOf(digest[id]).includes(tool.name)) ?? Object.keys(digest).find((id) => tool.name.startsWith(`${id}_`)) ?? '';
  const described = digest[node];
  const name = node !== '' && tool.name.startsWith(`${node}_`) ? tool.name.slice(node.length + 1) : tool.name;
  const title =
    isJsonObject(described) && typeof described.title === 'string' && described.title !== ''
      ? described.title
      : node === ''
        ? titleOf(tool.name)
        : titleOf(node);
  const parameters = readParameters(tool.parameters);
  return { tool: tool.name, node, title, name, description: tool.description, parameters, words: wordsOfOperation({ title, name, tool, parameters }) };
}

function operationsOf(node: Json | undefined): Json[] {
  return isJsonObject(node) && Array.isArray(node.operations) ? node.operations : [];
}

function titleOf(name: string): string {
  const words = wordsOf(name).join(' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function readParameters(schema: Schema): Parameter[] {
  const required = Array.isArray(schema.required) ? schema.required : [];
  const properties = isJsonObject(schema.properties) ? Object.entries(schema.properties) : [];
  return properties.map(([name, value]) => ({
    name,
    schema: isJsonObject(value) ? value : {},
    isRequired: required.includes(name),
    stems: wordsOf(name).map(stem),
  }));
}

function wordsOfOperation({
  title,
  name,
  tool,
  parameters,
}: {
  title: string;
  name: string;
  tool: Tool;
  parameters: readonly Parameter[];
}): Map<string, number> {
  const words = new Map<string, number>();
  const add = (text: string, weight: number) => {
    for (const word of wordsOf(text)) if (!fillers.has(word)) words.set(stem(word), Math.max(weight, words.get(stem(word)) ?? 0));
  };
  add(tool.name, 1);
  add(name, 1);
  add(title, 1);
  add(tool.description.slice(0, 2_000), 1);
  for (const { name: parameter, schema } of parameters) {
    add(parameter, parameterWeight);
    if (typeof schema.description === 'string') add(schema.description.slice(0, 500), parameterWeight);
    if (Array.isArray(schema.enum)) for (const value of schema.enum) add(String(value), parameterWeight);
  }
  return words;
}

function isFreeSql({ parameters }: Operation): boolean {
  return (
    parameters.some(({ name, isRequired, schema }) => name === 'sql' && isRequired && schema.type === 'string') &&
    parameters.every(({ name, isRequired }) => name === 'sql' || !isRequired)
  );
}
