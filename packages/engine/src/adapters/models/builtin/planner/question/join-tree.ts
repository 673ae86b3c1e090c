/** FROM and JOIN lines for a base table and all the tables that a question needs beside it. */
import { pathBetween, type Hop } from '../schema/join-path.ts';
import type { Column, Table } from '../schema/model.ts';
import { columnText, dialectOf, tableText } from '../schema/sql-text.ts';

export interface JoinTree {
  lines: string[];
  tables: ReadonlySet<Table>;
  /** A join may give several rows for one row of the base. */
  isFanned: boolean;
}

/** The tree; undefined where no foreign keys lead to one of the tables. */
export function joinTree(base: Table, wanted: readonly Table[], sort: 'inner' | 'left'): JoinTree | undefined {
  const tables = new Set([base]);
  const lines = [`FROM ${tableText(base)}`];
  let isFanned = false;
  for (const table of wanted) {
    const path = pathBetween(base, table);
    if (!path) return undefined;
    for (const hop of path) {
      if (tables.has(hop.to)) continue;
      tables.add(hop.to);
      if (hop.direction === 'down') isFanned = true;
      lines.push(`${sort === 'left' ? 'LEFT JOIN' : 'JOIN'} ${tableText(hop.to)} ON ${hopCondition(hop)}`);
    }
  }
  return { lines, tables, isFanned };
}

export function hopCondition({ reference }: Hop): string {
  const { target, column } = reference;
  const dialect = dialectOf(column.table);
  const [one, other] = [columnText(target), columnText(column)];
  // A key that is only guessed by its name may be of another type, and not every database compares a number with a text.
  return dialect.isTypeless || isOfOneType(target, column) ? `${one} = ${other}` : `${dialect.asText(one)} = ${dialect.asText(other)}`;
}

function isOfOneType(one: Column, other: Column): boolean {
  return one.storage === other.storage && (one.type === other.type || one.storage === 'number' || one.storage === 'text');
}
