/**
 * Signals that were kept for runs, and questions that are open, in PostgreSQL: any process takes an answer, and the one that executes the run hears it.
 *
 * 1. A signal is on disk before it is accepted. It is kept until its run ends, so that a life which begins later hears it too.
 * 2. Questions are written by the life that owns the run, and asked anew by the next one.
 */
import { FailureError, type Ask, type Json, type OpenWait } from '@switchyard/shared';
import type pg from 'pg';
import { runEnded, runMissing } from '../run-failures.ts';
import type { Notices } from './notices.ts';
import type { Row } from './run-rows.ts';

export const waitsSchema = `
  CREATE TABLE IF NOT EXISTS switchyard.signals (run TEXT NOT NULL, name TEXT NOT NULL, PRIMARY KEY (run, name));
  ALTER TABLE switchyard.signals ADD COLUMN IF NOT EXISTS payload JSON;
  CREATE TABLE IF NOT EXISTS switchyard.waits (
    run TEXT NOT NULL, life TEXT NOT NULL, key TEXT NOT NULL, task TEXT NOT NULL, ask JSON NOT NULL, since BIGINT NOT NULL, until BIGINT, PRIMARY KEY (run, key)
  );
  CREATE INDEX IF NOT EXISTS waits_by_since ON switchyard.waits (since);
`;

/** A signal as it is told to the process that executes the run. */
export interface KeptSignal {
  name: string;
  payload: Json;
}

/** Who may write of a run. */
interface Writer {
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
      `INSERT INTO switchyard.signals (run, name, payload) SELECT run, $2, $3 FROM switchyard.runs WHERE run = $1 AND status = 'running' ON CONFLICT DO NOTHING`,
      [run, name, JSON.stringify(payload)],
    );
    if (rowCount === 1) {
      await this.#notices.tell(signalTopicOf(run), name);
      return true;
    }
    const { rows } = await this.#pool.query<{ status: string }>('SELECT status FROM switchyard.runs WHERE run = $1', [run]);
    if (!rows[0]) throw new FailureError(runMissing(run));
    if (rows[0].status !== 'running') throw new FailureError(runEnded(run));
    return false;
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
       WHERE status = 'running' AND ($1::text IS NULL OR run = $1) ORDER BY since LIMIT $2`,
      [run ?? null, limit],
    );
    return rows.map(waitOf);
  }
}

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
