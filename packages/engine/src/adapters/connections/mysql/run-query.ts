/**
 * One statement in a transaction of its own, which is read-only unless the call may write.
 *
 * 1. The statement is prepared, which takes one statement alone and values apart from it.
 * 2. A read is rolled back, whatever it did; a write is committed once the server has said what it changed.
 * 3. Rows are taken as they come; a result that goes on beyond the caps ends its client.
 */
import { withoutSqlTail, type Json, type QueryRequest } from '@switchyard/shared';
import type { FieldPacket, ResultSetHeader } from 'mysql2';
import type { Deadline } from '../../deadline.ts';
import { bytesToJson, decimalToJson, numberToJson } from '../../sql/json-values.ts';
import { RowCollector, tooLarge } from '../../sql/row-collector.ts';
import { checkClass, readStatement, type SqlStatement, type StatementStyle } from '../../sql/sql-statement.ts';
import { keepToTables } from './keep-to-tables.ts';
import { addHint } from './name-hint.ts';
import { endClient, type MysqlClient } from './open-client.ts';
import { namesToCheck, refuseCall, storedSql } from './query-guard.ts';
import { inTransaction, listRows } from './transaction.ts';

const style: StatementStyle = { syntax: 'mysql', placeholder: () => '?', isPositional: true };
/** Beyond the call's own limit, which has a better failure. */
const graceMs = 500;
const decimalTypes: readonly (number | undefined)[] = [0, 246];

export async function runQuery(client: MysqlClient, request: QueryRequest, deadline: Deadline): Promise<string> {
  const { access, parameters, tables } = request;
  const sql = withoutSqlTail(request.sql).trimStart();
  const statement = readStatement(sql, parameters, style);
  checkClass(statement, access);
  const names = namesToCheck(statement);
  const isWrite = access === 'write';
  try {
    return await inTransaction(client, { isWrite, ms: deadline.endsAt - Date.now() + graceMs }, async () => {
      const [stored] = names.length > 0 ? await listRows(client, storedSql(names.length), names) : [];
      if (stored) refuseCall(String(stored[0]));
      if (tables) await keepToTables(client, { tokens: statement.tokens, sql }, tables);
      return await runStatement(client, statement, isWrite).finally(() => {
        client.onLost = undefined;
      });
    });
  } catch (error) {
    throw await addHint(error, client, tables);
  }
}

function runStatement(client: MysqlClient, statement: SqlStatement, isWrite: boolean): Promise<string> {
  return new Promise((resolve, reject) => {
    let rows: RowCollector | undefined;
    let fields: readonly FieldPacket[] = [];
    let affected: number | undefined;
    const finish = () => {
      try {
        resolve((rows ?? new RowCollector([])).text(affected));
      } catch (error) {
        reject(error as Error);
      }
    };
    const running = client.client.execute({ sql: statement.text, values: statement.values.map(bindable), rowsAsArray: true });
    running.on('fields', (given: FieldPacket[] | undefined) => {
      fields = given ?? [];
      rows = new RowCollector(fields.map(({ name }) => name));
    });
    running.on('result', (row: unknown) => {
      if (!Array.isArray(row)) {
        affected = isWrite ? (row as ResultSetHeader).affectedRows : undefined;
        return;
      }
      const values = row.map((value: unknown, index) => toJson(value, fields[index]?.columnType));
      if (rows?.add(values) !== false || isWrite || !client.isUsable) return;
      // The rest would come in all the same.
      endClient(client);
      finish();
    });
    const fail = (error: Error) => reject(client.isFlooded ? tooLarge() : error);
    running.on('error', fail);
    running.on('end', finish);
    client.onLost = fail;
  });
}

function toJson(value: unknown, type: number | undefined): Json {
  if (typeof value === 'number') return numberToJson(value);
  if (value instanceof Uint8Array) return bytesToJson(value);
  return typeof value === 'string' && decimalTypes.includes(type) ? decimalToJson(value) : (value as Json);
}

/** Whole numbers go as text, which every place takes, also LIMIT; lists and objects as their JSON. */
function bindable(value: Json): string | number | boolean | null {
  return value !== null && typeof value === 'object' ? JSON.stringify(value) : value;
}
