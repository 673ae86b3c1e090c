/** Connections to the engine's own database. */
import pg from 'pg';
import type { DriverLog } from './driver-log.ts';

const mostConnections = 20;
const longestConnectMs = 10_000;
/** A process that was stopped within a transaction would hold its rows against all others. DBOS asks for the same on connections of its own. */
const longestIdleTransactionMs = 60_000;

export interface PoolOptions {
  databaseUrl: string;
  /** As the database's own list of connections shows it. */
  name: string;
  log: DriverLog;
}

/** At most 20 connections, each made when it is needed; whoever opens the pool ends it. */
export function openPool({ databaseUrl, name, log }: PoolOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: mostConnections,
    application_name: name,
    connectionTimeoutMillis: longestConnectMs,
    // Waited for before the connection is given to anyone, though its type does not say so: the driver warns of a query that is sent beside another one.
    onConnect: settle as (client: pg.ClientBase) => void,
  });
  pool.on('error', (error) => log.warn(`A connection to the database broke: ${error.message}`));
  return pool;
}

async function settle(client: pg.ClientBase): Promise<void> {
  await client.query(`SET idle_in_transaction_session_timeout = ${longestIdleTransactionMs}`);
}
