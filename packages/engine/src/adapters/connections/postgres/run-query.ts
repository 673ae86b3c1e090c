/**
 * One statement in a transaction of its own, which is read-only unless the call may write.
 *
 * 1. The statement goes by the extended protocol, which takes one statement alone and values apart from it.
 * 2. A read is rolled back, whatever it did; a write is committed once the server has said what it changed.
 * 3. The server stops the statement by itself when the call's time is up, should no cancel reach it.
 */
import { withoutSqlTail, type Json, type QueryRequest } from '@switchyard/shared';
import type { QueryConfig } from 'pg';
import type { Deadline } from '../../deadline.ts';
import { queryCaps, RowCollector, tooLarge } from '../../sql/row-collector.ts';
import { refusal } from '../../sql/sql-refusal.ts';
import { checkClass, readStatement, type SqlStatement, type StatementStyle } from '../../sql/sql-statement.ts';
import { keepToTables } from './keep-to-tables.ts';
import { addHint } from './name-hint.ts';
import type { PostgresClient } from './open-client.ts';
import { namesToCheck, permittedVolatile, refuseCall, volatileSql } from './query-guard.ts';
import { firstTexts, inTransaction } from './transaction.ts';
import { bindable, typesOf } from './values.ts';

const style: StatementStyle = { syntax: 'standard', placeholder: (_, number) => `$${number}` };

/** Beyond the call's own limit, which has a better failure. */
const graceMs = 500;

export async function runQuery(client: PostgresClient, request: QueryRequest, deadline: Deadline): Promise<string> {
  const { access, parameters, tables } = request;
  const statement = readStatement(withoutSqlTail(request.sql).trimStart(), parameters, style);
  checkClass(statement, access);
  const names = namesToCheck(statement);
  const isWrite = access === 'write';
  try {
    return await inTransaction(client, { isWrite, ms: deadline.endsAt - Date.now() + graceMs }, async () => {
      if (tables) await keepToTables(client, statement, tables);
      const [refused] = names.length > 0 ? await firstTexts(client, volatileSql, [names, permittedVolatile(access)]) : [];
      if (refused !== undefined) refuseCall(refused);
      return await runStatement(client, statement, isWrite);
    });
  } catch (error) {
    throw await addHint(error, client, tables);
  }
}

async function runStatement(client: PostgresClient, statement: SqlStatement, isWrite: boolean): Promise<string> {
  const { default: pg } = await import('pg');
  const types = typesOf(pg.types.arrayParser);
  const config = { text: statement.text, values: statement.values.map(bindable), rowMode: 'array', types, queryMode: 'extended' };
  // A read asks for one row more than is shown, and leaves the rest at the server.
  const query = new pg.Query<Json[]>({ ...config, ...(!isWrite && { rows: queryCaps.rows + 1 }) } as unknown as QueryConfig);
  if (!isWrite) leaveRest(query);
  return await new Promise((resolve, reject) => {
    let rows: RowCollector | undefined;
    const collector = (fields: readonly { name: string }[]) => (rows ??= new RowCollector(fields.map(({ name }) => name)));
    query.on('row', (row, result) => {
      collector(result?.fields ?? []).add(row as unknown as Json[]);
    });
    query.on('error', (error: unknown) => reject(client.isFlooded ? tooLarge() : (error as Error)));
    query.on('end', (result) => {
      try {
        const { command, fields, rowCount } = result as unknown as { command: string | null; fields: { name: string }[]; rowCount: number | null };
        if (isWrite && !['INSERT', 'UPDATE', 'DELETE', 'MERGE'].includes(command ?? '')) throw refusal('it changes no rows. Send one INSERT, UPDATE or DELETE');
        resolve(collector(fields).text(isWrite ? (rowCount ?? 0) : undefined));
      } catch (error) {
        reject(error as Error);
      }
    });
    client.client.query(query);
  });
}

/** Has the driver end a statement of limited rows where it would ask for more, or waits for ever after an error. */
function leaveRest(query: object): void {
  const { handleError } = query as { handleError(error: Error, connection: unknown): void };
  const ending = {
    handlePortalSuspended: (connection: { sync(): void }) => connection.sync(),
    handleError(error: Error, connection: { sync(): void } | undefined) {
      connection?.sync();
      handleError.call(query, error, connection);
    },
  };
  Object.assign(query, ending);
}
