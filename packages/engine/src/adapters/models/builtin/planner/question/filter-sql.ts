/** The WHERE conditions of a question. */
import type { Json } from '@switchyard/shared';
import { pathBetween, type Hop } from '../schema/join-path.ts';
import { isOneOf } from '../schema/dialects/dialect.ts';
import type { Column, Table } from '../schema/model.ts';
import { columnText, dateText, dialectOf, joinedText, literal, momentText, numberText, plainText, tableText, textOf } from '../schema/sql-text.ts';
import { hopCondition } from './join-tree.ts';
import { filterTable, type Filter, type Measure, type Question } from './question.ts';

/** Writes the SELECT of the key of the row that another question finds. */
export type KeySql = (question: Question, key: Column) => string;

/** Conditions on one table below the base, and what they say of its rows. */
interface Branch {
  first: Table;
  filters: Filter[];
}

/**
 * Conditions for WHERE. Filters on tables that are not joined become EXISTS; those that go the same way share one, so that they speak of the
 * same row: "customers without orders in 2025" lack orders of that year.
 */
export function filterText(question: Question, joined: ReadonlySet<Table>, keySql: KeySql): string[] {
  const own: string[] = [];
  const branches = new Map<Table, Branch>();
  for (const filter of question.filters) {
    if (isWithin(filter, joined)) {
      own.push(condition(filter, keySql));
      continue;
    }
    const table = filterTable(filter);
    const first = table && pathBetween(question.base, table)?.[0]?.to;
    if (!first) continue;
    const branch = branches.get(first) ?? { first, filters: [] };
    branch.filters.push(filter);
    branches.set(first, branch);
  }
  return [...own, ...[...branches.values()].flatMap((branch) => branchConditions(question.base, branch, keySql))];
}

function branchConditions(base: Table, { filters }: Branch, keySql: KeySql): string[] {
  const shared = filters.filter((filter) => filter.kind !== 'exists' && filter.kind !== 'child-count');
  const exists = filters.filter((filter) => filter.kind === 'exists');
  const counts = filters.filter((filter) => filter.kind === 'child-count');
  const negated = exists.filter(({ isNot }) => isNot);
  const positive = exists.filter(({ isNot }) => !isNot);
  const isPositive = negated.length === 0 && (positive.length > 0 || (shared.length > 0 && counts.length === 0));
  return [
    ...(isPositive ? [`EXISTS (${subquery(base, '1', [...positive, ...shared], keySql)})`] : []),
    // "Not assigned to any project": what else is said of the same rows is said of those that there are none of.
    ...(negated.length > 0 ? [`NOT EXISTS (${subquery(base, '1', [...negated, ...positive, ...shared], keySql)})`] : []),
    ...counts.map((filter) => `(${subquery(base, countOf(base, filter.table), [filter, ...shared], keySql)}) ${filter.comparison} ${numberText(filter.value)}`),
  ];
}

/** Rows right below the base count as they are; what those rows belong to counts once each. */
function countOf(base: Table, table: Table): string {
  const isBeyond = pathBetween(base, table)?.some((hop, index) => index > 0 && hop.direction === 'up') ?? false;
  return isBeyond && table.key ? `COUNT(DISTINCT ${columnText(table.key)})` : 'COUNT(*)';
}

function subquery(base: Table, selected: string, filters: readonly Filter[], keySql: KeySql): string {
  const paths = filters
    .flatMap((filter) => filterTables(filter).flatMap((table) => [pathBetween(base, table) ?? []]))
    .filter((path): path is [Hop, ...Hop[]] => path.length > 0);
  const [first] = paths[0] ?? [];
  if (!first) return `SELECT ${selected}`;
  const tables = new Set([first.to]);
  const joins: string[] = [];
  for (const hop of paths.flatMap((path) => path.slice(1))) {
    if (tables.has(hop.to)) continue;
    tables.add(hop.to);
    joins.push(` JOIN ${tableText(hop.to)} ON ${hopCondition(hop)}`);
  }
  const conditions = [
    hopCondition(first),
    ...filters.filter(({ kind }) => kind !== 'exists' && kind !== 'child-count').map((filter) => condition(filter, keySql)),
  ];
  return `SELECT ${selected} FROM ${tableText(first.to)}${joins.join('')} WHERE ${conditions.join(' AND ')}`;
}

function isWithin(filter: Filter, joined: ReadonlySet<Table>): boolean {
  if (filter.kind === 'exists' || filter.kind === 'child-count') return false;
  return filterTables(filter).every((table) => joined.has(table));
}

function filterTables(filter: Filter): Table[] {
  if (filter.kind === 'text') return [...new Set(filter.columns.flatMap((parts) => parts.slice(0, 1).map(({ table }) => table)))];
  const table = filterTable(filter);
  return table ? [table] : [];
}

function condition(filter: Filter, keySql: KeySql): string {
  switch (filter.kind) {
    case 'values':
      return valuesText(filter);
    case 'text':
      return textCondition(filter);
    case 'date':
      return dateCondition(filter);
    case 'compare':
      return compareText(filter);
    case 'known':
      return `${columnText(filter.column)} IS ${filter.isNot ? '' : 'NOT '}NULL`;
    case 'row':
      return `${columnText(filter.key)} = (${keySql(filter.of, filter.key)})`;
    case 'exists':
    case 'child-count':
      return dialectOf(filter.table).always;
  }
}

function valuesText({ column, values, isNot }: Extract<Filter, { kind: 'values' }>): string {
  const name = columnText(column);
  const dialect = dialectOf(column.table);
  const [only] = values;
  const amongst = (subject: string, literalOf: (value: Json) => string) => `${subject} ${isOneOf(values.map(literalOf), isNot)}`;
  if (values.length === 1 && typeof only === 'string' && column.isText) return dialect.equals(name, [plainText(only)], isNot);
  if (column.storage === 'boolean' && values.every(isBoolean)) return amongst(name, (value) => dialect.boolean(Boolean(value)));
  if (dialect.isTypeless || values.every((value) => isOfColumn(value, column))) return amongst(name, (value) => literal(value, dialect));
  // Not every database compares a number with a text: what is of another type than its column is looked for as text.
  return amongst(textOf(column), (value) => dialect.text(plainText(value)));
}

function isBoolean(value: Json): boolean {
  return typeof value === 'boolean' || value === 0 || value === 1;
}

function isOfColumn(value: Json, { storage }: Column): boolean {
  return (typeof value === 'string' && storage === 'text') || (typeof value === 'number' && storage === 'number');
}

function textCondition({ columns, text, longer, mode }: Extract<Filter, { kind: 'text' }>): string {
  const each = columns.map((parts) => {
    const [first] = parts as [Column];
    const dialect = dialectOf(first.table);
    const whole = parts.length === 1 ? columnText(first) : `(${joinedText(parts)})`;
    return mode === 'within'
      ? dialect.contains(whole, plainText(text))
      : dialect.equals(whole, [text, ...(longer === undefined ? [] : [longer])].map(plainText), false);
  });
  return each.length === 1 ? (each[0] as string) : `(${each.join(' OR ')})`;
}

function dateCondition({ column, from, to }: Extract<Filter, { kind: 'date' }>): string {
  const moment = dateText(column);
  const bounds = [...(from ? [`${moment} >= ${momentText(from, column)}`] : []), ...(to ? [`${moment} < ${momentText(to, column)}`] : [])];
  return bounds.join(' AND ') || dialectOf(column.table).always;
}

function compareText({ measure, comparison, value, upTo }: Extract<Filter, { kind: 'compare' }>): string {
  const text = measureText(measure);
  return upTo === undefined ? `${text} ${comparison} ${numberText(value)}` : `${text} BETWEEN ${numberText(value)} AND ${numberText(upTo)}`;
}

/** What a measure is, as SQL: its column, or the product of its columns. */
export function measureText(measure: Measure): string {
  return measure.columns.map((column) => dialectOf(column.table).figure(column, columnText(column))).join(' * ');
}
