/**
 * A catalogue from a listing of tables and the few reads that it takes to say how many rows and which values there are. Bounded: time ends the extras first.
 *
 * 1. What is not known is left out: a table that could not be counted in time tells no rows, and never none of them.
 * 2. Every table is looked at once before any is looked at more closely.
 */
import type { Catalogue, CatalogueColumn, CatalogueTable, Json, SqlDialect } from '@switchyard/shared';
import { decimalToJson, wholeToJson } from './json-values.ts';

export interface ListedColumn {
  name: string;
  type: string;
  isNullable: boolean;
  isPrimaryKey: boolean;
  /** `table.column`, as the tables' names are told. */
  references?: string;
  /** What its values are, where a few may be told. */
  holds?: 'text' | 'number' | 'date' | undefined;
}

export interface ListedTable {
  /** As a query writes it. */
  name: string;
  /** Its schema and itself. */
  path: readonly string[];
  description?: string;
  /** What the database takes the number of its rows for; undefined: to be counted. */
  rows?: number;
  columns: ListedColumn[];
  /** The name as SQL, quoted. */
  sql: string;
}

export interface Sampler {
  dialect: SqlDialect;
  quote(name: string): string;
  /** A column's value as text, as SQL; `name` is quoted. */
  asText(name: string): string;
  /** Rows of SQL of ours as lists of texts and numbers; undefined where the table cannot be read, or not within the time. */
  read(sql: string, timeoutMs: number): Promise<readonly (readonly unknown[])[] | undefined>;
  /** Rows counted at most: of a larger table it is told that it has at least as many. Default 100,000. */
  mostCounted?: number;
}

/** Tables listed at most. */
export const mostTables = 500;
/** Rows in which distinct values are looked for. */
const searchedRows = 20_000;
/** Rows of which a few values are shown. */
const shownRows = 50;
const shownSamples = 3;
/** Columns of a table of which a few values are shown. */
const sampledColumns = 200;
const mostDistinct = 50;
const shownValues = 12;
const longestValue = 60;
const budgetMs = 1_500;
/** One read takes no more than this, so that a slow view leaves time for the tables after it. */
const readMs = 500;

type Read = (sql: string) => Promise<readonly (readonly unknown[])[] | undefined>;

export async function sampleCatalogue(tables: readonly ListedTable[], sampler: Sampler): Promise<Catalogue> {
  const endsAt = Date.now() + budgetMs;
  const read: Read = async (sql) => {
    const left = endsAt - Date.now();
    return left > 0 ? await sampler.read(sql, Math.min(left, readMs)) : undefined;
  };
  const described: CatalogueTable[] = [];
  for (const table of tables) {
    const samples = await readSamples(read, table, sampler);
    described.push({
      name: table.name,
      ...(table.description !== undefined && { description: table.description }),
      ...(await countRows(read, table, sampler)),
      columns: table.columns.map((column) => describe(column, samples.get(column.name))),
    });
  }
  for (const [index, table] of tables.entries()) await addValues(read, { table, told: described[index] as CatalogueTable, sampler });
  return { dialect: sampler.dialect, tables: described };
}

/** How many rows are told, and whether that is the number itself. */
async function countRows(read: Read, table: ListedTable, { mostCounted = 100_000 }: Sampler): Promise<Pick<CatalogueTable, 'rows' | 'rowsAre'>> {
  if (table.rows !== undefined) return { rows: table.rows, rowsAre: 'about' };
  const counted = (await read(`SELECT count(*) FROM (SELECT 1 AS one FROM ${table.sql} LIMIT ${mostCounted}) AS counted`))?.[0]?.[0];
  if (counted === undefined) return {};
  const rows = Number(counted);
  return { rows, ...(rows >= mostCounted && { rowsAre: 'at least' }) };
}

function describe(column: ListedColumn, samples: Json[] | undefined): CatalogueColumn {
  return {
    name: column.name,
    type: column.type,
    nullable: column.isNullable,
    ...(column.isPrimaryKey && { primaryKey: true }),
    ...(column.references !== undefined && { references: column.references }),
    ...(samples && { samples }),
  };
}

/** The first few values of each column, by its name. Longer ones are not shown at all: of a part that was cut off, a secret could not be masked. */
async function readSamples(read: Read, table: ListedTable, { quote, asText }: Sampler): Promise<Map<string, Json[]>> {
  const columns = table.columns.filter(({ holds }) => holds !== undefined).slice(0, sampledColumns);
  if (columns.length === 0) return new Map();
  const texts = columns.map(({ name }) => asText(quote(name)));
  const shown = texts.map((text, index) => `CASE WHEN length(${text}) <= ${longestValue} THEN ${text} END AS c${index}`);
  const rows = (await read(`SELECT ${shown.join(', ')} FROM ${table.sql} LIMIT ${shownRows}`)) ?? [];
  const found = columns.map(({ name, holds }, index): [string, Json[]] => {
    const values = rows.map((row) => row[index]).filter((value): value is string => typeof value === 'string' && value.length <= longestValue);
    return [name, [...new Set(values)].slice(0, shownSamples).map((text) => (holds === 'number' ? numberToTell(text) : text))];
  });
  return new Map(found.filter(([, values]) => values.length > 0));
}

function numberToTell(text: string): Json {
  return /^-?\d+$/.test(text) ? wholeToJson(text) : decimalToJson(text);
}

/** Gives the text columns that hold few distinct values all of them in place of the samples, or as many as are shown. */
async function addValues(read: Read, { table, told, sampler }: { table: ListedTable; told: CatalogueTable; sampler: Sampler }): Promise<void> {
  const isSearched = told.rows !== undefined && told.rowsAre === undefined && told.rows <= searchedRows;
  for (const [index, { name, holds, isPrimaryKey }] of table.columns.entries()) {
    const column = told.columns[index] as CatalogueColumn;
    // A key's values are names, not kinds; a column without one short value has none to tell.
    if (holds !== 'text' || isPrimaryKey || !column.samples) continue;
    const texts = await distinctTexts(read, table.sql, sampler.quote(name));
    if (!texts) continue;
    delete column.samples;
    column.values = texts.slice(0, shownValues);
    if (!isSearched || texts.length > shownValues) column.moreValues = true;
  }
}

async function distinctTexts(read: Read, table: string, column: string): Promise<string[] | undefined> {
  const found = await read(
    `SELECT DISTINCT ${column} FROM (SELECT ${column} FROM ${table} LIMIT ${searchedRows}) AS sampled WHERE ${column} IS NOT NULL LIMIT ${mostDistinct + 1}`,
  );
  const texts = (found ?? []).map(([value]) => value).filter((value): value is string => typeof value === 'string');
  if (texts.length === 0 || texts.length > mostDistinct || texts.some((text) => text.length > longestValue)) return undefined;
  return texts.sort();
}

/** `1 table`, `7 tables`. */
export function tableCount({ tables }: Catalogue): string {
  return `${tables.length} ${tables.length === 1 ? 'table' : 'tables'}`;
}
