/**
 * Runs one guarded INSERT, UPDATE or DELETE, which SQLite makes whole or not at all.
 *
 * 1. It is a statement of its own, without a transaction around it: committed when it has ended without an error.
 * 2. All rows that it returns are read, also those that are not shown, since its end is what commits it.
 */
import { RowCollector } from '../../sql/row-collector.ts';
import { DatabaseError } from '../../sql/database-protocol.ts';
import { explainError } from './explain-error.ts';
import { keepingTo } from './keep-to-tables.ts';
import { withWritable, type OpenDatabase } from './open-database.ts';
import { bind, prepare, toJson, type Query, type Value } from './run-query.ts';

/** Comments and white space, then the word. Each piece ends where it must, so no text takes long. */
const beginning = /^(?:\s|--[^\n]*\n|\/\*(?:(?!\*\/)[\s\S])*\*\/)*(\w*)/;
const writeWords: ReadonlySet<string> = new Set(['insert', 'replace', 'update', 'delete', 'with']);

/** The JSON text of a QueryResult with `affected`. Throws a DatabaseError. */
export function runWrite(database: OpenDatabase, query: Query): string {
  const { sql, tables } = query;
  const word = beginning.exec(sql)?.[1] ?? '';
  if (!writeWords.has(word.toLowerCase()))
    throw new DatabaseError('sql-refused', `it begins with ${word.toUpperCase().slice(0, 40) || 'no word of SQL'}. ${onlyWrites}`);
  try {
    return withWritable(database, (writable) => {
      try {
        return keepingTo(writable, tables, () => change(writable, query));
      } catch (error) {
        throw explainError(error, writable, tables);
      }
    });
  } catch (error) {
    throw explainError(error, undefined);
  }
}

const onlyWrites = 'Send one INSERT, UPDATE or DELETE; tables are not made or changed here';

function change(writable: OpenDatabase, { sql, parameters }: Query): string {
  const statement = prepare(writable, sql);
  if (!writable.guard.hasChange()) throw new DatabaseError('sql-refused', `it changes no rows. ${onlyWrites}`);
  const rows = new RowCollector(statement.columns().map((column) => column.name));
  // A statement that returns nothing has no rows to iterate, but has to be run all the same.
  for (const values of statement.iterate(bind(parameters)) as unknown as Iterable<Value[]>) rows.add(values.map(toJson));
  const [affected] = writable.guarded.prepare('SELECT changes()').get() as unknown as [bigint];
  return rows.text(Number(affected));
}
