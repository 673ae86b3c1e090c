/** For a table or column that is not there: the names that are most like it. */
import { nameHint } from '../../sql/nearest-names.ts';
import { refusal } from '../../sql/sql-refusal.ts';
import { tablesWithin } from '../../sql/tables-within.ts';
import type { PostgresClient } from './open-client.ts';
import { listTables } from './read-catalogue.ts';

const listingMs = 2_000;

/** The error, or one that says more. Never throws. */
export async function addHint(error: unknown, client: PostgresClient, within?: readonly string[]): Promise<unknown> {
  const { code, message = '' } = error as { code?: string; message?: string };
  const kind = code === '42P01' ? 'table' : code === '42703' ? 'column' : undefined;
  const wanted = /(?:relation|column) "?([^\s"]+)"?/.exec(message)?.[1];
  if (!kind || wanted === undefined || !client.isUsable) return error;
  try {
    return refusal(`${message}${nameHint(kind, wanted, tablesWithin(await listTables(client, listingMs), within, 'postgres'))}`, 'sql-invalid');
  } catch {
    return error;
  }
}
