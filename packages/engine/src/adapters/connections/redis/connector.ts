/**
 * Redis and Valkey: a few clients per connection, and a fixed list of commands.
 *
 * 1. What is not on the list cannot be asked for.
 * 2. No more comes in for one call than `mostIncoming`: then the client is ended, whatever the server would still send. An entry of a list, a field or a
 *    message of a stream may have 512 MB.
 */
import { FailureError, failure, type Connection, type Json } from '@switchyard/shared';
import type { Redis } from 'ioredis';
import { encryptionFailure, type EncryptionSettings } from '../../servers/encryption-failure.ts';
import { serverAddress } from '../../servers/server-address.ts';
import { ClientPool } from '../client-pool.ts';
import { explained } from '../never-sent.ts';
import type { Connector, ConnectorCall, ConnectorMeans } from '../connector.ts';
import { performKeyAction } from './actions.ts';
import { explain } from './explain.ts';
import { readCatalogue } from './read-catalogue.ts';

const mostIncoming = 16_000_000;
const connectTimeoutMs = 10_000;
/** Shorter, since a port that takes no encrypted connections never answers one. */
const encryptTimeoutMs = 5_000;
const byAddress: EncryptionSettings = {
  none: "begin the connection's address with redis://",
  verified: "begin the connection's address with rediss:// and name the port for TLS",
  isByPort: true,
};

interface OpenedClient {
  client: Redis;
  /** Bytes that may still come in. */
  incoming: number;
}

export const redisConnector: Connector<'redis'> = {
  type: 'redis',
  async open(connection, means) {
    const clients = new ClientPool<OpenedClient>({
      open: (signal) => openClient(connection, means, signal),
      end: ({ client }) => client.disconnect(),
      isUsable: ({ client, incoming }) => client.status === 'ready' && incoming > 0,
    });
    const use = async <Result>(call: ConnectorCall, work: (client: Redis) => Promise<Result>): Promise<Result> => {
      let used: OpenedClient | undefined;
      try {
        return await clients.use(call.deadline.signal, (opened) => {
          used = opened;
          opened.incoming = mostIncoming;
          return work(opened.client);
        });
      } catch (error) {
        if (used && used.incoming <= 0) throw tooLarge(means.name);
        throw call.deadline.failure(`The call to "${means.name}"`) ?? explained(error, call, (why) => explain(why, means.name));
      }
    };
    return {
      connect: (request, call) => use(call, (client) => performKeyAction(client, request, call)),
      catalogue: (call, { prefix = '' } = {}) => use(call, async (client) => (await readCatalogue(client, prefix)) as unknown as Json),
      check: (call) =>
        use(call, async (client) => {
          const keys = await client.dbsize();
          return `It answers and has ${keys} ${keys === 1 ? 'key' : 'keys'}.`;
        }),
      close: async () => clients.close(),
    };
  },
};

async function openClient(connection: Extract<Connection, { type: 'redis' }>, means: ConnectorMeans, signal: AbortSignal): Promise<OpenedClient> {
  const url = new URL(connection.url);
  const encryption = url.protocol === 'rediss:' ? 'verified' : 'none';
  if (encryption === 'none' && connection.ca !== undefined) throw unusedAuthority(means.name);
  const address = await serverAddress({ ...connection, encryption }, { egress: means.egress, name: means.name, port: 6379 });
  const { Redis: Client } = await import('ioredis');
  const client = new Client({
    host: address.host,
    port: address.port,
    db: databaseOf(url, means.name),
    connectTimeout: address.tls ? encryptTimeoutMs : connectTimeoutMs,
    lazyConnect: true,
    enableReadyCheck: false,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
    ...(connection.username !== undefined && { username: connection.username }),
    ...(connection.password && { password: means.text(connection.password, 'its password') }),
    ...(address.tls && { tls: address.tls }),
  });
  // Without a listener a socket that breaks while idle would end the process.
  let broken: Error | undefined;
  client.on('error', (error: Error) => {
    broken = error;
  });
  const end = () => client.disconnect();
  signal.addEventListener('abort', end, { once: true });
  try {
    await client.connect();
  } catch (error) {
    client.disconnect();
    throw encryptionFailure(broken ?? error, { name: means.name, address, settings: byAddress }) ?? broken ?? error;
  } finally {
    signal.removeEventListener('abort', end);
  }
  const opened: OpenedClient = { client, incoming: mostIncoming };
  const { stream } = client;
  const count = (bytes: Buffer) => {
    opened.incoming -= bytes.length;
    if (opened.incoming > 0) return;
    // What is on its way still comes; it is cut off once.
    stream.off('data', count);
    client.disconnect();
  };
  stream.on('data', count);
  return opened;
}

function tooLarge(name: string): FailureError {
  return new FailureError(
    failure(
      'response-too-large',
      `Connection "${name}" answered with more than ${mostIncoming / 1_000_000} MB, and was cut off. Ask for fewer entries at a time, or for single fields.`,
    ),
  );
}

function unusedAuthority(name: string): FailureError {
  return new FailureError(
    failure(
      'connection-invalid',
      `Connection "${name}" gives a certificate authority, but its address begins with redis://, which is not encrypted. Begin it with rediss://, or take the authority out.`,
    ),
  );
}

function databaseOf(url: URL, name: string): number {
  const text = url.pathname.replace(/^\//, '');
  if (text === '') return 0;
  if (/^\d{1,4}$/.test(text)) return Number(text);
  throw new FailureError(
    failure('connection-invalid', `The address of connection "${name}" ends in "/${text}", which is no number of a database. Write it as redis://HOST:PORT/0.`),
  );
}
