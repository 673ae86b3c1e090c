/** FROM and JOIN lines for a base table and all the tables that a question needs beside it. */
import { pathBetween, type Hop } from '../schema/join-path.ts';
import type { Table } from '../schema/model.ts';
import { columnText, quoteName } from '../schema/sql-text.ts';

export interface JoinTree {
  lines: string[];
  tables: ReadonlySet<Table>;
  /** A join may give several rows for one row of the base. */
  isFanned: boolean;
}

/** The tree; undefined where no foreign keys lead to one of the tables. */
export function joinTree(base: Table, wanted: readonly Table[], sort: 'inner' | 'left'): JoinTree | undefined {
  const tables = new Set([base]);
  const lines = [`FROM ${quoteName(base.name)}`];
  let isFanned = false;
  for (const table of wanted) {
    const path = pathBetween(base, table);
    if (!path) return undefined;
    for (const hop of path) {
      if (tables.has(hop.to)) continue;
      tables.add(hop.to);
      if (hop.direction === 'down') isFanned = true;
      lines.push(`${sort === 'left' ? 'LEFT JOIN' : 'JOIN'} ${quoteName(hop.to.name)} ON ${hopCondition(hop)}`);
    }
  }
  return { lines, tables, isFanned };
}

export function hopCondition({ reference }: Hop): string {
  return `${columnText(reference.target)} = ${columnText(reference.column)}`;
}
