/** PostgreSQL: a few clients per connection, each used by one call at a time, and every call within a transaction that reads unless the node says otherwise. */
import type { Catalogue, Json, QueryResult } from '@switchyard/shared';
import { ClientPool } from '../client-pool.ts';
import { explained } from '../never-sent.ts';
import type { Connector, ConnectorCall } from '../connector.ts';
import { tableCount } from '../../sql/sample-catalogue.ts';
import { explain } from './explain.ts';
import { endClient, openClient, type PostgresClient } from './open-client.ts';
import { readCatalogue } from './read-catalogue.ts';
import { runQuery } from './run-query.ts';

export const postgresConnector: Connector<'postgres'> = {
  type: 'postgres',
  async open(connection, means) {
    const clients = new ClientPool<PostgresClient>({
      open: (signal) => openClient(connection, means, signal),
      end: endClient,
      isUsable: ({ isUsable }) => isUsable,
    });
    const use = async <Result>(call: ConnectorCall, what: string, work: (client: PostgresClient) => Promise<Result>): Promise<Result> => {
      try {
        return await clients.use(call.deadline.signal, work);
      } catch (error) {
        throw call.deadline.failure(what) ?? explained(error, call, (why) => explain(why, what));
      }
    };
    const reading = `Reading the tables of connection "${means.name}"`;
    const catalogue = (call: ConnectorCall, what: string, tables?: readonly string[]) =>
      use(call, what, (client) => readCatalogue(client, call.deadline, tables));
    return {
      query: async (request, call) => {
        const text = await use(call, `The query on connection "${means.name}"`, (client) => runQuery(client, request, call.deadline));
        return JSON.parse(text) as QueryResult;
      },
      catalogue: async (call, { tables } = {}) => (await catalogue(call, reading, tables)) as unknown as Json,
      check: async (call) => `It answers and has ${tableCount((await catalogue(call, `The call to "${means.name}"`)) as Catalogue)}.`,
      close: async () => clients.close(),
    };
  },
};
