/**
 * Opens switchyard.db, or makes it in an empty data folder.
 *
 * 1. What cannot be read as our store is refused, never replaced: another file, a newer version, a store that lost its main file.
 * 2. A store of an older version is copied to backups/ first; each migration then is one transaction, version number included.
 * 3. WAL with `synchronous=FULL`: what a statement returned from is on disk.
 */
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { FailureError, failure } from '@switchyard/shared';
import { Kysely } from 'kysely';
import { migrations as allMigrations, type Migration } from './migrations.ts';
import { nodeSqliteDialect } from './node-sqlite-dialect.ts';
import type { Database, Tables } from './schema.ts';

export interface Store {
  database: Database;
  sqlite: DatabaseSync;
  /** Whether this start made the store. */
  isNew: boolean;
  close(): void;
}

/** "SWYD", so that another program's SQLite file is told apart. */
const applicationId = 0x53_57_59_44;

/** Opens the store; throws the FailureError `store-refused` that says what is wrong with the file and what to do. */
export function openStore(file: string, migrations: readonly Migration[] = allMigrations): Store {
  const isNew = !existsSync(file) || statSync(file).size === 0;
  if (isNew) refuseWhereLost(file);
  const sqlite = new DatabaseSync(file, { timeout: 5000 });
  try {
    const version = identify(file, sqlite, migrations);
    sqlite.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;');
    const open = migrations.filter((migration) => migration.version > version);
    if (open.length > 0 && version > 0) backUp(file, sqlite, version);
    for (const migration of open) apply(file, sqlite, migration);
  } catch (error) {
    sqlite.close();
    throw error;
  }
  const database = new Kysely<Tables>({ dialect: nodeSqliteDialect(sqlite) });
  return {
    database,
    sqlite,
    isNew,
    close: () => {
      if (sqlite.isOpen) sqlite.close();
    },
  };
}

/** The store's version; 0 for one just made. */
function identify(file: string, sqlite: DatabaseSync, migrations: readonly Migration[]): number {
  try {
    const number = (pragma: string) => Object.values(sqlite.prepare(`PRAGMA ${pragma}`).get() ?? {})[0] as number;
    const tables = (sqlite.prepare('SELECT count(*) AS count FROM sqlite_schema').get() as { count: number }).count;
    const [id, version] = [number('application_id'), number('user_version')];
    if (tables === 0 && id === 0 && version === 0) return 0;
    if (id !== applicationId) throw refused(file, 'it is a database of another program');
    const newest = migrations.at(-1)?.version ?? 0;
    if (version > newest)
      throw refused(file, `it was written by a newer Switchyard (store version ${version}; this one reads up to ${newest}). Update Switchyard`);
    return version;
  } catch (error) {
    if (error instanceof FailureError) throw error;
    throw refused(file, `it cannot be read as a database (${(error as Error).message})`);
  }
}

/** An empty store beside the remains of a used one would look like lost work, and make it so. */
function refuseWhereLost(file: string): void {
  const folder = dirname(file);
  const remains = [`${file}-wal`, join(folder, 'vault.key')].filter((path) => existsSync(path) && statSync(path).size > 0);
  if (remains.length > 0) {
    throw refused(
      file,
      `it is missing or empty, but ${remains.join(' and ')} shows that there was one. Put the file or a copy of it back (see ${join(folder, 'backups')})`,
    );
  }
}

function backUp(file: string, sqlite: DatabaseSync, version: number): void {
  const folder = join(dirname(file), 'backups');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const stamp = new Date().toISOString().replaceAll(/[:.]/g, '-');
  const copy = join(folder, `switchyard-v${version}-${stamp}.db`);
  sqlite.prepare('VACUUM INTO ?').run(copy);
  const handle = openSync(copy, 'r+');
  fsyncSync(handle);
  closeSync(handle);
}

function apply(file: string, sqlite: DatabaseSync, migration: Migration): void {
  sqlite.exec('BEGIN IMMEDIATE');
  try {
    sqlite.exec(migration.sql);
    sqlite.exec(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${migration.version};`);
    sqlite.exec('COMMIT');
  } catch (error) {
    if (sqlite.isTransaction) sqlite.exec('ROLLBACK');
    throw refused(file, `bringing it to version ${migration.version} (${migration.title}) failed and was undone: ${(error as Error).message}`);
  }
}

function refused(file: string, why: string): FailureError {
  return new FailureError(
    failure('store-refused', `The store ${file} is not opened: ${why}. Nothing was changed; another data folder can be chosen with --data.`),
  );
}
