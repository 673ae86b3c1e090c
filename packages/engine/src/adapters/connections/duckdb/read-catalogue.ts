/** Reads what a database holds, as help to whoever writes SQL for it. */
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Catalogue } from '@switchyard/shared';
import { sampleCatalogue } from '../../sql/sample-catalogue.ts';
import { tablesWithin } from '../../sql/tables-within.ts';
import { listTables } from './list-tables.ts';
import { quote } from './open-database.ts';

export async function readCatalogue(connection: DuckDBConnection, within?: readonly string[]): Promise<Catalogue> {
  return await sampleCatalogue(tablesWithin(await listTables(connection), within, 'duckdb'), {
    dialect: 'duckdb',
    quote,
    asText: (name) => `${name}::VARCHAR`,
    async read(sql, timeoutMs) {
      const timer = setTimeout(() => connection.interrupt(), timeoutMs);
      try {
        return (await connection.runAndReadAll(sql)).getRows();
      } catch {
        return undefined;
      } finally {
        clearTimeout(timer);
      }
    },
  });
}
