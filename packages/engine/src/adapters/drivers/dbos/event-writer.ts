/**
 * Brings the events of all runs of this process to PostgreSQL, and tells whoever watches in the same commit.
 *
 * 1. They are written together, at most every few milliseconds, a row for those of one run; only the life that owns a run writes of it.
 * 2. Nobody waits for the disk: such a commit is there with the next one that is waited for, be it a step of a journal or a run's end, and else
 *    within three times PostgreSQL's `wal_writer_delay`. Where the server broke down before that, the rows are written again.
 * 3. Streamed text comes in the notice alone.
 */
import type { JsonObject, RunEvent } from '@switchyard/shared';
import type pg from 'pg';
import type { DriverLog } from './driver-log.ts';
import { noticeChannel, payloadsOf, type Notices } from './notices.ts';
import type { PostgresBlobs, RunBlob } from './postgres-blobs.ts';
import { shortEvents } from './postgres-events.ts';
import { topicOf, type Writer } from './postgres-waits.ts';

const flushMs = 25;
/** Through half a minute without a database. */
const retryMs = 500;
const mostTries = 60;
/** ms that a row is kept: well above three times the 200 ms that PostgreSQL has by default for `wal_writer_delay`. */
const unsureMs = 5000;

interface Appended {
  run: string;
  life: string;
  event: RunEvent;
}

/** Events of one life that follow one another, as JSON. */
interface Row {
  run: string;
  text: string;
}

export interface EventWriterOptions {
  pool: pg.Pool;
  notices: Notices;
  blobs: PostgresBlobs;
  log: DriverLog;
}

export class EventWriter {
  readonly #options: EventWriterOptions;
  #pending: Appended[] = [];
  #flushing: Promise<void> | undefined;
  /** Runs with events in the batch that is being written. */
  #writing = new Set<string>();
  /** Written, and perhaps not on the disk yet; by when. */
  #unsure: { at: number; rows: readonly Row[] }[] = [];
  /** To be written once more. */
  #lost: Row[] = [];
  #hurry = () => {};

  constructor(options: EventWriterOptions) {
    this.#options = options;
    options.notices.onBroken(() => {
      this.#lost = [...this.#unsure.flatMap(({ rows }) => rows), ...this.#lost];
      this.#unsure = [];
      if (this.#lost.length > 0) this.#flushing ??= this.#flushSoon();
    });
  }

  append({ run: { run }, life }: Writer, event: RunEvent): void {
    this.#pending.push({ run, life, event });
    this.#flushing ??= this.#flushSoon();
  }

  /** Resolves once everything appended so far is written, which begins now. */
  async flush(): Promise<void> {
    while (this.#flushing) {
      this.#hurry();
      await this.#flushing;
    }
  }

  /** Takes what is not being written yet, for whoever writes it with the run's end; resolves once everything before is written. */
  async rest({ run: { run }, life }: Writer): Promise<RunEvent[]> {
    while (this.#writing.has(run) || this.#lost.some((row) => row.run === run)) await this.#flushing;
    const own = this.#pending.filter((pending) => pending.life === life && pending.event.type !== 'call-delta');
    this.#pending = this.#pending.filter((pending) => pending.life !== life);
    return own.map(({ event }) => event);
  }

  async #flushSoon(): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, flushMs);
      this.#hurry = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    const batch = this.#pending;
    this.#pending = [];
    const lost = this.#lost;
    this.#lost = [];
    this.#writing = new Set([...batch, ...lost].map(({ run }) => run));
    for (let tries = 1; tries <= mostTries; tries += 1) {
      try {
        await this.#write(batch, lost, tries === 1);
        break;
      } catch (error) {
        if (tries === mostTries)
          this.#options.log.warn(`${batch.length} events could not be written and are missing from their traces: ${(error as Error).message}`);
        else await new Promise((resolve) => setTimeout(resolve, retryMs));
      }
    }
    this.#writing = new Set();
    this.#flushing = this.#pending.length + this.#lost.length > 0 ? this.#flushSoon() : undefined;
  }

  /** A second try tells nobody, since that may be what failed: whoever watches looks again from time to time. */
  async #write(batch: readonly Appended[], lost: readonly Row[], tells: boolean): Promise<void> {
    const { pool, blobs } = this.#options;
    const runs = Map.groupBy(batch, ({ run }) => run);
    const made = [...runs].flatMap(([run, appended]) => {
      const kept = appended.filter(({ event }) => event.type !== 'call-delta');
      // One life after another may write of a run within one batch; their events are not mixed.
      return [...Map.groupBy(kept, ({ life }) => life)].map(([life, of]) => rowOf(run, life, of));
    });
    await blobs.keep(made.flatMap((row) => row.blobs));
    const rows = [...lost, ...made.map(({ row }) => row)];
    const notices = [...deltasOf(batch), ...[...runs.keys()].map((run) => ({ topic: topicOf(run), body: { more: true } }))];
    await pool.query({
      name: 'append-events',
      text: `WITH told AS (
         INSERT INTO switchyard.events (run, last, events)
         SELECT new.run, new.last, new.events FROM json_to_recordset($1) AS new (run text, life text, last int, events json)
         JOIN switchyard.runs ON runs.run = new.run AND runs.life = new.life ON CONFLICT DO NOTHING
       ) SELECT pg_notify('${noticeChannel}', payload) FROM set_config('synchronous_commit', 'off', true) LEFT JOIN unnest($2::text[]) AS payload ON true
       WHERE payload IS NOT NULL`,
      values: [`[${rows.map(({ text }) => text).join(',')}]`, tells ? payloadsOf(notices) : []],
    });
    const now = performance.now();
    this.#unsure = [...this.#unsure.filter(({ at }) => now - at < unsureMs), { at: now, rows }];
  }
}

function rowOf(run: string, life: string, of: readonly Appended[]): { row: Row; blobs: RunBlob[] } {
  const { events, blobs } = shortEvents(of.map(({ event }) => event));
  const text = `{"run":${JSON.stringify(run)},"life":"${life}","last":${of.at(-1)?.event.seq ?? 0},"events":[${events.join(',')}]}`;
  return { row: { run, text }, blobs: blobs.map((blob) => ({ ...blob, run })) };
}

function deltasOf(batch: readonly Appended[]) {
  const deltas = batch.filter(({ event }) => event.type === 'call-delta');
  return deltas.map(({ run, event }) => ({ topic: topicOf(run), body: { delta: event as unknown as JsonObject } }));
}
