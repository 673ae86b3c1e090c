/** MongoDB: a few clients per connection, each used by one call at a time, and a fixed list of actions. What is not on it cannot be asked for. */
import { ClientPool } from '../client-pool.ts';
import { explained } from '../never-sent.ts';
import type { Connector, ConnectorCall } from '../connector.ts';
import { explain } from './explain.ts';
import { endClient, openClient, type DocumentClient } from './open-client.ts';

export const mongodbConnector: Connector<'mongodb'> = {
  type: 'mongodb',
  async open(connection, means) {
    // With the driver, which they need.
    const [{ performDocumentAction }, { collectionNames, readCatalogue }] = await Promise.all([import('./actions.ts'), import('./read-catalogue.ts')]);
    const clients = new ClientPool<DocumentClient>({
      open: async (signal) => {
        try {
          return await openClient(connection, means, signal);
        } catch (error) {
          signal.throwIfAborted();
          // Nothing was asked yet, so nothing can have been written.
          throw explain(error, `Connecting to "${means.name}"`);
        }
      },
      end: endClient,
      isUsable: ({ isUsable }) => isUsable,
    });
    const use = async <Result>(call: ConnectorCall, what: string, work: (client: DocumentClient) => Promise<Result>): Promise<Result> => {
      try {
        return await clients.use(call.deadline.signal, (client) =>
          work(client).catch((error: unknown) => {
            // Which the server has answered has not broken its client.
            if (typeof (error as { code?: unknown }).code !== 'number') client.isUsable = false;
            throw error;
          }),
        );
      } catch (error) {
        throw call.deadline.failure(what) ?? explained(error, call, (why) => explain(why, what, { isWrite: call.effect === 'write' }));
      }
    };
    return {
      connect: (request, call) => use(call, `The call to "${means.name}"`, ({ database }) => performDocumentAction(database, request, call)),
      catalogue: (call) => use(call, `Reading the collections of "${means.name}"`, ({ database }) => readCatalogue(database, call)),
      check: (call) =>
        use(call, `The call to "${means.name}"`, async ({ database }) => {
          const { length } = await collectionNames(database, call);
          return `It answers and has ${length} ${length === 1 ? 'collection' : 'collections'}.`;
        }),
      close: async () => clients.close(),
    };
  },
};
