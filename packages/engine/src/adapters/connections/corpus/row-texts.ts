/** Texts that are the rows of a table: read in the order of its key, so that no table is too long to be gone through. */
import { createHash } from 'node:crypto';
import { FailureError, failure, type Catalogue, type CatalogueTable, type JsonObject } from '@switchyard/shared';
import { rowText } from '../../objects/read-content.ts';
import type { Deadline } from '../../deadline.ts';
import { tablePath } from '../../sql/table-name.ts';
import type { OpenConnection } from '../connector.ts';
import type { TextFacts, TextSource } from './text-source.ts';

const page = 200;

export interface RowTextSettings {
  /** Name of the connection to the database. */
  connection: string;
  table: string;
  columns: readonly string[];
  /** Name of the corpus, for messages. */
  name: string;
}

export function rowTexts(open: OpenConnection, settings: RowTextSettings): TextSource {
  return { list: (deadline) => list(open, settings, deadline) };
}

async function* list(open: OpenConnection, settings: RowTextSettings, deadline: Deadline): AsyncGenerator<TextFacts> {
  const call = { deadline, effect: 'read' as const };
  const catalogue = (await open.catalogue?.(call)) as unknown as Catalogue;
  const { sql, key, columns } = composed(catalogue, settings);
  for (let after: JsonObject = {}; ; ) {
    const { rows = [] } =
      (await open.query?.({ connection: settings.connection, sql: sql(after.key !== undefined), parameters: after, access: 'read' }, call)) ?? {};
    for (const row of rows) {
      const text = rowText(Object.fromEntries(columns.map((column) => [column, row[column] ?? null])));
      const version = createHash('sha256').update(text).digest('base64url');
      yield { source: `${settings.table}/${String(row[key])}`, version, text: async () => text };
    }
    const last = rows.at(-1);
    if (!last) return;
    after = { key: last[key] ?? null };
  }
}

/** Names come from the catalogue, and are quoted as its dialect has them. */
export function composed({ dialect, tables }: Catalogue, settings: RowTextSettings) {
  const table = tables.find(({ name }) => name === settings.table);
  if (!table) throw invalid(settings, `its source has no table "${settings.table}". It has ${tables.map(({ name }) => name).join(', ') || 'none'}`);
  const keys = table.columns.filter(({ primaryKey }) => primaryKey);
  const [first] = keys;
  if (keys.length !== 1 || !first) throw invalid(settings, `the table "${table.name}" has no primary key of one column`);
  const columns = settings.columns.length > 0 ? settings.columns : textColumns(table);
  const unknown = columns.find((column) => !table.columns.some(({ name }) => name === column));
  if (unknown !== undefined || columns.length === 0) {
    const has = table.columns.map(({ name }) => name).join(', ');
    throw invalid(
      settings,
      unknown === undefined ? `the table "${table.name}" has no column of text` : `the table "${table.name}" has no column "${unknown}". It has ${has}`,
    );
  }
  const mark = ['mysql', 'mariadb'].includes(dialect) ? '`' : '"';
  const quoted = (name: string) => mark + name.replaceAll(mark, mark + mark) + mark;
  const key = quoted(first.name);
  const from = tablePath(table.name, dialect).map(quoted).join('.');
  const select = `SELECT ${[...new Set([first.name, ...columns])].map(quoted).join(', ')} FROM ${from}`;
  return {
    key: first.name,
    columns,
    from,
    quoted,
    sql: (isLater: boolean) => `${select}${isLater ? ` WHERE ${key} > :key` : ''} ORDER BY ${key} LIMIT ${page}`,
  };
}

function textColumns({ columns }: CatalogueTable): string[] {
  return columns.filter(({ type, primaryKey }) => !primaryKey && /char|text|clob|string|json/i.test(type)).map(({ name }) => name);
}

export function invalid({ name }: RowTextSettings, why: string): FailureError {
  return new FailureError(failure('connection-invalid', `The corpus "${name}" cannot be read: ${why}. Change the connection.`));
}
