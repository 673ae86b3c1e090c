/** The WHERE conditions of a question. */
import { pathBetween, type Hop } from '../schema/join-path.ts';
import type { Column, Table } from '../schema/model.ts';
import { columnText, containing, dateText, literal, quoteName } from '../schema/sql-text.ts';
import { hopCondition } from './join-tree.ts';
import { filterTable, type Filter, type Measure, type Question } from './question.ts';

/** Conditions for WHERE. Filters on tables that are not joined become EXISTS; those that go the same way share one, so that they speak of the same row. */
export function filterText(question: Question, joined: ReadonlySet<Table>): string[] {
  const conditions: string[] = [];
  const apart = new Map<Table, { paths: Hop[][]; filters: Filter[] }>();
  const negated: string[] = [];
  for (const filter of question.filters) {
    const table = filterTable(filter);
    if (!table) continue;
    if (filter.kind !== 'exists' && filter.kind !== 'child-count' && isWithin(filter, joined)) {
      conditions.push(ownCondition(filter));
      continue;
    }
    const path = pathBetween(question.base, table);
    const first = path?.[0];
    if (!path || !first) continue;
    if (filter.kind === 'exists' && filter.isNot) negated.push(`NOT ${existsText([path], [])}`);
    else if (filter.kind === 'child-count') negated.push(`(${subquery('COUNT(*)', [path], sharedFilters(question, first.to, joined))}) ${filter.comparison} ${literal(filter.value)}`);
    else {
      const entry = apart.get(first.to) ?? { paths: [], filters: [] };
      entry.paths.push(path);
      entry.filters.push(filter);
      apart.set(first.to, entry);
    }
  }
  const counted = question.filters.filter((filter) => filter.kind === 'child-count').map((filter) => pathBetween(question.base, filter.table)?.[0]?.to);
  for (const [first, { paths, filters }] of apart) if (!counted.includes(first)) conditions.push(existsText(paths, filters));
  return [...conditions, ...negated];
}

/** "More than 20 orders in 2025": the year is part of what is counted. */
function sharedFilters(question: Question, first: Table, joined: ReadonlySet<Table>): Filter[] {
  return question.filters.filter((filter) => {
    const table = filterTable(filter);
    return table !== undefined && filter.kind !== 'exists' && filter.kind !== 'child-count' && !isWithin(filter, joined) && pathBetween(question.base, table)?.[0]?.to === first;
  });
}

function existsText(paths: readonly Hop[][], filters: readonly Filter[]): string {
  return `EXISTS (${subquery('1', paths, filters)})`;
}

function subquery(selected: string, paths: readonly Hop[][], filters: readonly Filter[]): string {
  const [first] = paths[0] ?? [];
  if (!first) return `SELECT ${selected}`;
  const more = filters.flatMap((filter) => {
    const table = filterTable(filter);
    const path = table && pathBetween(first.from, table);
    return path ? [path] : [];
  });
  const tables = new Set([first.to]);
  const joins: string[] = [];
  for (const hop of [...paths, ...more].flatMap((path) => path.slice(1))) {
    if (tables.has(hop.to)) continue;
    tables.add(hop.to);
    joins.push(` JOIN ${quoteName(hop.to.name)} ON ${hopCondition(hop)}`);
  }
  const conditions = [hopCondition(first), ...filters.filter((filter) => filter.kind !== 'exists').map(ownCondition)];
  return `SELECT ${selected} FROM ${quoteName(first.to.name)}${joins.join('')} WHERE ${conditions.join(' AND ')}`;
}

function isWithin(filter: Filter, joined: ReadonlySet<Table>): boolean {
  const tables = filter.kind === 'text' ? filter.columns.map((columns) => columns[0]?.table) : [filterTable(filter)];
  return tables.every((table) => table !== undefined && joined.has(table));
}

function ownCondition(filter: Filter): string {
  switch (filter.kind) {
    case 'values': return valuesText(filter);
    case 'text': return textCondition(filter);
    case 'date': return dateCondition(filter);
    case 'compare': return compareText(filter);
    case 'exists':
    case 'child-count': return '1';
  }
}

function valuesText({ column, values, isNot }: Extract<Filter, { kind: 'values' }>): string {
  const name = columnText(column);
  if (values.length === 1) {
    const isText = typeof values[0] === 'string' && column.isText;
    return `${name} ${isNot ? '<>' : '='} ${literal(values[0] ?? null)}${isText ? ' COLLATE NOCASE' : ''}`;
  }
  return `${name} ${isNot ? 'NOT IN' : 'IN'} (${values.map(literal).join(', ')})`;
}

function textCondition({ columns, text, longer, mode }: Extract<Filter, { kind: 'text' }>): string {
  const each = columns.map((parts) => {
    const whole = parts.length === 1 ? columnText(parts[0] as Column) : `(${parts.map(columnText).join(" || ' ' || ")})`;
    if (mode === 'within') return `${whole} LIKE ${containing(text)} ESCAPE '\\'`;
    return longer === undefined ? `${whole} = ${literal(text)} COLLATE NOCASE` : `${whole} COLLATE NOCASE IN (${literal(text)}, ${literal(longer)})`;
  });
  return each.length === 1 ? (each[0] as string) : `(${each.join(' OR ')})`;
}

function dateCondition({ column, from, to }: Extract<Filter, { kind: 'date' }>): string {
  const moment = dateText(column);
  return [...(from === undefined ? [] : [`${moment} >= ${from}`]), ...(to === undefined ? [] : [`${moment} < ${to}`])].join(' AND ') || '1';
}

function compareText({ measure, comparison, value, upTo }: Extract<Filter, { kind: 'compare' }>): string {
  const text = measureText(measure);
  return upTo === undefined ? `${text} ${comparison} ${literal(value)}` : `${text} BETWEEN ${literal(value)} AND ${literal(upTo)}`;
}

/** What a measure is, as SQL: its column, or the product of its columns. */
export function measureText(measure: Measure): string {
  return measure.columns.map(columnText).join(' * ');
}
