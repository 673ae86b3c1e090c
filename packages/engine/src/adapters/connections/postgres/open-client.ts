/**
 * One client of a PostgreSQL server.
 *
 * 1. Its socket goes to a checked address; a password goes there only over what the connection's encryption asks for.
 * 2. Ended while a statement runs, it has the server cancel the statement too: a server notices a lost client only when it has something to send.
 * 3. No more comes in for one statement than `mostIncoming`: then the client is ended, whatever the server would still send.
 */
import { createConnection, type Socket } from 'node:net';
import { connect as connectEncrypted } from 'node:tls';
import type { Connection } from '@switchyard/shared';
import type { Client } from 'pg';
import { encryptionFailure } from '../../servers/encryption-failure.ts';
import { serverAddress, type ServerAddress } from '../../servers/server-address.ts';
import type { ConnectorMeans } from '../connector.ts';

export interface PostgresClient {
  client: Client;
  /** False once it has ended or broken. */
  isUsable: boolean;
  /** A statement is under way. */
  isBusy: boolean;
  /** Bytes that may still come in. */
  incoming: number;
  /** Incoming bytes were too many. */
  isFlooded: boolean;
  cancel(): void;
}

const connectTimeoutMs = 10_000;
const cancelTimeoutMs = 5_000;
const cancelAgainMs = [200, 1_000, 4_000];
const mostIncoming = 16_000_000;
/** By it the protocol goes over to TLS; the server answers with one letter, S where it does. */
const encryptionRequest = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);

export async function openClient(connection: Extract<Connection, { type: 'postgres' }>, means: ConnectorMeans, signal: AbortSignal): Promise<PostgresClient> {
  const address = await serverAddress(connection, { egress: means.egress, name: means.name, port: 5432 });
  const { default: pg } = await import('pg');
  signal.throwIfAborted();
  const client = new pg.Client({
    host: address.host,
    port: address.port,
    // Without them the driver would take those of the environment.
    user: connection.username ?? 'postgres',
    password: connection.password ? means.text(connection.password, 'its password') : '',
    database: address.database || (connection.username ?? 'postgres'),
    ssl: address.tls ?? false,
    sslnegotiation: 'postgres',
    connectionTimeoutMillis: connectTimeoutMs,
    application_name: 'switchyard',
    keepAlive: true,
  });
  const opened: PostgresClient = {
    client,
    isUsable: true,
    isBusy: false,
    incoming: mostIncoming,
    isFlooded: false,
    cancel: () => cancelSession(client, address),
  };
  // Without a listener a socket that breaks while idle would end the process.
  client.on('error', () => {
    opened.isUsable = false;
  });
  client.on('end', () => {
    opened.isUsable = false;
  });
  const end = () => socketOf(client).destroy();
  signal.addEventListener('abort', end, { once: true });
  try {
    await client.connect();
  } catch (error) {
    socketOf(client).destroy();
    throw encryptionFailure(error, { name: means.name, address }) ?? error;
  } finally {
    signal.removeEventListener('abort', end);
  }
  socketOf(client).on('data', (bytes: Buffer) => {
    opened.incoming -= bytes.length;
    if (opened.incoming > 0 || opened.isFlooded) return;
    opened.isFlooded = true;
    endClient(opened);
  });
  return opened;
}

/** Before a statement: what may come in is counted anew. */
export function allowIncoming(client: PostgresClient): void {
  client.incoming = mostIncoming;
}

export function endClient(ended: PostgresClient): void {
  if (ended.isBusy) ended.cancel();
  ended.isUsable = false;
  ended.isBusy = false;
  socketOf(ended.client).destroy();
}

/** Public in the driver, though not in its types. */
function socketOf(client: Client): Socket {
  return (client as unknown as { connection: { stream: Socket } }).connection.stream;
}

/**
 * Has the server end what the client's session does. A request that arrives between two statements ends nothing, and the next may already be on its way:
 * so it is sent again, which does nothing once the session is gone.
 */
function cancelSession(client: Client, address: ServerAddress): void {
  const { processID, secretKey } = client as unknown as { processID: number | null; secretKey: number | null };
  if (processID === null || secretKey === null) return;
  const message = Buffer.alloc(16);
  message.writeInt32BE(16, 0);
  message.writeInt32BE(80_877_102, 4);
  message.writeInt32BE(processID, 8);
  message.writeInt32BE(secretKey, 12);
  sendCancel(message, address);
  for (const ms of cancelAgainMs) setTimeout(() => sendCancel(message, address), ms).unref();
}

/** The protocol's cancel request: a connection of its own with the key that the server gave at the start, encrypted where the client is. */
function sendCancel(message: Buffer, { host, port, tls }: ServerAddress): void {
  const socket = createConnection({ host, port }, () => (tls ? socket.write(encryptionRequest) : socket.end(message)));
  socket.setTimeout(cancelTimeoutMs, () => socket.destroy());
  // Where it cannot be sent, the statement's own time limit ends it.
  socket.on('error', () => socket.destroy());
  socket.unref();
  if (!tls) return;
  socket.once('data', (answer: Buffer) => {
    if (answer.toString('latin1') !== 'S') return void socket.destroy();
    const encrypted = connectEncrypted({ ...tls, socket }, () => encrypted.end(message));
    encrypted.on('error', () => socket.destroy());
  });
}
