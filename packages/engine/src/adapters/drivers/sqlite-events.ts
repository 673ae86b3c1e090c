/**
 * The events of runs, in batches: what a run tells between two commits is one row, as a JSON array.
 *
 * 1. A batch holds events in order of seq; the batches of a run do not overlap.
 * 2. A batch takes events until it is written, or has grown large.
 */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { RunEvent } from '@switchyard/shared';
import { withLongValues, withoutLongValues, type Blob } from './long-values.ts';
import type { BlobRows } from './sqlite-blobs.ts';
import type { Append } from './sqlite-store.ts';
import { TransientMap } from './transient-map.ts';

interface Batch {
  first: number;
  last: number;
  text: string;
  /** Long values of its events. */
  blobs?: Blob[];
}

/** Characters. A batch is read and parsed as a whole. */
const largeBatch = 65_536;
/** Characters. A page ends where it has become so long. */
const largePage = 8_000_000;

export interface EventRowsOptions {
  database: DatabaseSync;
  blobs: BlobRows;
  append: Append;
}

export class EventRows {
  readonly #append: Append;
  readonly #blobs: BlobRows;
  readonly #insert: StatementSync;
  readonly #select: StatementSync;
  readonly #selectLast: StatementSync;
  readonly #delete: StatementSync;
  /** Batches that are not written yet, by run. */
  readonly #open = new TransientMap<Batch>();

  constructor({ database, blobs, append }: EventRowsOptions) {
    this.#append = append;
    this.#blobs = blobs;
    this.#insert = database.prepare('INSERT OR IGNORE INTO event_batches (run, first, last, events) VALUES (?, ?, ?, ?)');
    this.#select = database.prepare(`SELECT events FROM event_batches WHERE run = ?1 AND last > ?2
      AND first >= (SELECT coalesce(max(first), -1) FROM event_batches WHERE run = ?1 AND first <= ?2) ORDER BY first`);
    this.#selectLast = database.prepare('SELECT last FROM event_batches WHERE run = ? ORDER BY first DESC LIMIT 1');
    this.#delete = database.prepare('DELETE FROM event_batches WHERE run = ?');
  }

  append(run: string, event: RunEvent): void {
    let text = JSON.stringify(event);
    const short = withoutLongValues(event, text);
    if (short.blobs.length > 0) text = JSON.stringify(short.event);
    const open = this.#open.get(run);
    if (open && open.text.length < largeBatch) {
      open.last = event.seq;
      open.text += `,${text}`;
      if (short.blobs.length > 0) open.blobs = [...(open.blobs ?? []), ...short.blobs];
      return;
    }
    const batch: Batch = { first: event.seq, last: event.seq, text, ...(short.blobs.length > 0 && { blobs: short.blobs }) };
    this.#open.set(run, batch);
    const shut = () => {
      if (this.#open.get(run) === batch) this.#open.delete(run);
    };
    const write = () => {
      shut();
      for (const blob of batch.blobs ?? []) this.#blobs.keep(run, blob);
      this.#insert.run(run, batch.first, batch.last, `[${batch.text}]`);
    };
    // A resumed run tells its story anew: whoever looks at it meanwhile has what is not written yet brought to the disk.
    this.#append(run, write, shut, { isAwaited: false });
  }

  /** Those with a seq above `after`, in order, at most `limit`; fewer where they are long, none only where there is none. */
  list(run: string, after: number, limit: number): RunEvent[] {
    const events: RunEvent[] = [];
    let length = 0;
    const textOf = (hash: string) => {
      const text = this.#blobs.text(hash);
      length += text.length;
      return text;
    };
    for (const row of this.#select.iterate(run, after)) {
      length += (row.events as string).length;
      for (const event of JSON.parse(row.events as string) as RunEvent[]) {
        if (event.seq <= after) continue;
        events.push(withLongValues(event, textOf));
        if (events.length >= limit || length >= largePage) return events;
      }
    }
    return events;
  }

  /** The highest seq stored, or -1. */
  lastSeq(run: string): number {
    return (this.#selectLast.get(run) as { last: number } | undefined)?.last ?? -1;
  }

  forget(run: string): void {
    this.#append(run, () => this.#delete.run(run));
  }
}
