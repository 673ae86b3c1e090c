/**
 * Long values in the SQLite store, each once, by the SHA-256 of its text.
 *
 * 1. A blob is written in the commit that writes what refers to it, with a note which run refers to it: it goes with the last run that does.
 * 2. In a column, a long value is `#`, its hash, and its beginning as JSON: a list needs no blob. No JSON begins like that.
 */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { beginnings, type Json } from '@switchyard/shared';
import { blobOf, knownHash, longestInline, type Blob, type KnownValue } from '../long-values.ts';

const hashLength = 64;

export class BlobRows {
  readonly #insert: StatementSync;
  readonly #refer: StatementSync;
  readonly #referKept: StatementSync;
  readonly #select: StatementSync;

  constructor(database: DatabaseSync) {
    this.#insert = database.prepare('INSERT OR IGNORE INTO blobs (hash, text) VALUES (?, ?)');
    this.#refer = database.prepare('INSERT OR IGNORE INTO run_blobs (run, hash) VALUES (?, ?)');
    this.#referKept = database.prepare('INSERT OR REPLACE INTO run_blobs (run, hash) SELECT ?, hash FROM blobs WHERE hash = ?');
    this.#select = database.prepare('SELECT text FROM blobs WHERE hash = ?');
  }

  /** Within a commit. */
  keep(run: string, blob: Blob | KnownValue): void {
    if ('value' in blob) {
      if (this.#referKept.run(run, blob.hash).changes === 0) this.keep(run, blobOf(blob.value, JSON.stringify(blob.value)));
      return;
    }
    this.#insert.run(blob.hash, blob.text);
    this.#refer.run(run, blob.hash);
  }

  /** What a column holds of a value. Within a commit. */
  column(run: string, value: Json): string {
    const known = knownHash(value);
    // A result that an event told before is not made text a second time.
    if (known !== undefined && this.#referKept.run(run, known).changes > 0) return reference(known, value);
    const text = JSON.stringify(value);
    if (text.length <= longestInline) return text;
    const blob = blobOf(value, text);
    this.keep(run, blob);
    return reference(blob.hash, value);
  }

  /** The value that a column stands for. */
  whole(column: string): Json {
    return JSON.parse(column.startsWith('#') ? this.text(column.slice(1, 1 + hashLength)) : column) as Json;
  }

  text(hash: string): string {
    const row = this.#select.get(hash) as { text: string } | undefined;
    if (!row) throw new Error(`The store has lost the blob ${hash}`);
    return row.text;
  }
}

/** The beginning of a long value in a column, a short one whole. */
export function beginningIn(column: string): Json {
  return JSON.parse(column.startsWith('#') ? column.slice(1 + hashLength) : column) as Json;
}

function reference(hash: string, value: Json): string {
  return `#${hash}${JSON.stringify(beginnings(value))}`;
}
