/** The tables of switchyard.db as kysely sees them. The migrations make them; a test compares the two. Times in ms since the epoch. */
import type { Kysely } from 'kysely';

export interface FlowsTable {
  id: string;
  name: string;
  revision: number;
  /** JSON of the document, canonical but for its white space. */
  text: string;
  updated_at: number;
  /** Null while the flow is there; a removed flow can be restored. */
  removed_at: number | null;
}

/** Where an entry of the workspace came from: edited in the browser, or read from the workspace file and refreshed at each start with it. */
export type EntryOrigin = 'stored' | 'file';

export interface EntriesTable {
  sort: 'model' | 'connection';
  name: string;
  /** JSON of the model or connection. */
  text: string;
  origin: EntryOrigin;
  updated_at: number;
}

export interface SecretsTable {
  name: string;
  /** JSON list of the origins it may be sent to; empty until it is first used. */
  origins: string;
  nonce: Uint8Array;
  /** Ciphertext and the 16 bytes of its tag. */
  sealed: Uint8Array;
  updated_at: number;
}

export interface SessionsTable {
  /** SHA-256 of the cookie's value, hex: the database alone lets nobody in. */
  hash: string;
  created_at: number;
  expires_at: number;
}

export interface FactsTable {
  name: string;
  value: string;
}

export interface Tables {
  flows: FlowsTable;
  entries: EntriesTable;
  secrets: SecretsTable;
  sessions: SessionsTable;
  facts: FactsTable;
}

export type Database = Kysely<Tables>;
