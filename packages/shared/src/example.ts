/** What an example ships besides its flow: databases it seeds and servers it starts, so that a connection of type `example` works with nothing installed. */

/** Makes the database file in `directory` unless it is there already, and gives its path. Safe to call again, and from two processes at once. */
export interface ExampleDatabase {
  type: 'sqlite';
  prepare(directory: string): Promise<string>;
}

/** Starts a real HTTP server on a free loopback port. */
export interface ExampleServer {
  type: 'http';
  start(): Promise<{ baseUrl: string; close(): Promise<void> }>;
}

/** By the name that a connection of type `example` gives, such as `order-desk/shop`. */
export type ExampleParts = Readonly<Record<string, ExampleDatabase | ExampleServer>>;
