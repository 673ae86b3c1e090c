/** Which names the authorizer lets a statement use that is kept to some tables. */
import type { DatabaseSync } from 'node:sqlite';
import { listedPath, outsideRefusal } from '../../sql/tables-within.ts';
import type { OpenDatabase } from './open-database.ts';
import type { UsableNames } from './query-guard.ts';

/** Functions that are read like tables, and read no table. */
const tableFunctions: readonly string[] = ['json_each', 'json_tree'];

/** What a virtual table keeps its data in: FTS3 to FTS5 and R-Tree. */
const shadowEndings: readonly string[] = ['content', 'data', 'idx', 'docsize', 'config', 'segments', 'segdir', 'stat', 'node', 'parent', 'rowid'];

/** Runs `work` with a guard that keeps to these tables; with none, to nothing less than all. A refusal tells which table it was. */
export function keepingTo<Result>({ guard, plain }: OpenDatabase, tables: readonly string[] | undefined, work: () => Result): Result {
  guard.takeOutside();
  guard.keepTo(tables && usableNames(plain, tables));
  try {
    return work();
  } catch (error) {
    const outside = guard.takeOutside();
    throw outside === undefined || !tables ? error : outsideRefusal(outside, tables);
  } finally {
    guard.keepTo(undefined);
  }
}

function usableNames(plain: DatabaseSync, tables: readonly string[]): UsableNames {
  const rows = plain.prepare("SELECT lower(name), type FROM pragma_table_list WHERE schema = 'main'").all() as unknown as [string, string][];
  const kinds = new Map(rows);
  const names = new Set(tables.flatMap((entry) => listedPath(entry, 'sqlite').slice(-1)));
  for (const name of [...names])
    if (kinds.get(name) === 'virtual') for (const ending of shadowEndings) if (kinds.get(`${name}_${ending}`) === 'shadow') names.add(`${name}_${ending}`);
  // A table of the same name would be read in the function's place.
  for (const name of tableFunctions) if (!kinds.has(name)) names.add(name);
  const modules = plain.prepare('SELECT lower(name) FROM pragma_module_list').all() as unknown as [string][];
  return { tables: names, taken: new Set([...kinds.keys(), ...modules.map(([name]) => name)]) };
}
