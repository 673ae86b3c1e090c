/** Which columns a list of rows shows: those asked for, else the row's own; by name what the row belongs to; and what later steps need. */
import type { Column, Table } from '../schema/model.ts';
import { columnText, dialectOf, joinedText, labelText, tableText } from '../schema/sql-text.ts';
import { rowNoun, singular, wordsOf } from '../../text/words.ts';
import type { Goal } from './question.ts';

export interface SelectedColumn {
  text: string;
  name: string;
  tables: Table[];
  column?: Column;
  isLabel?: true;
}

const mostOwn = 8;

/** The selected columns, none twice. */
export function rowColumns(base: Table, goal: Extract<Goal, { kind: 'rows' }>, needs: readonly Column[]): SelectedColumn[] {
  const own =
    goal.wanted.length > 0
      ? [...identity(base), ...goal.wanted.map(plain)]
      : [...identity(base), ...base.columns.filter(isOwn).slice(0, mostOwn).map(plain), ...parentLabels(base)];
  const selected = [...(own.length > 0 ? own : base.columns.map(plain)), ...(goal.also ?? []).map(plain), ...needs.map(plain)];
  const single = selected.filter((one, index) => selected.findIndex((other) => other.text === one.text) === index);
  // Where another table has a column of the same name, its name tells which it is.
  return single.map((one, index) =>
    one.column && one.column.table !== base && single.findIndex(({ name }) => name === one.name) < index
      ? { ...one, name: `${rowNoun(one.column.table.name).replaceAll(' ', '_')}_${one.name}` }
      : one,
  );
}

/** Key and name of a row. */
function identity(base: Table): SelectedColumn[] {
  const label = ownLabel(base);
  const key = base.key ? [{ ...plain(base.key), name: keyName(base, base.key) }] : [];
  return label ? [...key, label] : key;
}

function ownLabel(base: Table): SelectedColumn | undefined {
  const text = labelText(base);
  if (text === undefined) return undefined;
  return {
    text,
    name: base.label.length === 1 ? (base.label[0]?.name ?? 'name') : 'name',
    tables: [base],
    isLabel: true,
    ...(base.label.length === 1 && base.label[0] && { column: base.label[0] }),
  };
}

function isOwn(column: Column): boolean {
  return column.role !== 'reference' && column !== column.table.key && !column.table.label.includes(column);
}

function parentLabels(base: Table): SelectedColumn[] {
  return base.parents.flatMap(({ target }): SelectedColumn[] => {
    const text = labelText(target.table);
    return text === undefined
      ? []
      : [{ text, name: singular(wordsOf(target.table.name).join(' ')).replaceAll(' ', '_'), tables: [target.table], isLabel: true }];
  });
}

function plain(column: Column): SelectedColumn {
  if (column.self) return ofSelf(column, column.self);
  const name = column === column.table.key ? keyName(column.table, column) : column.name;
  return { text: columnText(column), name, tables: [column.table], column };
}

/** The name of the row of the same table that a column points to, such as a manager's. */
function ofSelf(column: Column, key: Column): SelectedColumn {
  const { quote } = dialectOf(column.table);
  const other = quote(`${column.table.name} above`);
  const label = column.table.label.length > 0 ? column.table.label : [key];
  const text = joinedText(label, (part) => `${other}.${quote(part.name)}`);
  return {
    text: `(SELECT ${text} FROM ${tableText(column.table)} AS ${other} WHERE ${other}.${quote(key.name)} = ${columnText(column)})`,
    name: column.name.replace(/_?id$/i, '') || column.name,
    tables: [column.table],
  };
}

/** `order_id` for the `id` of `orders`, so that a later step knows what it is. */
function keyName(table: Table, key: Column): string {
  return /^id$/i.test(key.name) ? `${singular(wordsOf(table.name).join(' ')).replaceAll(' ', '_')}_id` : key.name;
}
