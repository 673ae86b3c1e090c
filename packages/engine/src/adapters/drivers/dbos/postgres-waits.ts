/**
 * Signals that were kept for runs, and questions that are open, in PostgreSQL: any process takes an answer, and the one that executes the run hears it.
 *
 * 1. A signal is on disk before it is accepted. It is kept until its run ends, so that a life which begins later hears it too.
 * 2. Questions are written by the life that owns the run, and asked anew by the next one.
 * 3. A run that is parked is held by no process: its workflow is at rest (DBOS calls that cancelled), in the same commit that says what wakes it.
 *    `told` counts what the run was told, in its own row: whoever parks it while a signal is on its way finds it due at once.
 * 4. Of several processes that see a run due, one wakes it; where that one dies, another does some seconds later.
 */
import { FailureError, type Ask, type Json, type OpenWait, type RunEvent } from '@switchyard/shared';
import type pg from 'pg';
import { runEnded, runMissing } from '../run-failures.ts';
import type { Parking } from '../stored-run.ts';
import type { Notices } from './notices.ts';
import type { Row } from './run-rows.ts';

export const waitsSchema = `
  CREATE TABLE IF NOT EXISTS switchyard.signals (run TEXT NOT NULL, name TEXT NOT NULL, PRIMARY KEY (run, name));
  ALTER TABLE switchyard.signals ADD COLUMN IF NOT EXISTS payload JSON;
  CREATE TABLE IF NOT EXISTS switchyard.waits (
    run TEXT NOT NULL, life TEXT NOT NULL, key TEXT NOT NULL, task TEXT NOT NULL, ask JSON NOT NULL, since BIGINT NOT NULL, until BIGINT, PRIMARY KEY (run, key)
  );
  CREATE INDEX IF NOT EXISTS waits_by_since ON switchyard.waits (since);
  ALTER TABLE switchyard.runs ADD COLUMN IF NOT EXISTS told INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE switchyard.runs ADD COLUMN IF NOT EXISTS wake_at BIGINT;
  CREATE INDEX IF NOT EXISTS runs_parked ON switchyard.runs (wake_at) WHERE status = 'waiting';
`;

/** A signal as it is told to the process that executes the run. */
export interface KeptSignal {
  name: string;
  payload: Json;
}

/** `heard`: how often the life that ends knows that the run was told something. */
export interface PostgresParking extends Parking {
  executor: string;
}

/** Who may write of a run. */
export interface Writer {
  run: { run: string };
  life: string;
}

export class PostgresWaits {
  readonly #pool: pg.Pool;
  readonly #notices: Notices;

  constructor(pool: pg.Pool, notices: Notices) {
    this.#pool = pool;
    this.#notices = notices;
  }

  /** Resolves once the signal is on disk: false where one of that name was kept before. Rejects with `run-missing` or `run-ended`. */
  async keepSignal(run: string, name: string, payload: Json): Promise<boolean> {
    const { rowCount } = await this.#pool.query(
      `WITH told AS (
         UPDATE switchyard.runs SET told = told + 1, wake_at = CASE WHEN status = 'waiting' THEN 0 END
         WHERE run = $1 AND status IN ('running', 'waiting') AND NOT EXISTS (SELECT FROM switchyard.signals WHERE run = $1 AND name = $2) RETURNING run
       ) INSERT INTO switchyard.signals (run, name, payload) SELECT run, $2, $3 FROM told ON CONFLICT DO NOTHING`,
      [run, name, JSON.stringify(payload)],
    );
    if (rowCount === 1) {
      await this.#notices.tell(signalTopicOf(run), name);
      return true;
    }
    const { rows } = await this.#pool.query<{ status: string }>('SELECT status FROM switchyard.runs WHERE run = $1', [run]);
    if (!rows[0]) throw new FailureError(runMissing(run));
    if (rows[0].status !== 'running' && rows[0].status !== 'waiting') throw new FailureError(runEnded(run));
    return false;
  }

  /** How often the run was told something: read before the signals, which are then at least as new. */
  async told(run: string): Promise<number> {
    const { rows } = await this.#pool.query<{ told: number }>('SELECT told FROM switchyard.runs WHERE run = $1', [run]);
    return rows[0]?.told ?? 0;
  }

  /** What came with each signal of the run, by name. */
  async signals(run: string): Promise<Map<string, Json>> {
    const { rows } = await this.#pool.query<KeptSignal>('SELECT name, payload FROM switchyard.signals WHERE run = $1', [run]);
    return new Map(rows.map(({ name, payload }) => [name, payload]));
  }

  /** Forgets the questions of an earlier life. */
  async begin({ run: { run } }: Writer): Promise<void> {
    await this.#pool.query('DELETE FROM switchyard.waits WHERE run = $1', [run]);
  }

  async open({ run: { run }, life }: Writer, { key, task, ask, since, until }: Omit<OpenWait, 'run' | 'flowName'>): Promise<void> {
    await this.#pool.query(
      `INSERT INTO switchyard.waits (run, life, key, task, ask, since, until)
       SELECT run, life, $3, $4, $5, $6, $7 FROM switchyard.runs WHERE run = $1 AND life = $2 AND status = 'running' ON CONFLICT DO NOTHING`,
      [run, life, key, task, JSON.stringify(ask), since, until ?? null],
    );
  }

  async end({ run: { run }, life }: Writer, key: string): Promise<void> {
    await this.#pool.query('DELETE FROM switchyard.waits WHERE run = $1 AND life = $2 AND key = $3', [run, life, key]);
  }

  /** Open questions, the oldest first: of one run, or of all. */
  async list({ run, limit = 200 }: { run?: string; limit?: number } = {}): Promise<OpenWait[]> {
    const { rows } = await this.#pool.query<Row>(
      `SELECT waits.*, flow_name FROM switchyard.waits JOIN switchyard.runs USING (run)
       WHERE status IN ('running', 'waiting') AND ($1::text IS NULL OR run = $1) ORDER BY since LIMIT $2`,
      [run ?? null, limit],
    );
    return rows.map(waitOf);
  }

  /** Lets go of the run while it waits; gives whether this life was still the one that may. `executor`: the name of this process. */
  async park({ run: { run }, life }: Writer, parking: PostgresParking, event: RunEvent): Promise<boolean> {
    const { wakeAt, heard, outputs, usage, executor } = parking;
    const { rowCount } = await this.#pool.query(
      `WITH parked AS (
         UPDATE switchyard.runs SET status = 'waiting', outputs = $3, usage = $4, lives = 1, wake_at = CASE WHEN told > $5 THEN 0 ELSE $6::bigint END
         WHERE run = $1 AND life = $2 AND status = 'running' RETURNING run
       ), ended AS (
         INSERT INTO switchyard.events (run, last, events) SELECT run, $7, $8 FROM parked ON CONFLICT DO NOTHING
       ), rested AS (
         UPDATE dbos.workflow_status SET status = 'CANCELLED', owner_xid = NULL, queue_name = NULL, started_at_epoch_ms = NULL,
           updated_at = (extract(epoch FROM now()) * 1000)::bigint, completed_at = (extract(epoch FROM now()) * 1000)::bigint
         WHERE workflow_uuid IN (SELECT run FROM parked) AND status = 'PENDING' AND executor_id = $9
       ) SELECT run FROM parked`,
      [run, life, JSON.stringify(outputs), JSON.stringify(usage), heard, wakeAt ?? null, event.seq, JSON.stringify([event]), executor],
    );
    await this.#notices.tell(topicOf(run), { isOver: true });
    return rowCount === 1;
  }

  /** Runs that are to be woken, each given to one process; those that were given out before and did not begin within some seconds, too. */
  async due(limit = 100): Promise<string[]> {
    const { rows } = await this.#pool.query<{ run: string }>(
      `UPDATE switchyard.runs SET wake_at = (extract(epoch FROM now()) * 1000)::bigint + ${wakeWithinMs} WHERE run IN (
         SELECT run FROM switchyard.runs WHERE status = 'waiting' AND wake_at <= (extract(epoch FROM now()) * 1000)::bigint
         ORDER BY wake_at LIMIT $1 FOR UPDATE SKIP LOCKED
       ) RETURNING run`,
      [limit],
    );
    return rows.map(({ run }) => run);
  }
}

const wakeWithinMs = 10_000;

/** Where it is told that there is more to read of a run. */
export const topicOf = (run: string): string => `run/${run}`;

/** Where it is told that a signal came for a run. */
export const signalTopicOf = (run: string): string => `signal/${run}`;

function waitOf(row: Row): OpenWait {
  return {
    run: row.run as string,
    flowName: row.flow_name as string,
    key: row.key as string,
    task: row.task as string,
    ask: row.ask as Ask,
    since: Number(row.since),
    ...(row.until !== null && { until: Number(row.until) }),
  };
}
