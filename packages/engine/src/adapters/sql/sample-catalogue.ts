/** A catalogue from a listing of tables and the few reads that it takes to say how many rows and which values there are. Bounded: time ends the extras first. */
import type { Catalogue, CatalogueColumn, CatalogueTable, SqlDialect } from '@switchyard/shared';

export interface ListedColumn {
  name: string;
  type: string;
  isNullable: boolean;
  isPrimaryKey: boolean;
  /** `table.column`, as the tables' names are told. */
  references?: string;
  /** Its distinct values may be told: a text that is no key. */
  isText: boolean;
}

export interface ListedTable {
  /** As a query writes it. */
  name: string;
  description?: string;
  /** Rows as far as the database knows; undefined: to be counted. */
  rows?: number;
  columns: ListedColumn[];
  /** The name as SQL, quoted. */
  sql: string;
}

export interface Sampler {
  dialect: SqlDialect;
  quote(name: string): string;
  /** The first column of each row; none where the table cannot be read, or not within the time. */
  firstValues(sql: string, timeoutMs: number): Promise<readonly unknown[]>;
}

/** Tables listed at most. */
export const mostTables = 500;
const countedRows = 100_000;
const sampledRows = 20_000;
const mostDistinct = 50;
const shownValues = 12;
const longestValue = 60;
const budgetMs = 1_500;

export async function sampleCatalogue(tables: readonly ListedTable[], sampler: Sampler): Promise<Catalogue> {
  const endsAt = Date.now() + budgetMs;
  const read = async (sql: string) => {
    const left = endsAt - Date.now();
    return left > 0 ? await sampler.firstValues(sql, left) : [];
  };
  const described: CatalogueTable[] = [];
  for (const table of tables) {
    const rows = table.rows ?? Number((await read(`SELECT count(*) FROM (SELECT 1 AS one FROM ${table.sql} LIMIT ${countedRows}) AS counted`))[0] ?? 0);
    const columns: CatalogueColumn[] = [];
    for (const column of table.columns)
      columns.push(describe(column, column.isText ? await distinctValues(read, table, sampler.quote(column.name)) : undefined));
    described.push({ name: table.name, ...(table.description !== undefined && { description: table.description }), rows, columns });
  }
  return { dialect: sampler.dialect, tables: described };
}

function describe(column: ListedColumn, values: string[] | undefined): CatalogueColumn {
  return {
    name: column.name,
    type: column.type,
    nullable: column.isNullable,
    ...(column.isPrimaryKey && { primaryKey: true }),
    ...(column.references !== undefined && { references: column.references }),
    ...(values && { values }),
  };
}

async function distinctValues(read: (sql: string) => Promise<readonly unknown[]>, { sql }: ListedTable, column: string): Promise<string[] | undefined> {
  const found = await read(
    `SELECT DISTINCT ${column} FROM (SELECT ${column} FROM ${sql} LIMIT ${sampledRows}) AS sampled WHERE ${column} IS NOT NULL LIMIT ${mostDistinct + 1}`,
  );
  const texts = found.filter((value): value is string => typeof value === 'string');
  if (texts.length === 0 || texts.length > mostDistinct || texts.some((text) => text.length > longestValue)) return undefined;
  return texts.sort().slice(0, shownValues);
}

/** `1 table`, `7 tables`. */
export function tableCount({ tables }: Catalogue): string {
  return `${tables.length} ${tables.length === 1 ? 'table' : 'tables'}`;
}
