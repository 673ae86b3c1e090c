/** The process that holds one SQLite file. Its imports are light: its start is waited for. */
import { DatabaseError, type DatabaseReply, type DatabaseRequest } from '../../sql/database-protocol.ts';
import { serveDatabase } from '../../sql/serve-database.ts';
import { databaseOpener } from './open-database.ts';
import { explainError } from './explain-error.ts';
import { readCatalogue } from './read-catalogue.ts';
import { runQuery } from './run-query.ts';
import { runWrite } from './run-write.ts';

const openDatabase = databaseOpener(process.argv[2] as string);

async function answer(request: DatabaseRequest): Promise<DatabaseReply> {
  try {
    const database = open();
    if (request.task === 'query') return { text: request.access === 'write' ? runWrite(database, request) : runQuery(database, request) };
    return { text: JSON.stringify(await readCatalogue(database.plain, request.tables)) };
  } catch (error) {
    const known = error instanceof DatabaseError ? error : new DatabaseError('connection-unreachable', error instanceof Error ? error.message : String(error));
    return { failure: known.failure };
  }
}

function open() {
  try {
    return openDatabase();
  } catch (error) {
    throw explainError(error, undefined);
  }
}

serveDatabase(answer, { mostBytes: 384_000_000 });
