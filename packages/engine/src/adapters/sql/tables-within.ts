/** The tables that a node keeps to, by the names that it lists: as the catalogue tells them, or with their schema. */
import type { SqlDialect } from '@switchyard/shared';
import type { ListedTable } from './sample-catalogue.ts';
import { refusal, type SqlRefusal } from './sql-refusal.ts';
import { tablePath } from './table-name.ts';

/** Dialects whose names are the same in either case. On others a list that is not exact would let in a second table. */
const caseless: readonly SqlDialect[] = ['sqlite', 'duckdb'];

/** The parts of a listed name: its schema, where it has one, and its own. */
export function listedPath(entry: string, dialect: SqlDialect): string[] {
  // SQLite's catalogue tells names as they are, and there is one schema.
  const path = dialect === 'sqlite' ? (/^main\./i.test(entry) ? ['main', entry.slice(5)] : [entry]) : tablePath(entry, dialect);
  return caseless.includes(dialect) ? path.map((part) => part.toLowerCase()) : path;
}

/** Does the list have the table? `path` is its schema and itself; `isFirst`: its schema is the one that is looked in first. */
export function isListed({ path, isFirst }: { path: readonly string[]; isFirst: boolean }, within: readonly string[], dialect: SqlDialect): boolean {
  const whole = caseless.includes(dialect) ? path.map((part) => part.toLowerCase()) : path;
  return within.some((entry) => {
    const wanted = listedPath(entry, dialect);
    return wanted.length === 1 ? isFirst && wanted[0] === whole.at(-1) : wanted.length === whole.length && wanted.every((part, index) => part === whole[index]);
  });
}

/** The tables of the list; all where there is none. What the others are called is not told either. */
export function tablesWithin(tables: readonly ListedTable[], within: readonly string[] | undefined, dialect: SqlDialect): ListedTable[] {
  if (!within) return [...tables];
  const kept = tables.filter(({ name, path }) => isListed({ path, isFirst: dialect === 'sqlite' || tablePath(name, dialect).length === 1 }, within, dialect));
  const names = new Set(kept.map(({ name }) => name));
  return kept.map((table) => ({
    ...table,
    columns: table.columns.map(({ references, ...column }) => ({
      ...column,
      ...(references !== undefined && names.has(references.slice(0, references.lastIndexOf('.'))) && { references }),
    })),
  }));
}

export function outsideRefusal(name: string, within: readonly string[]): SqlRefusal {
  return refusal(`it uses ${name.slice(0, 200)}, which is not among the tables of the node. It may use ${within.join(', ').slice(0, 1_000)}`);
}
