/** The steps that make the tables, in order. A step that has shipped never changes; a change is a further step. */

export interface Migration {
  /** From 1, without gaps. Kept in the file as `user_version`. */
  version: number;
  title: string;
  sql: string;
}

export const migrations: readonly Migration[] = [
  {
    version: 1,
    title: 'flows, workspace entries, secrets, sessions',
    sql: `
      CREATE TABLE flows (
        id TEXT PRIMARY KEY, name TEXT NOT NULL, revision INTEGER NOT NULL, text TEXT NOT NULL, updated_at INTEGER NOT NULL, removed_at INTEGER
      ) STRICT;
      CREATE INDEX flows_by_change ON flows (updated_at DESC) WHERE removed_at IS NULL;
      CREATE TABLE entries (
        sort TEXT NOT NULL CHECK (sort IN ('model', 'connection')), name TEXT NOT NULL, text TEXT NOT NULL,
        origin TEXT NOT NULL CHECK (origin IN ('stored', 'file')), updated_at INTEGER NOT NULL, PRIMARY KEY (sort, name)
      ) STRICT;
      CREATE TABLE secrets (
        name TEXT PRIMARY KEY, origins TEXT NOT NULL, nonce BLOB NOT NULL, sealed BLOB NOT NULL, updated_at INTEGER NOT NULL
      ) STRICT;
      CREATE TABLE sessions (hash TEXT PRIMARY KEY, created_at INTEGER NOT NULL, expires_at INTEGER NOT NULL) STRICT;
      CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
    `,
  },
];
