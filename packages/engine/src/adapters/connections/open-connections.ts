/**
 * The open connections of a host.
 *
 * 1. A connection is opened at its first call, once however many ask, and kept. One that could not be opened may be asked again.
 * 2. What it was opened with, its content and the texts of its secrets, is compared at each call: a change counts at once.
 * 3. A connection that was changed or removed is closed when the last call that uses it has ended.
 */
import { connectionSecrets, FailureError, failure, type Connection, type ExampleParts, type SecretRef, type Workspace } from '@switchyard/shared';
import type { SecretSource } from '../../host.ts';
import type { Egress } from '../egress/index.ts';
import type { ConnectorMeans, OpenConnection } from './connector.ts';
import { connectors } from './connectors.ts';

export interface ConnectionOptions {
  workspace(): Workspace;
  /** Relative files of connections are relative to this folder. */
  baseDirectory: string;
  /** Examples keep their databases below it. */
  dataDirectory: string;
  secrets: SecretSource;
  examples: ExampleParts;
  egress: Egress;
  embedder: ConnectorMeans['embedder'];
}

export interface OpenConnections {
  /** Runs `work` with the connection of this name, which stays open at least as long. */
  use<T>(name: string, work: (open: OpenConnection, connection: Connection) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** What a connection is opened with, and the secrets that are looked up for it. */
interface Content {
  text: string;
  secrets: readonly string[];
}

interface Held {
  content: string;
  secrets: readonly (string | null)[];
  opened: Promise<OpenConnection>;
  /** Calls that use it now. */
  users: number;
  isLeft: boolean;
  /** Settles when it is closed. */
  closing?: Promise<void>;
}

/** Removed connections are looked for this often when no call does. */
const sweepMs = 30_000;

export function createOpenConnections(options: ConnectionOptions): OpenConnections {
  return new HeldConnections(options);
}

class HeldConnections implements OpenConnections {
  readonly #options: ConnectionOptions;
  readonly #held = new Map<string, Held>();
  readonly #leaving = new Set<Held>();
  readonly #sweeping: NodeJS.Timeout;
  /** Worked out once for each connection as the workspace has it: a change is another object. */
  readonly #contents = new WeakMap<Connection, Content>();
  #swept: Workspace | undefined;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#sweeping = setInterval(() => this.#sweep(), sweepMs).unref();
  }

  async use<T>(name: string, work: (open: OpenConnection, connection: Connection) => Promise<T>): Promise<T> {
    this.#sweep();
    const connection = this.#find(name);
    const held = this.#take(name, connection);
    held.users += 1;
    try {
      return await work(await held.opened, connection);
    } finally {
      held.users -= 1;
      if (held.isLeft) this.#closeUnused(held);
    }
  }

  async close(): Promise<void> {
    clearInterval(this.#sweeping);
    for (const name of [...this.#held.keys()]) this.#leave(name);
    await Promise.all([...this.#leaving].map((held) => this.#end(held)));
  }

  #find(name: string): Connection {
    const { connections } = this.#options.workspace();
    const found = Object.hasOwn(connections, name) ? connections[name] : undefined;
    if (found) return found;
    throw new FailureError(
      failure('connection-missing', `The workspace has no connection named "${name}". Add it under "connections", or choose another in the node.`),
    );
  }

  #take(name: string, connection: Connection): Held {
    const known = this.#held.get(name);
    if (known && this.#isAsOpened(known, connection)) return known;
    if (known) this.#leave(name);
    const { text, secrets } = this.#contentOf(connection);
    const held: Held = {
      content: text,
      secrets: secrets.map((secret) => this.#secret(secret)),
      opened: openConnection(connection, this.#meansFor(name)),
      users: 0,
      isLeft: false,
    };
    this.#held.set(name, held);
    held.opened.catch(() => this.#held.get(name) === held && this.#held.delete(name));
    return held;
  }

  /** Lets go of what the workspace no longer has. */
  #sweep(): void {
    const workspace = this.#options.workspace();
    if (workspace === this.#swept) return;
    this.#swept = workspace;
    for (const [name, held] of this.#held) {
      const now = Object.hasOwn(workspace.connections, name) ? workspace.connections[name] : undefined;
      if (!now || !this.#isAsOpened(held, now)) this.#leave(name);
    }
  }

  #leave(name: string): void {
    const held = this.#held.get(name);
    if (!held) return;
    this.#held.delete(name);
    held.isLeft = true;
    this.#leaving.add(held);
    this.#closeUnused(held);
  }

  #closeUnused(held: Held): void {
    if (held.users === 0) void this.#end(held);
  }

  /** What cannot be closed is gone already. */
  #end(held: Held): Promise<void> {
    held.closing ??= held.opened
      .then((open) => open.close())
      .catch(() => undefined)
      .then(() => void this.#leaving.delete(held));
    return held.closing;
  }

  #isAsOpened(held: Held, connection: Connection): boolean {
    const { text, secrets } = this.#contentOf(connection);
    return held.content === text && secrets.every((secret, index) => this.#secret(secret) === held.secrets[index]);
  }

  /** Limits are the pools' affair: they change nothing about how it is opened. */
  #contentOf(connection: Connection): Content {
    const known = this.#contents.get(connection);
    if (known) return known;
    const { limits: _, ...content } = connection;
    const made = { text: JSON.stringify(content), secrets: connectionSecrets(connection) };
    this.#contents.set(connection, made);
    return made;
  }

  #secret(name: string): string | null {
    return this.#options.secrets.get(name) ?? null;
  }

  #meansFor(name: string): ConnectorMeans {
    const { baseDirectory, dataDirectory, egress, embedder, examples, secrets } = this.#options;
    const means: ConnectorMeans = {
      name,
      baseDirectory,
      dataDirectory,
      egress,
      examples,
      text: (value, where) => secretText(value, { name, where, secrets }),
      open: (connection) => openConnection(connection, means),
      use: (other, work) => this.use(other, work),
      embedder,
    };
    return means;
  }
}

async function openConnection(connection: Connection, means: ConnectorMeans): Promise<OpenConnection> {
  const connector = connectors.get(connection.type);
  if (!connector) throw new Error(`No connector is there for the type "${connection.type}"`);
  return await connector.open(connection, means);
}

function secretText(value: string | SecretRef, { name, where, secrets }: { name: string; where: string; secrets: SecretSource }): string {
  const text = typeof value === 'string' ? value : secrets.get(value.secret);
  if (text !== undefined) return text;
  const secret = typeof value === 'string' ? '' : value.secret;
  throw new FailureError(
    failure(
      'secret-missing',
      `Connection "${name}" needs the secret "${secret}" for ${where}, and none is set. Set it in the workspace, or in the environment as SWITCHYARD_SECRET_${secret}.`,
    ),
  );
}
