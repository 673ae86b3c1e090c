/** Parts that ship with examples: a database is seeded, or a server started, when first used; the part then stands for a connection of its own type. */
import { resolve as resolvePath } from 'node:path';
import { FailureError, failure } from '@switchyard/shared';
import type { Connector, ConnectorMeans, OpenConnection } from '../connector.ts';

export const exampleConnector: Connector<'example'> = {
  type: 'example',
  async open({ example }, means) {
    const part = Object.hasOwn(means.examples, example) ? means.examples[example] : undefined;
    if (!part) {
      throw new FailureError(
        failure('connection-missing', `Connection "${means.name}" names the example part "${example}", which this version does not ship.`),
      );
    }
    if ('prepare' in part) {
      const directory = resolvePath(means.dataDirectory, 'examples', ...example.split('/'));
      return await means.open({ type: part.type, url: await started(() => part.prepare(directory), { example, means }) });
    }
    const server = await started(() => part.start(), { example, means });
    return closingAlso(await means.open(server.connection), () => server.close());
  },
};

async function started<T>(start: () => Promise<T>, { example, means }: { example: string; means: ConnectorMeans }): Promise<T> {
  try {
    return await start();
  } catch (error) {
    if (error instanceof FailureError) throw error;
    throw new FailureError(
      failure(
        'connection-unreachable',
        `The example part "${example}" behind connection "${means.name}" could not be started: ${error instanceof Error ? error.message : String(error)}.`,
        { retry: 'policy' },
      ),
    );
  }
}

/** What has to be accepted of a server's offer ships with its part: a connection of type `example` has no place to keep it. */
function closingAlso({ offer: _, ...open }: OpenConnection, close: () => Promise<void>): OpenConnection {
  return {
    ...open,
    close: async () => {
      await open.close();
      await close();
    },
  };
}
