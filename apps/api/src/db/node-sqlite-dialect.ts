/** kysely over Node's own SQLite: its SQLite dialect with the few methods it needs of a database. No native addon. */
import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { FailureError, failure } from '@switchyard/shared';
import { SqliteDialect } from 'kysely';

/** Statements kept prepared; the server's queries are a few dozen texts. */
const keptStatements = 200;

/** The dialect for an open database. Closing kysely does not close it: whoever opened it does. */
export function nodeSqliteDialect(sqlite: DatabaseSync): SqliteDialect {
  const statements = new Map<string, ReturnType<typeof prepare>>();
  return new SqliteDialect({
    database: {
      close: () => statements.clear(),
      prepare(sql) {
        const known = statements.get(sql);
        if (known) return known;
        const fresh = prepare(sqlite, sql);
        if (statements.size < keptStatements) statements.set(sql, fresh);
        return fresh;
      },
    },
  });
}

function prepare(sqlite: DatabaseSync, sql: string) {
  const statement = sqlite.prepare(sql);
  return {
    reader: statement.columns().length > 0,
    all: (parameters: readonly unknown[]) => onDisk(sqlite, () => statement.all(...(parameters as SQLInputValue[]))),
    run: (parameters: readonly unknown[]) => onDisk(sqlite, () => statement.run(...(parameters as SQLInputValue[]))),
    iterate: (parameters: readonly unknown[]) => statement.iterate(...(parameters as SQLInputValue[])),
  };
}

/** SQLITE_READONLY, SQLITE_IOERR and SQLITE_FULL: the disk refuses, and no statement is wrong. */
const diskErrors = new Set([8, 10, 13]);

/** Rejects what the disk refuses as a failure that may pass, not as a bug. */
function onDisk<Result>(sqlite: DatabaseSync, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Error && 'errcode' in error && diskErrors.has(Number(error.errcode) & 0xff))) throw error;
    const why = `${sqlite.location() ?? 'The store'} could not be written to: ${error.message}.`;
    throw new FailureError(failure('store-failed', `${why} Nothing was changed. See to the disk, then try again.`, { retry: 'policy' }));
  }
}
