/**
 * What a type of connection can perform. A type is one folder here with a connector.ts, one file in shared's connections, and a line in the
 * index of each.
 *
 * 1. A connection is opened when first used and again when its content changes, secrets included; what it held is closed once no call uses it.
 * 2. Every call ends when its deadline does. A connector lets nothing of a call go on after that.
 * 3. Every way to fail is a FailureError that names the connection and says what to do.
 */
import type {
  CatalogueScope,
  Connection,
  ConnectionOffer,
  ConnectRequest,
  ExampleParts,
  FetchRequest,
  FetchResult,
  Json,
  JsonObject,
  QueryRequest,
  QueryResult,
  SecretRef,
  Usage,
} from '@switchyard/shared';
import type { Deadline } from '../deadline.ts';
import type { Egress } from '../egress/index.ts';
import type { Embedder } from '../models/index.ts';

/** One call as a connector sees it. */
export interface ConnectorCall {
  deadline: Deadline;
  effect: 'read' | 'write';
  /** Of a write that may be repeated. */
  idempotencyKey?: string;
  /** Takes note of what a model took on the way. */
  spent?(usage: Partial<Usage>): void;
}

/** What is offered, as compared with what the connection holds as accepted. */
export interface Offered extends Omit<ConnectionOffer, 'hash'> {
  /** Kept in the connection once they are accepted. */
  fields: JsonObject;
}

/** A connection that is ready. It has the methods of the call kinds that its type performs; each gives the call's result. */
export interface OpenConnection {
  query?(request: QueryRequest, call: ConnectorCall): Promise<QueryResult>;
  /** A Catalogue of shared's call.ts where `query` is there; JSON of its own shape elsewhere. */
  catalogue?(call: ConnectorCall, scope?: CatalogueScope): Promise<Json>;
  fetch?(request: FetchRequest, call: ConnectorCall): Promise<FetchResult>;
  connect?(request: ConnectRequest, call: ConnectorCall): Promise<Json>;
  /** One cheap read that proves the connection works. Gives what it found, as a sentence; throws a FailureError that says what is wrong. */
  check(call: ConnectorCall): Promise<string>;
  /** What it offers now, for the person who accepts it. Only where something has to be accepted before it is used. */
  offer?(call: ConnectorCall): Promise<Offered>;
  /** Ends clients, sockets and processes. Called once, when nothing uses them. */
  close(): Promise<void>;
}

/** What a connector may use. */
export interface ConnectorMeans {
  /** The connection's name in the workspace, for messages. */
  name: string;
  /** Relative paths are relative to this folder; see localPath. */
  baseDirectory: string;
  /** Where the application keeps its files. */
  dataDirectory: string;
  /** The one way out, for HTTP and for sockets. */
  egress: Egress;
  examples: ExampleParts;
  /** The text of a field that may name a secret. Throws `secret-missing`; `where` says what needs it: `its header "authorization"`. */
  text(value: string | SecretRef, where: string): string;
  /** Opens a connection that this one stands for; its opener closes it. */
  open(connection: Connection): Promise<OpenConnection>;
  /** Runs `work` with another connection of the workspace, as it is now. Rejects with `connection-missing`. */
  use<T>(name: string, work: (open: OpenConnection, connection: Connection) => Promise<T>): Promise<T>;
  /** A model of the workspace that turns texts into vectors, as it is now. Throws the FailureError that keeps it from being asked. */
  embedder(model: string): Embedder;
}

export interface Connector<Type extends Connection['type'] = Connection['type']> {
  type: Type;
  /** Heavy drivers are imported here and no sooner. Opens nothing that fails slowly: a call's deadline starts after it. */
  open(connection: Extract<Connection, { type: Type }>, means: ConnectorMeans): Promise<OpenConnection>;
}
