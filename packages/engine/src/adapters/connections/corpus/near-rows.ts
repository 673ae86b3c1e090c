/** Rows by how near their own vectors are: compared by PostgreSQL with pgvector, whose index serves where the table has one. */
import type { Catalogue } from '@switchyard/shared';
import type { Deadline } from '../../deadline.ts';
import type { OpenConnection } from '../connector.ts';
import { composed, invalid, type RowTextSettings } from './row-texts.ts';
import type { TextSource } from './text-source.ts';

type VectorSettings = RowTextSettings & { vectors: string };

/** Queries by what they are of: reading a catalogue takes longer than asking one. */
const queries = new WeakMap<OpenConnection, Map<string, Promise<string>>>();

/** The nearest first, by cosine distance, as an index with `vector_cosine_ops` has it. */
export function nearestRows(open: OpenConnection, settings: VectorSettings): NonNullable<TextSource['nearest']> {
  return async (vector, most, deadline) => {
    const sql = await queryOf(open, settings, deadline);
    const parameters = { vector: `[${vector.join(',')}]`, most };
    const { rows = [] } = (await open.query?.({ connection: settings.connection, sql, parameters, access: 'read' }, { deadline, effect: 'read' })) ?? {};
    return rows.map((row) => `${settings.table}/${String(row.near)}`);
  };
}

function queryOf(open: OpenConnection, settings: VectorSettings, deadline: Deadline): Promise<string> {
  const known = queries.get(open) ?? new Map<string, Promise<string>>();
  queries.set(open, known);
  const name = JSON.stringify([settings.table, settings.vectors]);
  const before = known.get(name);
  if (before) return before;
  const composing = compose(open, settings, deadline);
  known.set(name, composing);
  composing.catch(() => known.delete(name));
  return composing;
}

async function compose(open: OpenConnection, settings: VectorSettings, deadline: Deadline): Promise<string> {
  const catalogue = (await open.catalogue?.({ deadline, effect: 'read' })) as unknown as Catalogue;
  const { key, from, quoted } = composed(catalogue, settings);
  const column = quoted(settings.vectors);
  const type = vectorType(catalogue, settings);
  return `SELECT ${quoted(key)} AS near FROM ${from} WHERE ${column} IS NOT NULL ORDER BY ${column} <=> CAST(:vector AS ${type}) LIMIT :most`;
}

/** The server's own word for it, without its length. */
function vectorType({ dialect, tables }: Catalogue, settings: VectorSettings): string {
  if (dialect !== 'postgres') throw invalid(settings, `the vectors of rows are compared by PostgreSQL with pgvector alone, and its source is ${dialect}`);
  const columns = tables.find(({ name }) => name === settings.table)?.columns ?? [];
  const typeOf = (type = '') => /^((?:[\w"]+\.)?(?:vector|halfvec))(?:\(\d+\))?$/.exec(type)?.[1];
  const type = typeOf(columns.find(({ name }) => name === settings.vectors)?.type);
  if (type !== undefined) return type;
  const has = columns.filter((column) => typeOf(column.type) !== undefined).map(({ name }) => name);
  throw invalid(
    settings,
    `the table "${settings.table}" has no column "${settings.vectors}" of the type vector or halfvec. Of these types it has ${has.join(', ') || 'none'}`,
  );
}
