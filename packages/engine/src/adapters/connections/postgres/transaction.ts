/** A transaction of one call: read-only unless it writes, with settings and time limits of its own. */
import { refusal } from '../../sql/sql-refusal.ts';
import { allowIncoming, type PostgresClient } from './open-client.ts';

/** Runs `work` between BEGIN and what ends it. A client that failed at either is not used again. */
export async function inTransaction<Result>(
  client: PostgresClient,
  { isWrite, ms }: { isWrite: boolean; ms: number },
  work: () => Promise<Result>,
): Promise<Result> {
  allowIncoming(client);
  client.isBusy = true;
  try {
    await client.client.query(beginSql(isWrite, ms));
    const result = await work().catch(async (error: unknown) => {
      await client.client.query('ROLLBACK').catch(() => {
        client.isUsable = false;
      });
      throw error;
    });
    await client.client.query(isWrite ? 'COMMIT' : 'ROLLBACK').catch((error: unknown) => {
      client.isUsable = false;
      throw isWrite
        ? refusal(`its outcome is unknown: ${(error as Error).message} while it was committed. See whether it was done before trying again`, 'outcome-unknown')
        : error;
    });
    return result;
  } finally {
    client.isBusy = false;
  }
}

/** Settings hold for the transaction: behind a pooler of connections the next one may have another session. */
function beginSql(isWrite: boolean, ms: number): string {
  const settings = {
    statement_timeout: Math.max(1, Math.round(ms)),
    lock_timeout: Math.max(1, Math.round(ms)),
    standard_conforming_strings: 'on',
    bytea_output: 'hex',
    datestyle: 'ISO',
    intervalstyle: 'iso_8601',
    timezone: 'UTC',
  };
  const set = Object.entries(settings).map(([name, value]) => `SET LOCAL ${name} = '${value}'`);
  return [`BEGIN TRANSACTION ${isWrite ? 'READ WRITE' : 'READ ONLY'}`, ...set].join('; ');
}

/** The first column of each row, for SQL of ours. */
export async function firstTexts(client: PostgresClient, text: string, values: readonly unknown[] = []): Promise<string[]> {
  return (await readRows(client, text, values)).map((row) => row[0]).filter((value) => typeof value === 'string');
}

/** Rows as lists, for SQL of ours. */
export async function readRows(client: PostgresClient, text: string, values: readonly unknown[] = []): Promise<unknown[][]> {
  const { rows } = await client.client.query<unknown[]>({ text, values: [...values], rowMode: 'array' });
  return rows;
}
