/** For a table or column that is not there: the names that are most like it. */
import { nameHint } from '../../sql/nearest-names.ts';
import { refusal } from '../../sql/sql-refusal.ts';
import { tablesWithin } from '../../sql/tables-within.ts';
import type { MysqlClient } from './open-client.ts';
import { listTables } from './read-catalogue.ts';

/** The error, or one that says more. Never throws. */
export async function addHint(error: unknown, client: MysqlClient, within?: readonly string[]): Promise<unknown> {
  const { errno, message = '' } = error as { errno?: number; message?: string };
  const kind = errno === 1146 ? 'table' : errno === 1054 ? 'column' : undefined;
  const wanted = /'([^']+)'/.exec(message)?.[1];
  if (!kind || wanted === undefined || !client.isUsable) return error;
  try {
    return refusal(`${message}${nameHint(kind, wanted, tablesWithin(await listTables(client), within, client.dialect))}`, 'sql-invalid');
  } catch {
    return error;
  }
}
