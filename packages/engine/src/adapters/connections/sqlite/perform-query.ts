/** Queries and catalogues of one database file. Reading only: a call that would write is refused until writes can be approved. */
import { FailureError, failure, sqlParameters, withoutSqlTail, type Json, type QueryRequest, type QueryResult } from '@switchyard/shared';
import type { ConnectorCall } from '../connector.ts';
import type { DatabasePool } from './database-pool.ts';

const mostCharacters = 100_000;

export interface DatabaseFile {
  /** Of the connection. */
  name: string;
  /** Absolute. */
  file: string;
  processes: DatabasePool;
}

export async function runQuery({ name, file, processes }: DatabaseFile, request: QueryRequest, { deadline }: ConnectorCall): Promise<QueryResult> {
  const what = `The query on connection "${name}"`;
  if (request.access !== 'read') {
    throw new FailureError(
      failure(
        'approval-unavailable',
        `${what} was not run: it asks to write, and writes need an approval, which is not available in this version. Set the node's access to read.`,
      ),
    );
  }
  const sql = withoutSqlTail(request.sql).trimStart();
  checkText(sql, what);
  checkParameters(sql, request, what);
  return JSON.parse(await processes.ask(file, { task: 'query', sql, parameters: request.parameters }, { deadline, what })) as QueryResult;
}

export async function readCatalogue({ name, file, processes }: DatabaseFile, { deadline }: ConnectorCall): Promise<Json> {
  return JSON.parse(await processes.ask(file, { task: 'catalogue' }, { deadline, what: `Reading the tables of connection "${name}"` })) as Json;
}

function checkText(sql: string, what: string): void {
  if (sql === '') throw new FailureError(failure('sql-invalid', `${what} failed: there is no SQL in it.`));
  if (sql.length > mostCharacters) throw new FailureError(failure('sql-too-large', `${what} failed: its text is over ${mostCharacters} characters.`));
}

function checkParameters(sql: string, { parameters }: QueryRequest, what: string): void {
  const { names, others } = sqlParameters(sql);
  const missing = names.filter((name) => !Object.hasOwn(parameters, name));
  const extra = Object.keys(parameters).filter((name) => !names.includes(name));
  const why =
    others.length > 0
      ? `it has the parameter ${others[0]}, and only parameters written as :name are bound`
      : missing.length > 0
        ? `it has the parameter :${missing.join(', :')}, for which no value is given. Write values into the SQL, or give one for each parameter`
        : extra.length > 0
          ? `values are given for ${extra.map((name) => `:${name}`).join(', ')}, which it does not have`
          : undefined;
  if (why) throw new FailureError(failure('sql-parameters', `${what} failed: ${why}.`));
}
