/**
 * The events of runs, in batches: what a run tells between two commits is one row, as a JSON array.
 *
 * 1. A batch holds events in order of seq; the batches of a run do not overlap.
 * 2. A batch takes events until it is written, or has grown large.
 */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { RunEvent } from '@switchyard/shared';
import type { Append } from './sqlite-store.ts';

interface Batch {
  first: number;
  last: number;
  text: string;
}

/** Characters. A batch is read and parsed as a whole. */
const largeBatch = 65_536;

export class EventRows {
  readonly #append: Append;
  readonly #insert: StatementSync;
  readonly #select: StatementSync;
  readonly #selectLast: StatementSync;
  readonly #delete: StatementSync;
  /** Batches that are not written yet, by run. */
  readonly #open = new Map<string, Batch>();

  constructor(database: DatabaseSync, append: Append) {
    this.#append = append;
    this.#insert = database.prepare('INSERT OR IGNORE INTO event_batches (run, first, last, events) VALUES (?, ?, ?, ?)');
    this.#select = database.prepare(`SELECT events FROM event_batches WHERE run = ?1 AND last > ?2
      AND first >= (SELECT coalesce(max(first), -1) FROM event_batches WHERE run = ?1 AND first <= ?2) ORDER BY first`);
    this.#selectLast = database.prepare('SELECT last FROM event_batches WHERE run = ? ORDER BY first DESC LIMIT 1');
    this.#delete = database.prepare('DELETE FROM event_batches WHERE run = ?');
  }

  append(run: string, event: RunEvent): void {
    const text = JSON.stringify(event);
    const open = this.#open.get(run);
    if (open && open.text.length < largeBatch) {
      open.last = event.seq;
      open.text += `,${text}`;
      return;
    }
    const batch = { first: event.seq, last: event.seq, text };
    this.#open.set(run, batch);
    const shut = () => {
      if (this.#open.get(run) === batch) this.#open.delete(run);
    };
    const write = () => {
      shut();
      this.#insert.run(run, batch.first, batch.last, `[${batch.text}]`);
    };
    this.#append(run, write, shut);
  }

  /** Those with a seq above `after`, in order, at most `limit`. */
  list(run: string, after: number, limit: number): RunEvent[] {
    const events: RunEvent[] = [];
    for (const row of this.#select.iterate(run, after)) {
      for (const event of JSON.parse(row.events as string) as RunEvent[]) if (event.seq > after) events.push(event);
      if (events.length >= limit) break;
    }
    return events.slice(0, limit);
  }

  /** The highest seq stored, or -1. */
  lastSeq(run: string): number {
    return (this.#selectLast.get(run) as { last: number } | undefined)?.last ?? -1;
  }

  forget(run: string): void {
    this.#append(run, () => this.#delete.run(run));
  }
}
