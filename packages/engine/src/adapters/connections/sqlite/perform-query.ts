/** Queries and catalogues of one database file. What a statement may do is checked by SQLite itself, in the process that holds the file. */
import { FailureError, failure, sqlParameters, withoutSqlTail, type Json, type QueryRequest, type QueryResult } from '@switchyard/shared';
import { refusal, SqlRefusal } from '../../sql/sql-refusal.ts';
import { checkParameters, checkText } from '../../sql/sql-statement.ts';
import type { ConnectorCall } from '../connector.ts';
import type { DatabasePool } from '../../sql/database-pool.ts';

export interface DatabaseFile {
  /** Of the connection. */
  name: string;
  /** Absolute. */
  file: string;
  processes: DatabasePool;
}

export async function runQuery({ name, file, processes }: DatabaseFile, request: QueryRequest, { deadline }: ConnectorCall): Promise<QueryResult> {
  const what = `The query on connection "${name}"`;
  const { parameters, access, tables } = request;
  const sql = withoutSqlTail(request.sql).trimStart();
  try {
    checkText(sql);
    const { names, others } = sqlParameters(sql);
    if (others.length > 0) throw refusal(`it has the parameter ${others[0]}, and only parameters written as :name are bound`, 'sql-parameters');
    checkParameters(names, parameters);
  } catch (error) {
    throw error instanceof SqlRefusal ? new FailureError(failure(error.code, `${what} failed: ${error.message}.`)) : error;
  }
  return JSON.parse(await processes.ask(file, { task: 'query', sql, parameters, access, ...(tables && { tables }) }, { deadline, what })) as QueryResult;
}

export async function readCatalogue({ name, file, processes }: DatabaseFile, { deadline }: ConnectorCall, tables?: readonly string[]): Promise<Json> {
  return JSON.parse(
    await processes.ask(file, { task: 'catalogue', ...(tables && { tables }) }, { deadline, what: `Reading the tables of connection "${name}"` }),
  ) as Json;
}
