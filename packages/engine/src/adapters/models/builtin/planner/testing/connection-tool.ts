/** For tests: the planner at work on a real connection. */
import { FailureError, isJsonObject, type Catalogue, type Json, type JsonObject } from '@switchyard/shared';
import type { ClosableHost } from '../../../../host.ts';
import { ask } from '../../../../testing/host-bench.ts';
import { drive, type DrivenTool } from './drive.ts';

/** The free SQL tool of a connection, with the catalogue that the connection tells. */
export async function connectionTool(host: ClosableHost, connection: string): Promise<DrivenTool> {
  const catalogue = await ask<Catalogue>(host, 'catalogue', { connection });
  return {
    node: 'shop',
    title: 'Shop',
    kind: 'sql',
    catalogue: catalogue as unknown as Json,
    tool: {
      name: 'shop_query',
      description: 'Runs one SQL SELECT.',
      parameters: { type: 'object', properties: { sql: { type: 'string' } }, required: ['sql'] },
    },
    call: async ({ sql }) => {
      try {
        return await ask(host, 'query', { connection, sql: String(sql), parameters: {}, access: 'read' });
      } catch (error) {
        if (!(error instanceof FailureError)) throw error;
        return { failure: { ...error.failure, sql: String(sql) } } as unknown as Json;
      }
    },
  };
}

/** The rows of each query that the planner makes for a question; of numbers, booleans and texts of numbers only what they are worth. Throws where a query fails. */
export async function answersOf(question: string, tool: DrivenTool): Promise<JsonObject[][]> {
  const { turns } = await drive(question, [tool]);
  return turns.flat().map(({ result }) => {
    if (!isJsonObject(result) || !Array.isArray(result.rows)) throw new Error(`"${question}" gave no rows: ${JSON.stringify(result)}`);
    return result.rows.filter(isJsonObject).map(plainRow);
  });
}

function plainRow(row: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plain(value)]));
}

function plain(value: Json): Json {
  if (typeof value === 'boolean') return Number(value);
  return typeof value === 'string' && value !== '' && !Number.isNaN(Number(value)) ? Number(value) : value;
}
