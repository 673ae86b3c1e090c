/**
 * Which processes are alive, and who goes on with what a dead one left.
 *
 * 1. A process is alive while its row was renewed within `staleMs`, by the database's clock.
 * 2. One process at a time looks for orphans, under an advisory lock that ends with its transaction.
 * 3. To be taken for dead by mistake is safe: the run's next step goes to one owner only (step-journal.ts).
 */
import type pg from 'pg';
import type { DbosProcess } from './dbos-process.ts';
import type { DriverLog } from './driver-log.ts';
import { inOneTransaction } from './in-one-transaction.ts';

export interface HeartbeatOptions {
  pool: pg.Pool;
  name: string;
  /** What it serves, for who looks at the table. */
  serves: string;
  log: DriverLog;
  beatMs?: number;
  staleMs?: number;
}

export interface Heartbeat {
  /** Looks for orphans from now on. */
  watch(process: DbosProcess): void;
  /** Whether the last beat reached the database. */
  isWell(): boolean;
  /** Leaves at once, so that others need not wait for the row to go stale. */
  close(): Promise<void>;
}

/** Any number that no other program on this database uses. */
const orphansLock = 0x53_57_59_44;

const schema = `
  CREATE SCHEMA IF NOT EXISTS switchyard;
  CREATE TABLE IF NOT EXISTS switchyard.processes (name TEXT PRIMARY KEY, serves TEXT NOT NULL, seen_at TIMESTAMPTZ NOT NULL);
`;

const orphansQuery = `
  SELECT workflow_uuid AS id, queue_name AS queue FROM dbos.workflow_status
  WHERE status = 'PENDING' AND executor_id NOT IN (SELECT name FROM switchyard.processes WHERE seen_at > now() - $1 * interval '1 ms')
  ORDER BY created_at LIMIT 1000`;

/** Resolves after the first beat: before it nothing may be started, or it would look like an orphan. Makes its table where it is missing; one process at a time. */
export async function startHeartbeat(options: HeartbeatOptions): Promise<Heartbeat> {
  const { pool, name, serves, log, beatMs = 500, staleMs = 3000 } = options;
  let isWell = true;
  let watched: DbosProcess | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let turn: Promise<void> = Promise.resolve();
  let isClosed = false;

  const beat = () => pool.query('INSERT INTO switchyard.processes VALUES ($1, $2, now()) ON CONFLICT (name) DO UPDATE SET seen_at = now()', [name, serves]);
  const takeTurn = async () => {
    try {
      await beat();
      isWell = true;
      if (watched) await adopt(pool, watched, { staleMs, log });
    } catch (error) {
      isWell = false;
      log.warn(`The heartbeat did not reach the database: ${(error as Error).message}`);
    }
    if (!isClosed) timer = setTimeout(begin, beatMs);
  };
  const begin = () => {
    turn = takeTurn();
  };

  await pool.query(schema);
  await beat();
  timer = setTimeout(begin, beatMs);
  return {
    watch: (process) => {
      watched = process;
    },
    isWell: () => isWell,
    async close() {
      isClosed = true;
      clearTimeout(timer);
      await turn;
      await pool.query('DELETE FROM switchyard.processes WHERE name = $1', [name]).catch(() => undefined);
    },
  };
}

/** Gives the workflows of dead processes to whoever serves their queue, and forgets processes that are long dead. */
async function adopt(pool: pg.Pool, process: DbosProcess, { staleMs, log }: { staleMs: number; log: DriverLog }): Promise<void> {
  await inOneTransaction(pool, async (client) => {
    const { rows: locked } = await client.query<{ won: boolean }>('SELECT pg_try_advisory_xact_lock($1) AS won', [orphansLock]);
    if (!locked[0]?.won) return;
    const { rows } = await client.query<{ id: string; queue: string | null }>(orphansQuery, [staleMs]);
    if (rows.length === 0) return;
    log.info(`${rows.length} runs and calls of a process that is gone are given to others`);
    await process.takeOver(rows.map(({ id, queue }) => ({ id, queue: queue ?? undefined })));
    await client.query(`DELETE FROM switchyard.processes WHERE seen_at < now() - interval '1 hour'`);
  });
}
