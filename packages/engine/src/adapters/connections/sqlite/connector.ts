/** SQLite files: each connection has the processes that hold its file. */
import type { Catalogue } from '@switchyard/shared';
import type { Connector } from '../connector.ts';
import { localPath } from '../local-path.ts';
import { createDatabasePool } from '../../sql/database-pool.ts';
import { readCatalogue, runQuery } from './perform-query.ts';
import { sqliteProgram } from './sqlite-program.ts';

export const sqliteConnector: Connector<'sqlite'> = {
  type: 'sqlite',
  async open({ url }, means) {
    const database = { name: means.name, file: localPath(url, means), processes: createDatabasePool({ program: sqliteProgram }) };
    return {
      query: (request, call) => runQuery(database, request, call),
      catalogue: (call, { tables } = {}) => readCatalogue(database, call, tables),
      async check(call) {
        const { tables } = (await readCatalogue(database, call)) as unknown as Catalogue;
        return `It opens and has ${tables.length} ${tables.length === 1 ? 'table' : 'tables'}.`;
      },
      close: () => database.processes.close(),
    };
  },
};
