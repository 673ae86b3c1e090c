/**
 * One client of a MySQL or MariaDB server.
 *
 * 1. Its socket goes to a checked address; a password goes there only over what the connection's encryption asks for.
 * 2. Ended while a statement runs, it has the server kill the session too: a server may not notice a lost client for long.
 * 3. No more comes in for one statement than `mostIncoming`: then the client is ended, whatever the server would still send.
 * 4. It never gives a file away: the server may not ask for one.
 */
import { createConnection, type Socket } from 'node:net';
import { FailureError, failure, type Connection } from '@switchyard/shared';
import type { Connection as Client, ConnectionOptions, QueryError } from 'mysql2';
import { byField, encryptionFailure } from '../../servers/encryption-failure.ts';
import { serverAddress, type ServerAddress } from '../../servers/server-address.ts';
import type { ConnectorMeans } from '../connector.ts';

export interface MysqlClient {
  client: Client;
  dialect: 'mysql' | 'mariadb';
  /** False once it has ended or broken. */
  isUsable: boolean;
  /** A statement is under way. */
  isBusy: boolean;
  /** Bytes that may still come in. */
  incoming: number;
  /** Incoming bytes were too many. */
  isFlooded: boolean;
  /** Set by a statement that is told of nothing by the driver when its socket goes. */
  onLost?: ((error: Error) => void) | undefined;
  kill(): void;
}

export const mostIncoming = 16_000_000;
const connectTimeoutMs = 10_000;
/** A server that does not take the word to stop a statement within this is not waited for. */
const killMs = 3_000;
const accessDenied = 1045;

type Settings = Extract<Connection, { type: 'mysql' }>;

export async function openClient(connection: Settings, means: ConnectorMeans, signal: AbortSignal): Promise<MysqlClient> {
  const address = await serverAddress(connection, { egress: means.egress, name: means.name, port: 3306 });
  const options = optionsOf(connection, means, address);
  const { default: mysql } = await import('mysql2');
  signal.throwIfAborted();
  const client = mysql.createConnection(options);
  const opened: MysqlClient = {
    client,
    dialect: 'mysql',
    isUsable: true,
    isBusy: false,
    incoming: mostIncoming,
    isFlooded: false,
    kill: () => kill(mysql, client, options),
  };
  // Without a listener a socket that breaks while idle would end the process.
  client.on('error', () => {
    opened.isUsable = false;
  });
  client.on('end', () => {
    opened.isUsable = false;
  });
  const end = () => client.destroy();
  signal.addEventListener('abort', end, { once: true });
  try {
    await new Promise<void>((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
      client.connect((error: QueryError | null) => (error ? reject(error) : resolve()));
    });
    const [versions] = await client.promise().query({ sql: 'SELECT VERSION()', rowsAsArray: true });
    opened.dialect = /mariadb/i.test(String(versions)) ? 'mariadb' : 'mysql';
  } catch (error) {
    client.destroy();
    throw encryptionFailure(error, { name: means.name, address }) ?? deniedInTheClear(error, means.name, address) ?? error;
  } finally {
    signal.removeEventListener('abort', end);
  }
  watchSocket(opened);
  return opened;
}

/** MariaDB says no more than this to whoever should have come encrypted. */
function deniedInTheClear(error: unknown, name: string, { place, tls }: ServerAddress): FailureError | undefined {
  const { errno, message } = error as QueryError;
  if (tls || errno !== accessDenied) return undefined;
  return new FailureError(
    failure(
      'connection-denied',
      `Connecting to "${name}" (${place}) failed: the server does not let the user in (${message.slice(0, 300)}). Check user and password; if the user may come encrypted only, ${byField.verified}.`,
    ),
  );
}

function watchSocket(opened: MysqlClient): void {
  const socket = socketOf(opened.client);
  // Of a socket that breaks the driver tells the statement under way, and nobody else: the client would be used again.
  for (const event of ['end', 'error', 'close']) {
    socket.on(event, (error?: unknown) => {
      opened.isUsable = false;
      opened.onLost?.(error instanceof Error ? error : lost());
    });
  }
  if (socket.destroyed) opened.isUsable = false;
  socket.on('data', (bytes: Buffer) => {
    opened.incoming -= bytes.length;
    if (opened.incoming > 0 || opened.isFlooded) return;
    opened.isFlooded = true;
    endClient(opened);
  });
}

export function endClient(ended: MysqlClient): void {
  if (ended.isBusy) ended.kill();
  ended.isUsable = false;
  ended.isBusy = false;
  ended.client.destroy();
}

function lost(): Error {
  return Object.assign(new Error('Connection lost: The server closed the connection.'), { code: 'PROTOCOL_CONNECTION_LOST' });
}

/** Public in the driver, though not in its types. */
function socketOf(client: Client): Socket {
  return (client as unknown as { stream: Socket }).stream;
}

function optionsOf(connection: Settings, means: ConnectorMeans, { host, port, servername, database, tls }: ServerAddress): ConnectionOptions {
  if (tls && servername === undefined)
    throw new FailureError(
      failure(
        'connection-invalid',
        `Connection "${means.name}" is encrypted, and names its server by a number. Name it as its certificate does, or set its encryption to "none".`,
      ),
    );
  return {
    // The name is for the certificate; the socket goes to the checked address.
    host: servername ?? host,
    port,
    stream: () => createConnection({ host, port, keepAlive: true, noDelay: true }),
    user: connection.username ?? 'root',
    password: connection.password ? means.text(connection.password, 'its password') : '',
    ...(database !== '' && { database }),
    ...(tls && { ssl: { rejectUnauthorized: true, verifyIdentity: true, ...(connection.ca !== undefined && { ca: connection.ca }) } }),
    connectTimeout: connectTimeoutMs,
    charset: 'utf8mb4',
    supportBigNumbers: true,
    dateStrings: true,
    multipleStatements: false,
    maxPreparedStatements: 16,
    flags: ['-LOCAL_FILES'],
  };
}

function kill(mysql: typeof import('mysql2'), { threadId }: Client, options: ConnectionOptions): void {
  if (!threadId) return;
  const killer = mysql.createConnection(options);
  // Where it cannot be sent, the statement's own time limit ends it.
  killer.on('error', () => killer.destroy());
  const timer = setTimeout(() => killer.destroy(), killMs);
  // The session, not its query: between two statements there is none to kill, and the next may already be on its way.
  killer.query(`KILL ${Number(threadId)}`, () => {
    clearTimeout(timer);
    killer.destroy();
  });
}
