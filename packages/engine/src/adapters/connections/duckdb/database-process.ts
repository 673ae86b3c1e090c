/** The process that holds one DuckDB file, or one folder of data. */
import { DatabaseError, type DatabaseReply, type DatabaseRequest } from '../../sql/database-protocol.ts';
import { serveDatabase } from '../../sql/serve-database.ts';
import { explainError } from './explain-error.ts';
import { databaseOpener } from './open-database.ts';
import { readCatalogue } from './read-catalogue.ts';
import { runQuery } from './run-query.ts';

const openDatabase = databaseOpener(process.argv[2] as string);

async function answer(request: DatabaseRequest): Promise<DatabaseReply> {
  try {
    const database = await openDatabase();
    return { text: request.task === 'query' ? await runQuery(database, request) : JSON.stringify(await readCatalogue(database, request.tables)) };
  } catch (error) {
    return { failure: (error instanceof DatabaseError ? error : explainError(error)).failure };
  }
}

serveDatabase(answer, { mostBytes: 900_000_000 });
