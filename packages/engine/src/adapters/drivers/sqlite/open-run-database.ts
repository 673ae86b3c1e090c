/**
 * Opens runs.db, or makes it.
 *
 * 1. A file of a newer version, or of another program, is refused and left as it is.
 * 2. A file of an older version is copied to backups/ first; then every step up to this version is one transaction, version number included.
 * 3. Free pages can be given back little by little; a file that was made without that is rebuilt once, when it is brought to this version.
 * 4. WAL. The database is given back after one commit with `synchronous=FULL`, so that a new WAL's entry in its folder is on the disk.
 */
import { hash } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { failure, FailureError } from '@switchyard/shared';
import { storeMigrations } from './store-migrations.ts';

/** What SQLite calls the mode in which free pages are given back when it is asked to. */
const incremental = 2;
/** Of a new file. A commit writes whole pages, some of them for a single number, and rows of some kB: with 4096 it costs a tenth more, and with 32,768 too. */
const pageBytes = 8192;
/** Bytes: a WAL that has grown beyond is cut once it has been brought into the file. */
const largestIdleWal = 64 * 2 ** 20;

/** Throws the FailureError `store-refused` that says what is wrong with the file and what to do. */
export function openRunDatabase(file: string): DatabaseSync {
  const database = new DatabaseSync(file, { timeout: 5000 });
  try {
    migrate(file, database);
  } catch (error) {
    database.close();
    throw error instanceof FailureError ? error : refused(file, `it cannot be used (${(error as Error).message})`);
  }
  return database;
}

function migrate(file: string, database: DatabaseSync): void {
  const { user_version: version } = database.prepare('PRAGMA user_version').get() as { user_version: number };
  const newest = storeMigrations.length;
  if (version > newest)
    throw refused(file, `it was written by a newer Switchyard (store version ${version}; this one reads up to ${newest}). Update Switchyard`);
  // Of a new file, before anything else is.
  database.exec(`PRAGMA page_size = ${pageBytes}; PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL`);
  database.exec(`PRAGMA journal_size_limit = ${largestIdleWal}`);
  if (version > 0 && version < newest) backUp(file, database, version);
  database.function('sha256', { deterministic: true }, (text) => hash('sha256', String(text)));
  database.exec('BEGIN IMMEDIATE');
  try {
    for (const step of storeMigrations) if (step.version > version) database.exec(step.sql);
    database.exec(`PRAGMA user_version = ${newest}; COMMIT`);
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw refused(file, `bringing it to version ${newest} failed and was undone: ${(error as Error).message}`);
  }
  if ((database.prepare('PRAGMA auto_vacuum').get() as { auto_vacuum: number }).auto_vacuum !== incremental)
    database.exec('PRAGMA auto_vacuum = INCREMENTAL; VACUUM');
}

function backUp(file: string, database: DatabaseSync, version: number): void {
  const folder = join(dirname(file), 'backups');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const copy = join(folder, `runs-v${version}-${new Date().toISOString().replaceAll(/[:.]/g, '-')}.db`);
  database.prepare('VACUUM INTO ?').run(copy);
  const handle = openSync(copy, 'r+');
  fsyncSync(handle);
  closeSync(handle);
}

function refused(file: string, why: string): FailureError {
  return new FailureError(
    failure('store-refused', `The store ${file} is not opened: ${why}. Nothing was changed; another data folder can be chosen with --data.`),
  );
}
