/**
 * Opens one database file twice, read-only: guarded for foreign SQL, and plain for reading its schema. Opens anew when the file was replaced.
 * For a write it is opened a third time, and closed after it.
 */
import { statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { DatabaseError } from '../../sql/database-protocol.ts';
import { guardQueries, type QueryGuard } from './query-guard.ts';

export interface OpenDatabase {
  /** Runs foreign SQL. */
  guarded: DatabaseSync;
  guard: QueryGuard;
  /** Reads the schema with SQL of ours. */
  plain: DatabaseSync;
  /** Absolute. */
  file: string;
}

/** No value and no row longer than this. */
const valueBytes = 1_000_000;
const busyMs = 2_000;

/** Gives the open database, opened when first asked for. Throws `connection-unreachable` where there is no such file: it never makes one. */
export function databaseOpener(file: string): () => OpenDatabase {
  let open: (OpenDatabase & { identity: string }) | undefined;
  return () => {
    const identity = identityOf(file);
    if (open?.identity === identity) return open;
    open?.guarded.close();
    open?.plain.close();
    open = undefined;
    const guarded = connect(file);
    open = { guarded, guard: guardQueries(guarded, 'read'), plain: connect(file), file, identity };
    return open;
  };
}

/** The database with `guarded` for one write, which is closed after `work`. */
export function withWritable<Result>(database: OpenDatabase, work: (writable: OpenDatabase) => Result): Result {
  const guarded = connect(database.file, 'write');
  try {
    return work({ ...database, guarded, guard: guardQueries(guarded, 'write') });
  } finally {
    guarded.close();
  }
}

function identityOf(file: string): string {
  const stats = statSync(file, { throwIfNoEntry: false });
  if (!stats) throw new DatabaseError('connection-unreachable', `there is no file ${file}. Check the URL of the connection; a missing database is never made`);
  // A pipe or a device would hang at its opening.
  if (!stats.isFile()) throw new DatabaseError('connection-unreachable', `${file} is no file. Check the URL of the connection`);
  return `${stats.dev}:${stats.ino}`;
}

function connect(file: string, access: 'read' | 'write' = 'read'): DatabaseSync {
  const url = pathToFileURL(file);
  // Without it a file that has just gone would be made.
  if (access === 'write') url.searchParams.set('mode', 'rw');
  const database = new DatabaseSync(url, {
    readOnly: access === 'read',
    timeout: busyMs,
    allowExtension: false,
    defensive: true,
    allowBareNamedParameters: true,
    allowUnknownNamedParameters: false,
    readBigInts: true,
    returnArrays: true,
    limits: {
      length: valueBytes,
      sqlLength: 200_000,
      attach: 0,
      likePatternLength: 1_000,
      variableNumber: 1_000,
      functionArg: 127,
      exprDepth: 500,
      compoundSelect: 200,
    },
  });
  database.exec(`PRAGMA query_only = ${access === 'read' ? 'ON' : 'OFF'}; PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY; PRAGMA mmap_size = 0`);
  return database;
}
