/** Names and values as SQL text: names always from the catalogue and always quoted, values always escaped, all in the dialect of their table. */
import type { Json } from '@switchyard/shared';
import { dialects } from './dialects/index.ts';
import type { Dialect } from './dialects/dialect.ts';
import type { Column, Table } from './model.ts';
import type { Moment, TimeUnit } from './moment.ts';

export function dialectOf(table: Table): Dialect {
  return dialects[table.dialect];
}

/** The table as FROM names it, with its schema where it has one. */
export function tableText(table: Table): string {
  return table.path.map(dialectOf(table).quote).join('.');
}

export function columnText(column: Column): string {
  return `${tableText(column.table)}.${dialectOf(column.table).quote(column.name)}`;
}

/** A column as text, or as it is where its dialect takes all values for text where text is wanted. */
export function textOf(column: Column, name = columnText(column)): string {
  const dialect = dialectOf(column.table);
  return dialect.isTypeless || column.storage === 'text' ? name : dialect.asText(name);
}

/** A column as what can be grouped and told apart: documents, points and the like only by their text. */
export function distinctText(column: Column): string {
  return column.storage === 'other' ? textOf(column) : columnText(column);
}

/** A literal. Text loses the null character, which would end the statement. */
export function literal(value: Json, dialect: Dialect): string {
  if (typeof value === 'number') return numberText(value);
  if (typeof value === 'boolean') return dialect.boolean(value);
  if (value === null) return 'NULL';
  return dialect.text(plainText(value));
}

/** A number, or nothing where it has more digits than a number may have. */
export function numberText(value: number): string {
  return Number.isFinite(value) ? String(value) : 'NULL';
}

/** A value as the text of a literal. */
export function plainText(value: Json): string {
  return (typeof value === 'string' ? value : JSON.stringify(value)).replaceAll('\0', '');
}

/** First and last name, or whatever else makes up a name, with a space between. */
export function joinedText(columns: readonly Column[], nameOf: (column: Column) => string = columnText): string {
  const [first] = columns;
  if (!first || columns.length === 1) return first ? nameOf(first) : "''";
  return dialectOf(first.table).joined(columns.flatMap((column, index) => [...(index > 0 ? ["' '"] : []), textOf(column, nameOf(column))]));
}

/** By what a row of the table is called; undefined where nothing names it. */
export function labelText(table: Table): string | undefined {
  return table.label.length === 0 ? undefined : joinedText(table.label);
}

/** A date column as what compares with `momentText`. */
export function dateText(column: Column): string {
  return dialectOf(column.table).dated(column, columnText(column));
}

export function momentText(moment: Moment, column: Column): string {
  return dialectOf(column.table).moment(moment, column);
}

/** The part of time that a date column falls into, as text. */
export function periodText(column: Column, unit: TimeUnit): string {
  return dialectOf(column.table).period(column, columnText(column), unit);
}
