/**
 * Long values in PostgreSQL, each once, by the SHA-256 of its text, with a note which runs refer to it.
 *
 * 1. A blob is on disk before what refers to it.
 * 2. Whoever writes one shares a lock that whoever removes them takes alone: none goes that a run is about to refer to.
 */
import { beginnings, type Json, type JsonObject, type RunEvent } from '@switchyard/shared';
import type pg from 'pg';
import { blobOf, blobsOf, longestInline, withLongValues, type Blob } from '../long-values.ts';
import { inOneTransaction } from './in-one-transaction.ts';
import type { Row } from './run-rows.ts';

/** `blobs` of a run says which of its columns hold the beginning of a value alone. */
export const blobsSchema = `
  CREATE TABLE IF NOT EXISTS switchyard.blobs (hash TEXT PRIMARY KEY, text TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS switchyard.run_blobs (run TEXT NOT NULL, hash TEXT NOT NULL, PRIMARY KEY (run, hash));
  CREATE INDEX IF NOT EXISTS run_blobs_by_hash ON switchyard.run_blobs (hash);
  ALTER TABLE switchyard.runs ADD COLUMN IF NOT EXISTS blobs JSONB NOT NULL DEFAULT '{}';
`;

/** Another number than those of the other locks. */
export const blobsLock = 0x53_57_59_46;

/** A blob that a run refers to. */
export interface RunBlob extends Blob {
  run: string;
}

/** Columns of a run's row as they are written. */
export interface ShortColumns {
  /** JSON. */
  text: Record<string, string>;
  /** What goes into the column `blobs`. */
  hashes: Record<string, string>;
  blobs: Blob[];
}

export class PostgresBlobs {
  readonly #pool: pg.Pool;

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  /** Resolves once they are on disk. */
  async keep(blobs: readonly RunBlob[]): Promise<void> {
    if (blobs.length === 0) return;
    // In one order everywhere, so that two who write the same ones do not wait for one another.
    const sorted = [...blobs].sort((a, b) => (a.hash < b.hash ? -1 : Number(a.hash > b.hash)));
    const hashes = sorted.map(({ hash }) => hash);
    await inOneTransaction(this.#pool, async (client) => {
      await client.query('SELECT pg_advisory_xact_lock_shared($1)', [blobsLock]);
      await client.query('INSERT INTO switchyard.blobs (hash, text) SELECT * FROM unnest($1::text[], $2::text[]) ON CONFLICT DO NOTHING', [
        hashes,
        sorted.map(({ text }) => text),
      ]);
      await client.query('INSERT INTO switchyard.run_blobs (run, hash) SELECT * FROM unnest($1::text[], $2::text[]) ON CONFLICT DO NOTHING', [
        sorted.map(({ run }) => run),
        hashes,
      ]);
    });
  }

  async texts(hashes: readonly string[]): Promise<ReadonlyMap<string, string>> {
    if (hashes.length === 0) return new Map();
    const { rows } = await this.#pool.query<Blob>('SELECT hash, text FROM switchyard.blobs WHERE hash = ANY($1)', [[...new Set(hashes)]]);
    return new Map(rows.map(({ hash, text }) => [hash, text]));
  }

  /** The events as they were told. */
  async wholeEvents(events: readonly RunEvent[]): Promise<RunEvent[]> {
    const texts = await this.texts(events.flatMap(blobsOf));
    return events.map((event) => withLongValues(event, (hash) => textOf(texts, hash)));
  }

  /** The row of a run with its long values. */
  async wholeRow(row: Row): Promise<Row> {
    const columns = Object.entries(row.blobs as Record<string, string>);
    const texts = await this.texts(columns.map(([, hash]) => hash));
    return { ...row, ...Object.fromEntries(columns.map(([column, hash]) => [column, JSON.parse(textOf(texts, hash)) as Json])) };
  }
}

/** The text of a blob that must be there. */
export function textOf(texts: ReadonlyMap<string, string>, hash: string): string {
  const text = texts.get(hash);
  if (text === undefined) throw new Error(`The store has lost the blob ${hash}`);
  return text;
}

export function shortColumns(values: Record<string, JsonObject>): ShortColumns {
  const short: ShortColumns = { text: {}, hashes: {}, blobs: [] };
  for (const [column, value] of Object.entries(values)) {
    const text = JSON.stringify(value);
    short.text[column] = text;
    if (text.length <= longestInline) continue;
    const blob = blobOf(value, text);
    short.blobs.push(blob);
    short.hashes[column] = blob.hash;
    short.text[column] = JSON.stringify(beginnings(value));
  }
  return short;
}
