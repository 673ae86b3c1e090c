/** Ways between tables along foreign keys. Up, towards what a row belongs to, keeps one row per row; down may multiply them. */
import type { Reference, Table } from './model.ts';

export interface Hop {
  reference: Reference;
  from: Table;
  to: Table;
  direction: 'up' | 'down';
}

/**
 * The shortest way from one table to another; undefined where no foreign keys lead there. Ways that only go up are preferred, then those down
 * and up again, through a table that joins the two; what merely belongs to the same thing is joined last.
 */
export function pathBetween(from: Table, to: Table): Hop[] | undefined {
  return (
    search(from, to, upHops) ?? search(from, to, (table, way) => (way.at(-1)?.direction === 'up' ? upHops(table) : allHops(table))) ?? search(from, to, allHops)
  );
}

/** Does each row of `table` belong to at most one row of `other`? */
export function isAncestor(other: Table, table: Table): boolean {
  return search(table, other, upHops) !== undefined;
}

/** How far apart two tables are; infinite where nothing joins them. */
export function distance(from: Table, to: Table): number {
  return pathBetween(from, to)?.length ?? Number.POSITIVE_INFINITY;
}

/** The table and all that it belongs to, nearest first. */
export function lineage(table: Table): Table[] {
  const found = [table];
  for (const reached of found) {
    for (const { to } of upHops(reached)) if (!found.includes(to)) found.push(to);
  }
  return found;
}

function search(from: Table, to: Table, hopsOf: (table: Table, way: readonly Hop[]) => Hop[]): Hop[] | undefined {
  if (from === to) return [];
  const reached = new Set<string>();
  const ways: { table: Table; way: Hop[] }[] = [{ table: from, way: [] }];
  for (const { table, way } of ways) {
    for (const hop of hopsOf(table, way)) {
      // How a table was reached decides how it may be left.
      const state = `${hop.direction} ${hop.to.path.join('.')}`;
      if (reached.has(state) || hop.to === from || way.some((one) => one.to === hop.to)) continue;
      const longer = [...way, hop];
      if (hop.to === to) return longer;
      reached.add(state);
      ways.push({ table: hop.to, way: longer });
    }
  }
  return undefined;
}

function upHops(table: Table): Hop[] {
  return table.parents.map((reference) => ({ reference, from: table, to: reference.target.table, direction: 'up' }));
}

function allHops(table: Table): Hop[] {
  return [...upHops(table), ...table.children.map((reference): Hop => ({ reference, from: table, to: reference.column.table, direction: 'down' }))];
}
