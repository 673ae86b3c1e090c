/** A transaction of one call: read-only unless it writes, with settings and time limits of its own. */
import { refusal } from '../../sql/sql-refusal.ts';
import { mostIncoming, type MysqlClient } from './open-client.ts';

export async function inTransaction<Result>(
  client: MysqlClient,
  { isWrite, ms }: { isWrite: boolean; ms: number },
  work: () => Promise<Result>,
): Promise<Result> {
  client.incoming = mostIncoming;
  client.isBusy = true;
  const say = async (sql: string) => void (await client.client.promise().query(sql));
  try {
    await say(settingsSql(client.dialect, ms));
    await say(`START TRANSACTION ${isWrite ? 'READ WRITE' : 'READ ONLY'}`);
    const result = await work().catch(async (error: unknown) => {
      await say('ROLLBACK').catch(() => {
        client.isUsable = false;
      });
      throw error;
    });
    // A read whose client was ended, since its result was complete, has nothing to roll back.
    if (!isWrite && !client.isUsable) return result;
    await say(isWrite ? 'COMMIT' : 'ROLLBACK').catch((error: unknown) => {
      client.isUsable = false;
      if (!isWrite) throw error;
      throw refusal(
        `its outcome is unknown: ${(error as Error).message} while it was committed. See whether it was done before trying again`,
        'outcome-unknown',
      );
    });
    return result;
  } finally {
    client.isBusy = false;
  }
}

/**
 * How quotes are read must be as the checks read them. MariaDB would end a recursion after 1,000 rounds with part of its rows as if they were all; here its
 * time ends it. MySQL fails there by itself.
 */
function settingsSql(dialect: MysqlClient['dialect'], ms: number): string {
  const most = Math.max(1, Math.round(ms));
  const limit = dialect === 'mariadb' ? `max_statement_time = ${most / 1_000}, max_recursive_iterations = 4294967295` : `max_execution_time = ${most}`;
  return `SET SESSION sql_mode = 'STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION', time_zone = '+00:00', innodb_lock_wait_timeout = ${Math.max(1, Math.ceil(most / 1_000))}, ${limit}`;
}

/** Rows as lists, for SQL of ours. */
export async function listRows(client: MysqlClient, sql: string, values: readonly string[] = []): Promise<unknown[][]> {
  const [rows] = await client.client.promise().query({ sql, values: [...values], rowsAsArray: true });
  return rows as unknown as unknown[][];
}
