/**
 * One client of a MongoDB server.
 *
 * 1. Its sockets go to one checked address: it asks neither DNS nor the server where else to go.
 * 2. A password goes there only over what the connection's encryption asks for, and never in the clear of the protocol (SCRAM).
 */
import type { Connection } from '@switchyard/shared';
import type { Db, MongoClient, MongoClientOptions } from 'mongodb';
import { byField, encryptionFailure } from '../../servers/encryption-failure.ts';
import { serverAddress, type ServerAddress } from '../../servers/server-address.ts';
import type { ConnectorMeans } from '../connector.ts';

type MongodbConnection = Extract<Connection, { type: 'mongodb' }>;

export interface DocumentClient {
  client: MongoClient;
  database: Db;
  /** False once it has ended or broken. */
  isUsable: boolean;
}

/** Short, since the driver does not give up a greeting that it waits for, even where its client is ended. */
const connectTimeoutMs = 5_000;

export async function openClient(connection: MongodbConnection, means: ConnectorMeans, signal: AbortSignal): Promise<DocumentClient> {
  const address = await serverAddress(connection, { egress: means.egress, name: means.name, port: 27_017 });
  const [{ MongoClient: Client }, { boundMessages }] = await Promise.all([import('mongodb'), import('./message-bound.ts')]);
  boundMessages();
  signal.throwIfAborted();
  const host = address.host.includes(':') ? `[${address.host}]` : address.host;
  const client = new Client(`mongodb://${host}:${address.port}/`, { ...optionsFor(address), ...credentialsOf(connection, means) });
  const opened: DocumentClient = { client, database: client.db(address.database), isUsable: true };
  const connecting = client.connect();
  connecting.catch(() => undefined);
  try {
    await Promise.race([connecting, lost(opened), aborted(signal)]);
  } catch (error) {
    endClient(opened);
    throw encryptionFailure(reasonOf(error), { name: means.name, address, settings: { ...byField, isByPort: true } }) ?? error;
  }
  return opened;
}

export function endClient(ended: DocumentClient): void {
  ended.isUsable = false;
  ended.client.close(true).catch(() => undefined);
}

/** The driver wraps what the socket said, where it said anything. */
function reasonOf(error: unknown): unknown {
  const { cause } = error as { cause?: unknown };
  return cause instanceof Error ? cause : error;
}

function optionsFor({ tls }: ServerAddress): MongoClientOptions {
  return {
    directConnection: true,
    appName: 'switchyard',
    tls: tls !== undefined,
    ...(tls as Partial<MongoClientOptions> | undefined),
    maxPoolSize: 1,
    connectTimeoutMS: connectTimeoutMs,
    serverSelectionTimeoutMS: connectTimeoutMs,
    serverMonitoringMode: 'poll',
    // What is tried again is the run's affair.
    retryReads: false,
    retryWrites: false,
  };
}

function credentialsOf({ username, password, authSource }: MongodbConnection, means: ConnectorMeans): MongoClientOptions {
  if (username === undefined) return {};
  return { auth: { username, password: password ? means.text(password, 'its password') : '' }, authSource: authSource ?? 'admin' };
}

/** Rejects when the server cannot be heard: the driver would go on trying until its own time is up. */
function lost(opened: DocumentClient): Promise<never> {
  const lostIt = new Promise<never>((_, reject) => {
    opened.client.on('serverHeartbeatFailed', ({ failure }) => {
      opened.isUsable = false;
      reject(failure);
    });
  });
  // Once it is connected nobody waits for this any more.
  lostIt.catch(() => undefined);
  return lostIt;
}

/** Rejects when the signal aborts. */
function aborted(signal: AbortSignal): Promise<never> {
  const abortion = new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }));
  abortion.catch(() => undefined);
  return abortion;
}
