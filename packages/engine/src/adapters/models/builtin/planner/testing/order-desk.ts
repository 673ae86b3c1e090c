/** For tests: the order desk's data layer as tools, made from its flow, over its real database, server and small models. */
import { DatabaseSync } from 'node:sqlite';
import { exampleParts, examples, readExampleFlow } from '@switchyard/examples';
import { sqlParameters, type Json, type JsonObject, type Schema } from '@switchyard/shared';
import { ask, queryTool, runQuery, type DrivenTool } from './drive.ts';

interface NamedOperation {
  name: string;
  description: string;
  sql: string;
  path: string;
  params: Record<string, Schema>;
}

export interface OrderDesk {
  database: DatabaseSync;
  tools: DrivenTool[];
  /** The sample questions of the flow's input. */
  questions: string[];
  close(): Promise<void>;
}

/** Opens the order desk; `directory` takes its database file. */
export async function openOrderDesk(directory: string): Promise<OrderDesk> {
  const shop = exampleParts['order-desk/shop'];
  const carrier = exampleParts['order-desk/carrier'];
  const [example] = examples;
  if (shop?.type !== 'sqlite' || carrier?.type !== 'http' || !example) throw new Error('The order desk is not whole');
  const { nodes } = readExampleFlow(example);
  const configOf = (id: string) => (nodes[id]?.config ?? {}) as JsonObject;
  const titleOf = (id: string) => nodes[id]?.title ?? id;
  const database = new DatabaseSync(await shop.prepare(directory), { readOnly: true });
  const server = await carrier.start();
  const tools: DrivenTool[] = [
    queryTool(database, 'orders', titleOf('orders')),
    ...operationsOf(configOf('orders')).map((operation) => namedQuery(database, operation, titleOf('orders'))),
    ...operationsOf(configOf('carrier')).map((operation) => httpTool(server.baseUrl, operation, titleOf('carrier'))),
    moodTool(configOf('mood'), titleOf('mood')),
    writerTool(configOf('writer'), titleOf('writer')),
  ];
  const fields = configOf('ask').fields as { question: { examples: string[] } };
  return {
    database,
    tools,
    questions: fields.question.examples,
    close: async () => {
      database.close();
      await server.close();
    },
  };
}

function operationsOf(config: JsonObject): NamedOperation[] {
  return config.operations as unknown as NamedOperation[];
}

function objectOf(properties: Record<string, Schema>): Schema {
  return { type: 'object', properties, required: Object.keys(properties), additionalProperties: false };
}

function namedQuery(database: DatabaseSync, { name, description, sql, params }: NamedOperation, title: string): DrivenTool {
  const properties = Object.fromEntries(sqlParameters(sql).names.map((parameter) => [parameter, params[parameter] ?? { type: 'string' }]));
  return {
    node: 'orders',
    title,
    kind: 'sql',
    tool: { name: `orders_${name}`, description, parameters: objectOf(properties) },
    call: (args) => runQuery(database, sql, args),
  };
}

function httpTool(baseUrl: string, { name, description, path, params }: NamedOperation, title: string): DrivenTool {
  return {
    node: 'carrier',
    title,
    kind: 'http',
    tool: { name: `carrier_${name}`, description, parameters: objectOf(params) },
    call: async (args) => {
      const filled = path.replaceAll(/\{\{(\w+)\}\}/g, (_, hole: string) => encodeURIComponent(String(args[hole])));
      const response = await fetch(`${baseUrl}${filled}`);
      return { status: response.status, body: (await response.json()) as Json };
    },
  };
}

function moodTool(config: JsonObject, title: string): DrivenTool {
  const shots = (config.examples as { text: string; result: Json }[]).flatMap(({ text, result }) => [
    { role: 'user' as const, text },
    { role: 'assistant' as const, text: JSON.stringify(result) },
  ]);
  return {
    node: 'mood',
    title,
    kind: 'slm',
    tool: { name: 'mood_ask', description: String(config.purpose), parameters: objectOf({ text: { type: 'string', description: 'The text to work on' } }) },
    call: async ({ text }) =>
      JSON.parse(
        (await ask({ model: 'mood', messages: [...shots, { role: 'user', text: String(text) }], output: config.output as Schema }, 'classifier')).text,
      ) as Json,
  };
}

function writerTool(config: JsonObject, title: string): DrivenTool {
  const prompt = String(config.prompt);
  const holes = [...prompt.matchAll(/\{\{(\w+)\}\}/g)].map(([, hole]) => hole ?? '');
  return {
    node: 'writer',
    title,
    kind: 'llm',
    tool: {
      name: 'writer_ask',
      description: String(config.description),
      parameters: objectOf(Object.fromEntries(holes.map((hole) => [hole, { type: 'string' }]))),
    },
    call: async (args) =>
      (
        await ask(
          { model: 'writer', messages: [{ role: 'user', text: prompt.replaceAll(/\{\{(\w+)\}\}/g, (_, hole: string) => String(args[hole])) }] },
          'writer',
        )
      ).text,
  };
}
