/**
 * Runs and their events in PostgreSQL, as all processes on the database see them.
 *
 * 1. A run has one row. `life` names the execution that may write of it: one that was taken over writes nothing more.
 * 2. Events of all runs of this process are written together (event-writer.ts); the end of a run is written with its last ones.
 * 3. Whoever watches a run is told by a notice that there is more to read, and reads it here.
 */
import { randomUUID } from 'node:crypto';
import { failure, FailureError, type RunEvent } from '@switchyard/shared';
import type pg from 'pg';
import type { RunEnd, RunSummary, StoredRun } from '../stored-run.ts';
import type { DriverLog } from './driver-log.ts';
import { EventWriter } from './event-writer.ts';
import { noticeChannel, type Notices } from './notices.ts';
import { PostgresBlobs, shortColumns } from './postgres-blobs.ts';
import { largePage, readEvents, shortEvents, type EventPage } from './postgres-events.ts';
import { runsSchema } from './postgres-schema.ts';
import { PostgresWaits, topicOf, type PostgresParking } from './postgres-waits.ts';
import { storedOf, summaryColumns, summaryOf, type Row } from './run-rows.ts';

/** One execution of a run, while it is the one that may write of it. */
export interface RunLife {
  run: StoredRun;
  life: string;
  /** How many lives the run has had, this one included. */
  lives: number;
  /** Events get their seq from here on. */
  nextSeq: number;
  /** How often the run had been told something by then. */
  told: number;
}

export class PostgresRuns {
  readonly waits: PostgresWaits;
  readonly blobs: PostgresBlobs;
  readonly #pool: pg.Pool;
  readonly #events: EventWriter;

  private constructor(pool: pg.Pool, notices: Notices, log: DriverLog) {
    this.#pool = pool;
    this.waits = new PostgresWaits(pool, notices);
    this.blobs = new PostgresBlobs(pool);
    this.#events = new EventWriter({ pool, notices, blobs: this.blobs, log });
  }

  /** Makes the tables where they are missing; one process at a time. */
  static async open(pool: pg.Pool, notices: Notices, log: DriverLog): Promise<PostgresRuns> {
    await pool.query(runsSchema);
    return new PostgresRuns(pool, notices, log);
  }

  /** Resolves once the run is on disk, with its first life, which whoever executes it without delay may live; rejects with `run-exists` where its id is taken. */
  async create(stored: StoredRun): Promise<RunLife> {
    const { run, flowId, flow, plan, inputs, seed, status, startedAt } = stored;
    const life = randomUUID();
    const short = shortColumns({ inputs });
    await this.blobs.keep(short.blobs.map((blob) => ({ ...blob, run })));
    const documents = [JSON.stringify(flow), JSON.stringify(plan), short.text.inputs, seed ? JSON.stringify(seed) : null];
    const { rowCount } = await this.#pool.query({
      name: 'create-run',
      text: `INSERT INTO switchyard.runs (run, flow_id, flow_name, flow, plan, inputs, seed, status, started_at, blobs, life, lives)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1) ON CONFLICT DO NOTHING`,
      values: [run, flowId ?? null, flow.name, ...documents, status, startedAt, JSON.stringify(short.hashes), life],
    });
    if (rowCount !== 1) throw new FailureError(failure('run-exists', `A run with the id "${run}" is there already. Choose another id, or resume it.`));
    return { run: stored, life, lives: 1, nextSeq: 0, told: 0 };
  }

  async get(run: string): Promise<StoredRun | undefined> {
    const { rows } = await this.#pool.query<Row>('SELECT * FROM switchyard.runs WHERE run = $1', [run]);
    return rows[0] && storedOf(await this.blobs.wholeRow(rows[0]));
  }

  async status(run: string): Promise<StoredRun['status'] | undefined> {
    const { rows } = await this.#pool.query<{ status: StoredRun['status'] }>('SELECT status FROM switchyard.runs WHERE run = $1', [run]);
    return rows[0]?.status;
  }

  /** The run without its flow and plan. */
  async summary(run: string): Promise<RunSummary | undefined> {
    const { rows } = await this.#pool.query<Row>(`SELECT ${summaryColumns}, blobs FROM switchyard.runs WHERE run = $1`, [run]);
    return rows[0] && { ...summaryOf(await this.blobs.wholeRow(rows[0])), flowName: rows[0].flow_name as string };
  }

  /** The newest first, with the beginnings of long inputs and outputs; `before` is the id of the run that the page before ended with. */
  async list({ flowId, limit = 50, before }: { flowId?: string; limit?: number; before?: string }): Promise<RunSummary[]> {
    const { rows } = await this.#pool.query<Row>(
      `SELECT ${summaryColumns} FROM switchyard.runs
       WHERE ($1::text IS NULL OR (started_at, run) < (SELECT started_at, run FROM switchyard.runs WHERE run = $1)) AND ($2::text IS NULL OR flow_id = $2)
       ORDER BY started_at DESC, run DESC LIMIT $3`,
      [before ?? null, flowId ?? null, limit],
    );
    return rows.map((row) => ({ ...summaryOf(row), flowName: row.flow_name as string }));
  }

  /** Events with a seq above `after`, in order, at most `limit`; fewer where their long values come to `length` characters, none only where there is none. */
  async events(run: string, after = -1, limit = 5000, length = largePage): Promise<RunEvent[]> {
    return (await readEvents({ pool: this.#pool, blobs: this.blobs }, run, { after, limit, length })).events;
  }

  /** The same; `isAll`: there are no more now. */
  page(run: string, after: number, limit: number): Promise<EventPage> {
    return readEvents({ pool: this.#pool, blobs: this.blobs }, run, { after, limit, length: largePage });
  }

  /** Runs that were accepted by a process which died before it had started them. */
  async unstarted(): Promise<string[]> {
    const { rows } = await this.#pool.query<{ run: string }>(
      `SELECT run FROM switchyard.runs WHERE status = 'running' AND started_at < (extract(epoch FROM now()) - 10) * 1000
       AND NOT EXISTS (SELECT 1 FROM dbos.workflow_status WHERE workflow_uuid = run) LIMIT 100`,
    );
    return rows.map(({ run }) => run);
  }

  /** Runs under way whose workflow is at rest: what woke them was lost in between. */
  async stranded(): Promise<string[]> {
    const { rows } = await this.#pool.query<{ run: string }>(
      `SELECT run FROM switchyard.runs JOIN dbos.workflow_status ON workflow_uuid = run WHERE runs.status = 'running' AND workflow_status.status = 'CANCELLED'
       AND updated_at < (extract(epoch FROM now()) - 10) * 1000 LIMIT 100`,
    );
    return rows.map(({ run }) => run);
  }

  /** Makes this execution the one that may write of the run, and forgets the events of an earlier one; undefined where the run has ended. */
  async beginLife(run: string): Promise<RunLife | undefined> {
    const life = randomUUID();
    const { rows } = await this.#pool.query<Row>(
      `UPDATE switchyard.runs SET life = $2, lives = lives + 1, status = 'running', wake_at = NULL, outputs = NULL, usage = NULL, blobs = blobs - 'outputs'
       WHERE run = $1 AND status IN ('running', 'waiting') RETURNING *`,
      [run, life],
    );
    const [row] = rows;
    if (!row) return undefined;
    const lives = row.lives as number;
    const told = row.told as number;
    return { run: storedOf(await this.blobs.wholeRow(row)), life, lives, nextSeq: lives > 1 ? await this.#forgetEvents(run, life) : 0, told };
  }

  /** Gives the seq that comes after the last one told. */
  async #forgetEvents(run: string, life: string): Promise<number> {
    const { rows } = await this.#pool.query<{ last: number }>(
      `WITH forgotten AS (DELETE FROM switchyard.events WHERE run = $1 AND EXISTS (SELECT 1 FROM switchyard.runs WHERE run = $1 AND life = $2) RETURNING last)
       SELECT coalesce(max(last), -1) AS last FROM forgotten`,
      [run, life],
    );
    return (rows[0]?.last ?? -1) + 1;
  }

  /** Written within some milliseconds, together with those of other runs. */
  appendEvent(life: RunLife, event: RunEvent): void {
    this.#events.append(life, event);
  }

  /** Resolves once the end of the run, and every event before it, is on disk; gives whether this life was still the one that may say so. */
  async finish(of: RunLife, end: RunEnd, event: RunEvent): Promise<boolean> {
    const { run } = of.run;
    const rest = await this.#events.rest(of);
    const outputs = shortColumns({ outputs: end.outputs });
    const { events, blobs } = shortEvents([...rest, event]);
    await this.blobs.keep([...outputs.blobs, ...blobs].map((blob) => ({ ...blob, run })));
    const { rowCount } = await this.#pool.query({
      name: 'finish-run',
      text: `WITH done AS (
         UPDATE switchyard.runs SET status = $3, outputs = $4, failure = $5, usage = $6, ended_at = $7, blobs = blobs || $10 WHERE run = $1 AND life = $2 AND status = 'running' RETURNING run
       ), told AS (
         INSERT INTO switchyard.events (run, last, events) SELECT run, $8, $9 FROM done ON CONFLICT DO NOTHING
       ), heard AS (
         DELETE FROM switchyard.signals WHERE run IN (SELECT run FROM done)
       ), asked AS (
         DELETE FROM switchyard.waits WHERE run IN (SELECT run FROM done)
       ) SELECT pg_notify('${noticeChannel}', $11) FROM done`,
      values: [
        run,
        of.life,
        end.status,
        outputs.text.outputs,
        end.failure ? JSON.stringify(end.failure) : null,
        JSON.stringify(end.usage),
        end.endedAt,
        event.seq,
        `[${events.join(',')}]`,
        JSON.stringify(outputs.hashes),
        JSON.stringify({ topic: topicOf(run), body: { isOver: true } }),
      ],
    });
    return rowCount === 1;
  }

  /** Lets go of the run while it waits, after every event before; gives whether this life was still the one that may. */
  async park(life: RunLife, parking: PostgresParking, event: RunEvent): Promise<boolean> {
    await this.flush();
    return await this.waits.park(life, parking, event);
  }

  /** Takes back what `create` made of a run that could not be started, unless another life has begun. */
  async remove({ run: { run }, life }: RunLife): Promise<void> {
    await this.#pool.query('DELETE FROM switchyard.runs WHERE run = $1 AND life = $2', [run, life]);
  }

  /** Resolves once everything appended so far is written, which begins now. */
  async flush(): Promise<void> {
    await this.#events.flush();
  }
}
