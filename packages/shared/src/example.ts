/** What an example ships besides its flow: databases it seeds, folders it brings and servers it starts, so that a connection of type `example` works with nothing installed. */
import type { Connection } from './connections/index.ts';

/** Makes the database file in `directory` unless it is there already, and gives its path. Safe to call again, and from two processes at once. */
export interface ExampleDatabase {
  type: 'sqlite';
  prepare(directory: string): Promise<string>;
}

/** Gives the path of a folder of files, which is made in `directory` or is there already: to be read as they are, or as tables. */
export interface ExampleFolder {
  type: 'files' | 'duckdb';
  prepare(directory: string): Promise<string>;
}

/** Starts a real server on a free loopback port. Gives its address, and the connection, of this type, that it stands for. */
export interface ExampleServer {
  type: 'http' | 'openapi' | 'graphql' | 'mcp';
  start(): Promise<{ baseUrl: string; connection: Connection; close(): Promise<void> }>;
}

/** Each says by `type` what connection it stands for. By the name that a connection of type `example` gives, such as `order-desk/shop`. */
export type ExampleParts = Readonly<Record<string, ExampleDatabase | ExampleFolder | ExampleServer>>;
