/** DuckDB: each connection has the processes that hold its file or folder. */
import { FailureError, failure, withoutSqlTail, type Catalogue, type CatalogueScope, type Json, type QueryResult } from '@switchyard/shared';
import { createDatabasePool } from '../../sql/database-pool.ts';
import type { DatabaseProgram } from '../../sql/database-process-handle.ts';
import { tableCount } from '../../sql/sample-catalogue.ts';
import type { Connector, ConnectorCall } from '../connector.ts';
import { localPath } from '../local-path.ts';

const program: DatabaseProgram = { module: new URL('./database-process.ts', import.meta.url), execArgv: ['--max-old-space-size=128'] };

export const duckdbConnector: Connector<'duckdb'> = {
  type: 'duckdb',
  async open({ url }, means) {
    const file = localPath(url, means);
    const processes = createDatabasePool({ program, perFile: 2 });
    const readCatalogue = async ({ deadline }: ConnectorCall, { tables }: CatalogueScope = {}) =>
      JSON.parse(
        await processes.ask(file, { task: 'catalogue', ...(tables && { tables }) }, { deadline, what: `Reading the tables of connection "${means.name}"` }),
      ) as Json;
    return {
      async query({ sql, parameters, access, tables }, { deadline }) {
        const what = `The query on connection "${means.name}"`;
        if (access !== 'read')
          throw new FailureError(
            failure('access-read-only', `${what} was not run: DuckDB is read only here, and it asks to write. Set the node's access to read.`),
          );
        const request = { task: 'query', sql: withoutSqlTail(sql).trimStart(), parameters, access, ...(tables && { tables }) } as const;
        return JSON.parse(await processes.ask(file, request, { deadline, what })) as QueryResult;
      },
      catalogue: readCatalogue,
      check: async (call) => `It opens and has ${tableCount((await readCatalogue(call)) as unknown as Catalogue)}.`,
      close: () => processes.close(),
    };
  },
};
