/** Connections by name: what the workspace defines, its secrets filled in, its example parts started, ready for a performer. */
import { resolve as resolvePath } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FailureError, failure, type Connection, type ExampleParts, type Workspace } from '@switchyard/shared';
import type { SecretSource } from '../../host.ts';

/** Where a connection's requests go, with its headers in clear. */
export interface HttpTarget {
  connection: string;
  baseUrl: string;
  headers: Readonly<Record<string, string>>;
}

/** The file behind a connection. */
export interface SqliteTarget {
  connection: string;
  /** Absolute. */
  file: string;
}

export interface Connections {
  http(name: string): Promise<HttpTarget>;
  sqlite(name: string): Promise<SqliteTarget>;
  /** Stops the servers that examples started. */
  close(): Promise<void>;
}

export interface ConnectionOptions {
  workspace(): Workspace;
  /** Relative files of connections are relative to this folder. */
  baseDirectory: string;
  /** Examples keep their databases below it. */
  dataDirectory: string;
  secrets: SecretSource;
  examples: ExampleParts;
}

export function createConnections(options: ConnectionOptions): Connections {
  const examples = startedExamples(options);
  const find = (name: string): Connection => {
    const { connections } = options.workspace();
    const found = Object.hasOwn(connections, name) ? connections[name] : undefined;
    if (!found)
      throw new FailureError(
        failure('connection-missing', `The workspace has no connection named "${name}". Add it under "connections", or choose another in the node.`),
      );
    return found;
  };
  return {
    async http(name) {
      const connection = find(name);
      if (connection.type === 'http')
        return { connection: name, baseUrl: connection.baseUrl, headers: resolveHeaders(name, connection.headers ?? {}, options.secrets) };
      if (connection.type === 'example') return { connection: name, baseUrl: await examples.baseUrl(name, connection.example), headers: {} };
      throw wrongType(name, connection.type, 'an HTTP API');
    },
    async sqlite(name) {
      const connection = find(name);
      if (connection.type === 'sqlite') return { connection: name, file: databaseFile(name, connection.url, options.baseDirectory) };
      if (connection.type === 'example') return { connection: name, file: await examples.databaseFile(name, connection.example) };
      throw wrongType(name, connection.type, 'a database');
    },
    close: () => examples.close(),
  };
}

/** Examples start once per host, however many ask at the same time; one that failed may be asked again. */
function startedExamples(options: ConnectionOptions) {
  const databases = new Map<string, Promise<string>>();
  const servers = new Map<string, Promise<{ baseUrl: string; close(): Promise<void> }>>();
  const partOf = <T extends 'sqlite' | 'http'>(name: string, example: string, type: T) => {
    const part = Object.hasOwn(options.examples, example) ? options.examples[example] : undefined;
    if (!part)
      throw new FailureError(failure('connection-missing', `Connection "${name}" names the example part "${example}", which this version does not ship.`));
    if (part.type !== type) throw wrongType(name, `example (${part.type})`, type === 'http' ? 'an HTTP API' : 'a database');
    return part as Extract<typeof part, { type: T }>;
  };
  return {
    async databaseFile(name: string, example: string): Promise<string> {
      const part = partOf(name, example, 'sqlite');
      const directory = resolvePath(options.dataDirectory, 'examples', ...example.split('/'));
      return once(databases, example, () => part.prepare(directory), name);
    },
    async baseUrl(name: string, example: string): Promise<string> {
      const part = partOf(name, example, 'http');
      return (await once(servers, example, () => part.start(), name)).baseUrl;
    },
    async close(): Promise<void> {
      const started = await Promise.allSettled(servers.values());
      servers.clear();
      await Promise.all(started.filter((server) => server.status === 'fulfilled').map((server) => server.value.close()));
    },
  };
}

function once<T>(known: Map<string, Promise<T>>, key: string, make: () => Promise<T>, connection: string): Promise<T> {
  const running = known.get(key);
  if (running) return running;
  const made = make().catch((error: unknown) => {
    known.delete(key);
    if (error instanceof FailureError) throw error;
    throw new FailureError(
      failure(
        'connection-unreachable',
        `The example part "${key}" behind connection "${connection}" could not be started: ${error instanceof Error ? error.message : String(error)}.`,
        { retry: 'policy' },
      ),
    );
  });
  known.set(key, made);
  return made;
}

function resolveHeaders(name: string, headers: NonNullable<Extract<Connection, { type: 'http' }>['headers']>, secrets: SecretSource): Record<string, string> {
  const resolved: Record<string, string> = {};
  for (const [header, value] of Object.entries(headers)) {
    const text = typeof value === 'string' ? value : secrets.get(value.secret);
    if (text === undefined) {
      const secret = typeof value === 'string' ? '' : value.secret;
      throw new FailureError(
        failure(
          'secret-missing',
          `Connection "${name}" needs the secret "${secret}" for its header "${header}", and none is set. Set it in the workspace, or in the environment as SWITCHYARD_SECRET_${secret}.`,
        ),
      );
    }
    resolved[header.toLowerCase()] = text;
  }
  return resolved;
}

/** `file:shop.db`, `file:///data/shop.db` or a plain path. SQLite's own URL parameters are refused: they could change how the file is opened. */
function databaseFile(name: string, url: string, baseDirectory: string): string {
  const refuse = (why: string) =>
    new FailureError(failure('connection-invalid', `The URL of connection "${name}" ${why}. Write it as "file:NAME.db" or "file:///FOLDER/NAME.db".`));
  if (url.includes('?') || url.includes('#')) throw refuse('has a query or a fragment, which a database file may not have');
  if (url.includes('\0') || url === '' || url === ':memory:') throw refuse('names no file');
  if (url.startsWith('file://')) {
    try {
      return fileURLToPath(url);
    } catch {
      throw refuse('is no URL of a file on this machine');
    }
  }
  const path = url.startsWith('file:') ? decodePath(url.slice('file:'.length), refuse) : url;
  if (path === '' || /^[a-z][a-z0-9+.-]+:/i.test(path)) throw refuse('names no file');
  return resolvePath(baseDirectory, path);
}

function decodePath(path: string, refuse: (why: string) => FailureError): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw refuse('has a percent sign that encodes nothing');
  }
}

function wrongType(name: string, type: string, wanted: string): FailureError {
  return new FailureError(
    failure('connection-type', `Connection "${name}" is of type ${type}, which is not ${wanted}. Choose another connection in the node.`),
  );
}
