/**
 * Everything that a process of the distributed engine holds, opened and closed in the right order: the database, notices, the heartbeat, DBOS.
 *
 * Leaving deletes the heartbeat's row, so that others go on with its runs at once instead of when the row goes stale.
 */
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { pid } from 'node:process';
import { FailureError, failure } from '@switchyard/shared';
import type pg from 'pg';
import type { Host } from '../../../host.ts';
import type { Redact } from '../calls/attempt.ts';
import { checkedAddress, encryptionAdvice } from './database-address.ts';
import { launchDbos, protocol, type DbosProcess } from './dbos-process.ts';
import type { DriverLog } from './driver-log.ts';
import { startHeartbeat } from './heartbeat.ts';
import { openNotices, type Notices } from './notices.ts';
import { openPool } from './open-pool.ts';
import { PostgresPruning } from './postgres-pruning.ts';
import { PostgresRuns } from './postgres-runs.ts';
import { queueCalls, serveCalls } from './queued-call.ts';
import type { StepLife } from './step-journal.ts';

/** Another number than that of the orphans' lock. */
const tablesLock = 0x53_57_59_45;
const tablesPollMs = 50;
const longestTablesMs = 60_000;

/** A process is one that executes runs, or one that serves pools, or both. */
export interface DbosEngineOptions {
  /** Such as postgresql://user:password@host/database. */
  databaseUrl: string;
  host: Host;
  redactor(): Redact;
  /** Executes one life of a run; undefined in a process that serves pools only. */
  execute?(engine: DbosEngine, run: string, life: StepLife): Promise<void>;
  /** Pools whose calls other processes make. */
  remotePools?: readonly string[];
  /** Pools whose queued calls are made here. */
  servedPools?: readonly string[];
  log: DriverLog;
  beatMs?: number;
  staleMs?: number;
}

/** An open engine. */
export interface DbosEngine {
  runs: PostgresRuns;
  notices: Notices;
  process: DbosProcess;
  pruning: PostgresPruning;
  /** The host, with the calls of remote pools queued. */
  host: Host;
  /** Whether the database answers, as far as is known. */
  isWell(): boolean;
  /** Leaves: takes nothing more, waits up to `withinMs` for what is under way, and lets go of the rest. */
  close(withinMs?: number): Promise<void>;
}

/** Resolves once this process is known to the others; rejects with `database-unusable`. */
export async function openDbos(options: DbosEngineOptions): Promise<DbosEngine> {
  await using opening = new AsyncDisposableStack();
  const { log } = options;
  const databaseUrl = checkedAddress(options.databaseUrl);
  const name = `${hostname()}-${pid}-${randomUUID().slice(0, 8)}`;
  const pool = openPool({ databaseUrl, name: `switchyard ${name}`, log });
  opening.defer(() => pool.end());
  const notices = await usable(openNotices(databaseUrl, pool, log));
  opening.defer(() => notices.close());
  const parts = await usable(whileMakingTables(pool, () => join({ ...options, databaseUrl }, { name, pool, notices, opening })));
  const opened = opening.move();
  const { runs, process, heartbeat, host, launched, leaving } = parts;
  const close = async (withinMs = 0) => {
    leaving.drainMs = withinMs;
    await opened.disposeAsync();
  };
  const engine: DbosEngine = { runs, notices, process, pruning: new PostgresPruning(pool, process), host, isWell: () => heartbeat.isWell(), close };
  launched.resolve(engine);
  return engine;
}

interface Joining {
  name: string;
  pool: pg.Pool;
  notices: Notices;
  opening: AsyncDisposableStack;
}

async function join(options: DbosEngineOptions, { name, pool, notices, opening }: Joining) {
  const { databaseUrl, log, remotePools = [], servedPools = [], execute, beatMs, staleMs } = options;
  const runs = await PostgresRuns.open(pool, notices, log);
  const serves = [...(execute ? ['runs'] : []), ...servedPools].join(', ');
  const heartbeat = await startHeartbeat({ pool, name, serves, log, ...(beatMs !== undefined && { beatMs }), ...(staleMs !== undefined && { staleMs }) });
  opening.defer(() => heartbeat.close());
  // Runs may be taken over before the engine is handed out; they wait for it.
  const launched = Promise.withResolvers<DbosEngine>();
  const process = await launchDbos({
    databaseUrl,
    name,
    log,
    results: runs.blobs,
    pools: servedPools.map((served) => ({ name: served, ...options.host.pool(served) })),
    serveCall: serveCalls({ host: options.host, notices, redact: options.redactor, name }),
    ...(execute && { execute: async (run: string, life: StepLife) => execute(await launched.promise, run, life) }),
  });
  const leaving = { drainMs: 0 };
  opening.defer(() => process.close(leaving.drainMs));
  heartbeat.watch(process);
  const host = remotePools.length === 0 ? options.host : queueCalls(options.host, { pools: new Set(remotePools), notices, version: protocol });
  return { runs, heartbeat, process, host, launched, leaving };
}

/**
 * Two processes that start at once on an empty database would both make the same tables, and one would fail. The lock is asked for again and again
 * and held outside a transaction: an index that is made concurrently waits for every transaction, and so for one that waits for the lock.
 */
async function whileMakingTables<Result>(pool: pg.Pool, work: () => Promise<Result>): Promise<Result> {
  const client = await pool.connect();
  try {
    for (let tries = 0; ; tries += 1) {
      const { rows } = await client.query<{ won: boolean }>('SELECT pg_try_advisory_lock($1) AS won', [tablesLock]);
      if (rows[0]?.won) break;
      if (tries * tablesPollMs > longestTablesMs) throw new Error('another process has been making its tables for a minute');
      await new Promise((resolve) => setTimeout(resolve, tablesPollMs));
    }
    return await work();
  } finally {
    await client.query('SELECT pg_advisory_unlock($1)', [tablesLock]).catch(() => undefined);
    client.release();
  }
}

/** The database's own words, with what to do. The address is left out: it may hold a password. */
async function usable<Result>(opening: Promise<Result>): Promise<Result> {
  try {
    return await opening;
  } catch (error) {
    if (error instanceof FailureError) throw error;
    const { message } = error as Error;
    const advice = encryptionAdvice(error as Error);
    throw new FailureError(
      failure(
        'database-unusable',
        `The database of the engine cannot be used: ${message}. ${advice || 'See whether PostgreSQL is up, and whether --database-url or SWITCHYARD_DATABASE_URL names it and a user who may create schemas there.'}`,
      ),
    );
  }
}
