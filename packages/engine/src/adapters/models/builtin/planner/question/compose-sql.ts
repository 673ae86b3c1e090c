/**
 * Writes the SQL of a question. Names come from the catalogue and are quoted, values are escaped.
 *
 * 1. Joins from the base table upwards keep one row per base row; a filter on any other table becomes EXISTS, so that it never multiplies rows.
 * 2. Only a grouped count and a list of rows may join downwards; the count then counts distinct base rows.
 */
import type { Column, Table } from '../schema/model.ts';
import { humanName, singular } from '../../text/words.ts';
import { columnText, dialectOf, distinctText, labelText, periodText } from '../schema/sql-text.ts';
import { joinTree, type JoinTree } from './join-tree.ts';
import type { Figure, Group, Measure, Question } from './question.ts';
import { filterText, measureText } from './filter-sql.ts';
import { rowColumns, type SelectedColumn } from './row-columns.ts';
import { isColumn } from './question.ts';

/** One column of the result, and how it is to be read. */
export interface ResultColumn {
  alias: string;
  /** What the column holds; absent for the name of a row. */
  column?: Column;
  role: 'group' | 'figure' | 'field' | 'label';
}

export interface Composed {
  sql: string;
  columns: ResultColumn[];
}

const mostGroups = 50;

/** The SQL of the question; undefined where its tables do not hang together or the figure would count rows twice. `needs` are columns that later steps use. */
export function composeSql(question: Question, needs: readonly Column[] = []): Composed | undefined {
  return question.goal.kind === 'figure' ? composeFigure(question, question.goal) : composeRows(question, question.goal, needs);
}

function composeFigure(question: Question, goal: Extract<Question['goal'], { kind: 'figure' }>): Composed | undefined {
  const tree = joinTree(question.base, [...goal.groups.map(groupTable), ...figureTables(goal.figure), ...liftedTables(question)], 'inner');
  if (!tree || (tree.isFanned && goal.figure.kind === 'aggregate')) return undefined;
  const figure = figureText(goal.figure, question.base, tree);
  if (figure === undefined) return undefined;
  const groups = goal.groups.map((group) => ({ ...groupText(group), group }));
  const names = uniqueNames([...groups.map(({ name }) => name), figure.name]);
  const { quote, ascending, descending } = dialectOf(question.base);
  const selected = [...groups.map(({ text }) => text), figure.text].map((text, index) => `${text} AS ${quote(names[index] ?? '')}`);
  const lines = [`SELECT ${selected.join(', ')}`, ...tree.lines, ...whereLines(question, tree)];
  if (groups.length > 0) {
    const isInTime = goal.groups[0]?.kind === 'time' && goal.limit === undefined;
    const keys = groups.flatMap(({ keys: of }) => of);
    const alias = quote(names.at(-1) ?? '');
    const order = isInTime ? [] : [goal.isDescending === false ? ascending(`${alias} ASC`) : descending(alias)];
    lines.push(`GROUP BY ${keys.join(', ')}`, `ORDER BY ${[...order, ...keys.map(ascending)].join(', ')}`, `LIMIT ${goal.limit ?? mostGroups}`);
  }
  const columns = names.map((alias, index): ResultColumn => {
    const of = groups[index]?.group;
    if (!of) return { alias, role: 'figure', ...(figureColumn(goal.figure) && { column: figureColumn(goal.figure) as Column }) };
    return { alias, role: 'group', ...(of.kind === 'column' && { column: of.column }) };
  });
  return { sql: lines.join('\n'), columns };
}

function composeRows(question: Question, goal: Extract<Question['goal'], { kind: 'rows' }>, needs: readonly Column[]): Composed | undefined {
  const selected = rowColumns(question.base, goal, needs);
  const orderTable = goal.order && (isColumn(goal.order.by) ? goal.order.by.table : goal.order.by.columns[0]?.table);
  const tree = joinTree(question.base, [...selected.flatMap(({ tables }) => tables), ...(orderTable ? [orderTable] : []), ...liftedTables(question)], 'left');
  if (!tree) return undefined;
  const names = uniqueNames(selected.map(({ name }) => name));
  const { quote } = dialectOf(question.base);
  const lines = [`SELECT ${selected.map(({ text }, index) => `${text} AS ${quote(names[index] ?? '')}`).join(',\n  ')}`, ...tree.lines];
  const order = orderText(question, goal);
  lines.push(...whereLines(question, tree, order.conditions), ...(order.text ? [`ORDER BY ${order.text}`] : []), `LIMIT ${goal.limit}`);
  return { sql: lines.join('\n'), columns: selected.map((one, index) => resultColumn(one, names[index] ?? '')) };
}

/** SELECT of the key of the rows that a question finds. */
function keySql(question: Question, key: Column): string {
  const tree = joinTree(question.base, liftedTables(question), 'left');
  const order = question.goal.kind === 'rows' ? orderText(question, question.goal) : { conditions: [] };
  const lines = [
    `SELECT ${columnText(key)}`,
    ...(tree?.lines ?? []),
    ...(tree ? whereLines(question, tree, order.conditions) : []),
    ...(order.text ? [`ORDER BY ${order.text}`] : []),
    'LIMIT 1',
  ];
  return lines.join(' ');
}

function resultColumn({ column, isLabel }: SelectedColumn, alias: string): ResultColumn {
  return { alias, role: isLabel ? 'label' : 'field', ...(column && { column }) };
}

function orderText(question: Question, goal: Extract<Question['goal'], { kind: 'rows' }>): { text?: string; conditions: string[] } {
  const { key } = question.base;
  if (!goal.order) return key ? { text: columnText(key), conditions: [] } : { conditions: [] };
  const { by, isDescending } = goal.order;
  const text = isColumn(by) ? columnText(by) : measureText(by);
  const columns = isColumn(by) ? [by] : by.columns;
  // Where nothing stands, there is no first: SQLite would put it first.
  return {
    // Of equal moments the later row is the later one; of equal figures the first row comes first.
    text: [
      inOrder(question.base, { text, columns }, isDescending),
      ...(key ? [inOrder(question.base, { text: columnText(key), columns: [key] }, isColumn(by) && isDescending)] : []),
    ].join(', '),
    conditions: isDescending ? [] : [`${text} IS NOT NULL`],
  };
}

/** Said only where something may be nothing, where nothing stands is last: not every database has an index for that. A row that is joined may be missing. */
function inOrder(base: Table, { text, columns }: { text: string; columns: readonly Column[] }, isDescending: boolean): string {
  if (!isDescending) return `${text} ASC`;
  return columns.every((column) => column.table === base && !column.isNullable) ? `${text} DESC` : dialectOf(base).descending(text);
}

function whereLines(question: Question, tree: JoinTree, more: readonly string[] = []): string[] {
  const conditions = [...filterText(question, tree.tables, keySql), ...more];
  return conditions.length > 0 ? [`WHERE ${conditions.join('\n  AND ')}`] : [];
}

/** Ancestors that filters speak of are joined; every other table is reached by EXISTS. */
function liftedTables(question: Question): Table[] {
  return question.filters
    .flatMap((filter) => {
      if (filter.kind === 'exists' || filter.kind === 'child-count') return [];
      if (filter.kind === 'row') return [filter.key.table];
      if (filter.kind === 'text') return filter.columns.map((columns) => columns[0]?.table).filter((table) => table !== undefined);
      if (filter.kind === 'compare') return filter.measure.columns.map(({ table }) => table);
      return [filter.column.table];
    })
    .filter((table) => joinTree(question.base, [table], 'inner')?.isFanned === false);
}

function figureText(figure: Figure, base: Table, tree: JoinTree): { text: string; name: string } | undefined {
  if (figure.kind === 'distinct') return { text: `COUNT(DISTINCT ${distinctText(figure.column)})`, name: 'number' };
  if (figure.kind === 'aggregate') return { text: aggregateText(figure.name, figure.measure), name: figure.name.toLowerCase().replace('avg', 'average') };
  if (!tree.isFanned) return { text: 'COUNT(*)', name: 'number' };
  return base.key && { text: `COUNT(DISTINCT ${columnText(base.key)})`, name: 'number' };
}

/** Sums and averages of fractions are rounded to what a person reads; the least bits of floating point are noise. */
function aggregateText(name: string, measure: Measure): string {
  const text = `${name}(${measureText(measure)})`;
  const table = measure.columns[0]?.table;
  return table && (name === 'SUM' || name === 'AVG') ? dialectOf(table).rounded(text) : text;
}

function figureColumn(figure: Figure): Column | undefined {
  if (figure.kind === 'count') return undefined;
  return figure.kind === 'distinct' ? undefined : figure.measure.columns[0];
}

function figureTables(figure: Figure): Table[] {
  if (figure.kind === 'count') return [];
  return figure.kind === 'distinct' ? [figure.column.table] : figure.measure.columns.map(({ table }) => table);
}

function groupTable(group: Group): Table {
  return group.kind === 'table' ? group.table : group.column.table;
}

function groupText(group: Group): { text: string; name: string; keys: string[] } {
  if (group.kind === 'column') return { text: distinctText(group.column), name: group.column.name, keys: [distinctText(group.column)] };
  if (group.kind === 'table') {
    const { table } = group;
    const label = labelText(table) ?? (table.key ? columnText(table.key) : columnText(table.columns[0] as Column));
    // Two rows may have the same name: the key tells them apart.
    return {
      text: label,
      name: singular(humanName(table.name)).replaceAll(' ', '_'),
      keys: [...(table.key ? [columnText(table.key)] : []), ...(table.label.length > 0 ? table.label.map(columnText) : [label])],
    };
  }
  const text = periodText(group.column, group.unit);
  return { text, name: group.unit, keys: [text] };
}

function uniqueNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    let free = name;
    for (let count = 2; taken.has(free.toLowerCase()); count += 1) free = `${name}_${count}`;
    taken.add(free.toLowerCase());
    return free;
  });
}
