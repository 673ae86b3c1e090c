/**
 * Runs that are kept no longer leave PostgreSQL, with their events, signals and long values, and their workflows with the journal.
 *
 * 1. One process at a time prunes, under an advisory lock that ends with its transaction; the others find nothing to do.
 * 2. Only runs that have ended go, and whose workflow has: the oldest ends first, some at a time.
 * 3. The workflow goes first. A crash in between leaves a run without one, which the next slice takes.
 * 4. Calls that were queued for other processes go an hour after they came: by then their runs have what they gave, or ask anew.
 */
import type pg from 'pg';
import type { Kept, Pruning } from '../pruning.ts';
import type { DbosProcess } from './dbos-process.ts';
import { inOneTransaction } from './in-one-transaction.ts';
import { blobsLock } from './postgres-blobs.ts';
import { callWorkflowName } from './queued-call.ts';

/** Another number than those of the other locks. */
const pruningLock = 0x53_57_59_47;
const runsAtOnce = 20;
const callsAtOnce = 200;
const callsKeptMs = 60 * 60_000;

const oldestQuery = `
  SELECT run FROM switchyard.runs
  WHERE ended_at IS NOT NULL AND status IN ('done', 'failed', 'cancelled')
    AND (ended_at < $1 OR (ended_at, run) <= (
      SELECT ended_at, run FROM switchyard.runs WHERE ended_at IS NOT NULL AND status IN ('done', 'failed', 'cancelled')
      ORDER BY ended_at DESC, run DESC OFFSET $2 LIMIT 1
    ))
    AND NOT EXISTS (SELECT 1 FROM dbos.workflow_status WHERE workflow_uuid = run AND status IN ('PENDING', 'ENQUEUED', 'DELAYED'))
  ORDER BY ended_at, run LIMIT ${runsAtOnce}`;

const callsQuery = `
  SELECT workflow_uuid AS id FROM dbos.workflow_status
  WHERE created_at < $1 AND name = $2 AND status NOT IN ('PENDING', 'ENQUEUED', 'DELAYED') ORDER BY created_at LIMIT ${callsAtOnce}`;

/** No number of runs comes near it. */
const anyNumber = 2 ** 31 - 1;

export class PostgresPruning implements Pruning {
  readonly #pool: pg.Pool;
  readonly #process: DbosProcess;

  constructor(pool: pg.Pool, process: DbosProcess) {
    this.#pool = pool;
    this.#process = process;
  }

  slice({ endedAfter = 0, runs = anyNumber }: Kept): Promise<boolean> {
    return inOneTransaction(this.#pool, async (client) => {
      const { rows: locked } = await client.query<{ won: boolean }>('SELECT pg_try_advisory_xact_lock($1) AS won', [pruningLock]);
      if (!locked[0]?.won) return false;
      const { rows: oldest } = await client.query<{ run: string }>(oldestQuery, [Math.min(endedAfter, Number.MAX_SAFE_INTEGER), Math.min(runs, anyNumber)]);
      const { rows: calls } = await client.query<{ id: string }>(callsQuery, [Date.now() - callsKeptMs, callWorkflowName]);
      const gone = oldest.map(({ run }) => run);
      await this.#process.forget([...gone, ...calls.map(({ id }) => id)]);
      if (gone.length > 0) await remove(client, gone);
      return oldest.length === runsAtOnce || calls.length === callsAtOnce;
    });
  }
}

async function remove(client: pg.PoolClient, runs: readonly string[]): Promise<void> {
  for (const table of ['events', 'signals', 'waits', 'runs']) await client.query(`DELETE FROM switchyard.${table} WHERE run = ANY($1)`, [runs]);
  const { rows } = await client.query<{ hash: string }>('DELETE FROM switchyard.run_blobs WHERE run = ANY($1) RETURNING hash', [runs]);
  if (rows.length === 0) return;
  // From here to the end of the transaction nobody refers to a blob anew.
  await client.query('SELECT pg_advisory_xact_lock($1)', [blobsLock]);
  await client.query(
    'DELETE FROM switchyard.blobs WHERE hash = ANY($1) AND NOT EXISTS (SELECT 1 FROM switchyard.run_blobs WHERE run_blobs.hash = blobs.hash)',
    [[...new Set(rows.map(({ hash }) => hash))]],
  );
}
