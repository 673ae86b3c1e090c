/**
 * What runs tell and record, in batches: what a run tells and records between two commits is one row, its events and its journal entries as JSON arrays.
 *
 * 1. A batch holds events in order of seq; the batches of a run do not overlap. Of a key there may be two entries: a write's intent, then its outcome.
 * 2. A batch takes more until it is written, has grown large, or is shut since the run writes something else, which must not come before it.
 */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { FailureError, RunEvent } from '@switchyard/shared';
import { keptEntries, latestOf, withLongResults, withLongValues, withoutLongResult, withoutLongValues, type Blob, type KnownValue } from '../long-values.ts';
import type { JournalEntry } from '../journal.ts';
import type { BlobRows } from './blob-rows.ts';
import type { Append } from './run-store.ts';
import { TransientMap } from '../transient-map.ts';

type Settle = (error?: FailureError) => void;

interface Batch {
  /** Of its events; -1 without any. */
  first: number;
  last: number;
  events: string;
  entries: string;
  /** Long values. */
  blobs: (Blob | KnownValue)[] | undefined;
  settles: Settle[] | undefined;
}

/** Characters. A batch is read and parsed as a whole. */
const largeBatch = 65_536;
/** Characters. A page ends where it has become so long, unless it is to be shorter. */
export const largePage = 8_000_000;

export interface BatchRowsOptions {
  database: DatabaseSync;
  blobs: BlobRows;
  append: Append;
  /** Somebody waits for what was appended. */
  hasten(): void;
}

export class BatchRows {
  readonly #options: BatchRowsOptions;
  readonly #insert: StatementSync;
  readonly #selectEvents: StatementSync;
  readonly #selectEntries: StatementSync;
  readonly #selectLast: StatementSync;
  readonly #forget: StatementSync[];
  /** Batches that take more, by run. */
  readonly #open = new TransientMap<Batch>();

  constructor(options: BatchRowsOptions) {
    const { database } = options;
    this.#options = options;
    this.#insert = database.prepare('INSERT INTO batches (run, first, last, events, entries) VALUES (?, ?, ?, ?, ?)');
    this.#selectEvents = database.prepare(`SELECT events FROM batches WHERE run = ?1 AND last > ?2
      AND first >= (SELECT coalesce(max(first), -1) FROM batches WHERE run = ?1 AND first <= ?2) ORDER BY first`);
    this.#selectEntries = database.prepare('SELECT entries FROM batches WHERE run = ? AND entries IS NOT NULL ORDER BY rowid');
    this.#selectLast = database.prepare('SELECT last FROM batches WHERE run = ? AND first IS NOT NULL ORDER BY first DESC LIMIT 1');
    this.#forget = [
      database.prepare('DELETE FROM batches WHERE run = ? AND entries IS NULL'),
      database.prepare('UPDATE batches SET first = NULL, last = NULL, events = NULL WHERE run = ?'),
    ];
  }

  /** Nobody waits for an event. */
  tell(run: string, event: RunEvent): void {
    let text = JSON.stringify(event);
    const short = withoutLongValues(event, text);
    if (short.blobs.length > 0) text = JSON.stringify(short.event);
    const batch = this.#batchOf(run);
    if (batch.events === '') batch.first = event.seq;
    batch.last = event.seq;
    batch.events = batch.events === '' ? text : `${batch.events},${text}`;
    this.#added(run, batch, short.blobs);
  }

  /** `settle` is called once the entry is on the disk, or with what prevented that. */
  record(run: string, entry: JournalEntry, settle: Settle, isUrgent: boolean): void {
    const { text, blobs } = withoutLongResult(entry);
    const batch = this.#batchOf(run);
    batch.entries = batch.entries === '' ? text : `${batch.entries},${text}`;
    if (batch.settles) batch.settles.push(settle);
    else batch.settles = [settle];
    this.#added(run, batch, blobs);
    if (isUrgent) this.#options.hasten();
  }

  /** What is told and recorded from now on stands in another row, which comes after whatever is appended now. */
  shut(run: string): void {
    this.#open.delete(run);
  }

  /** Events with a seq above `after`, in order, at most `limit`; fewer where they come to `length` characters, none only where there is none. */
  events(run: string, after: number, { limit, length: most }: { limit: number; length: number }): RunEvent[] {
    const events: RunEvent[] = [];
    let length = 0;
    const textOf = (hash: string) => {
      const text = this.#options.blobs.text(hash);
      length += text.length;
      return text;
    };
    for (const row of this.#selectEvents.iterate(run, after)) {
      const text = row.events as string;
      const told = JSON.parse(text) as RunEvent[];
      for (const event of told) {
        if (event.seq <= after) continue;
        // Its share: a row that an earlier version wrote may alone be longer than a page, and would be read again for each of its events.
        length += text.length / told.length;
        events.push(withLongValues(event, textOf));
        if (events.length >= limit || length >= most) return events;
      }
    }
    return events;
  }

  /** The highest seq stored, or -1. */
  lastSeq(run: string): number {
    return (this.#selectLast.get(run) as { last: number } | undefined)?.last ?? -1;
  }

  /** The latest entry of each key, in no special order. */
  entries(run: string): JournalEntry[] {
    const texts = (this.#selectEntries.all(run) as { entries: string }[]).map(({ entries }) => entries);
    return latestOf(withLongResults(keptEntries(texts), (hash) => this.#options.blobs.text(hash)));
  }

  /** Removes the events, and leaves the entries. */
  forgetEvents(run: string): void {
    this.#options.append(run, () => {
      for (const statement of this.#forget) statement.run(run);
    });
  }

  #batchOf(run: string): Batch {
    const open = this.#open.get(run);
    if (open) return open;
    const batch: Batch = { first: -1, last: -1, events: '', entries: '', blobs: undefined, settles: undefined };
    const settle = (error?: FailureError) => {
      this.#leave(run, batch);
      for (const told of batch.settles ?? []) told(error);
    };
    // A resumed run tells its story anew: whoever looks at it meanwhile has what is not written yet brought to the disk.
    this.#options.append(run, () => this.#write(run, batch), settle, { isAwaited: false });
    this.#open.set(run, batch);
    return batch;
  }

  #added(run: string, batch: Batch, blobs: readonly (Blob | KnownValue)[]): void {
    if (blobs.length > 0) batch.blobs = [...(batch.blobs ?? []), ...blobs];
    if (batch.events.length + batch.entries.length >= largeBatch) this.#open.delete(run);
  }

  /** Within a commit. */
  #write(run: string, batch: Batch): void {
    this.#leave(run, batch);
    for (const blob of batch.blobs ?? []) this.#options.blobs.keep(run, blob);
    const { first, last, events, entries } = batch;
    if (events === '') this.#insert.run(run, null, null, null, `[${entries}]`);
    else this.#insert.run(run, first, last, `[${events}]`, entries === '' ? null : `[${entries}]`);
  }

  #leave(run: string, batch: Batch): void {
    if (this.#open.get(run) === batch) this.#open.delete(run);
  }
}
