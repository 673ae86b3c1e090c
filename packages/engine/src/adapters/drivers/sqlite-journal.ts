/** The journal of runs: one row per run and key; the intent of a write is replaced by its outcome, an outcome by nothing. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Failure, Usage } from '@switchyard/shared';
import type { JournalEntry } from './journal.ts';
import type { BlobRows } from './sqlite-blobs.ts';

type Row = Record<string, unknown>;

export class JournalRows {
  readonly #blobs: BlobRows;
  readonly #insert: StatementSync;
  readonly #select: StatementSync;

  constructor(database: DatabaseSync, blobs: BlobRows) {
    this.#blobs = blobs;
    this.#insert = database.prepare(`INSERT INTO journal (run, key, kind, input_hash, completion, result, failure, usage, attempt, started_at, ended_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (run, key) DO UPDATE SET completion = excluded.completion, result = excluded.result, failure = excluded.failure, usage = excluded.usage,
        attempt = excluded.attempt, ended_at = excluded.ended_at WHERE journal.completion IS NULL`);
    this.#select = database.prepare('SELECT * FROM journal WHERE run = ?');
  }

  /** Within a commit. */
  write(run: string, entry: JournalEntry): void {
    const { key, kind, inputHash, completion = null, result, failure, usage, attempt, startedAt, endedAt = null } = entry;
    this.#insert.run(
      run,
      key,
      kind,
      inputHash,
      completion,
      result === undefined ? null : this.#blobs.column(run, result),
      text(failure),
      text(usage),
      attempt,
      startedAt,
      endedAt,
    );
  }

  /** In no special order. */
  list(run: string): JournalEntry[] {
    return (this.#select.all(run) as Row[]).map((row) => this.#entryOf(row));
  }

  #entryOf(row: Row): JournalEntry {
    return {
      key: row.key as string,
      kind: row.kind as string,
      inputHash: row.input_hash as string,
      attempt: row.attempt as number,
      startedAt: row.started_at as number,
      ...(row.completion !== null && { completion: row.completion as number }),
      ...(row.result !== null && { result: this.#blobs.whole(row.result as string) }),
      ...(row.failure !== null && { failure: JSON.parse(row.failure as string) as Failure }),
      ...(row.usage !== null && { usage: JSON.parse(row.usage as string) as Usage }),
      ...(row.ended_at !== null && { endedAt: row.ended_at as number }),
    };
  }
}

function text(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(value);
}
