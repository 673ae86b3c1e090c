/** Names and values as SQL text: names always from the catalogue and always quoted, values always escaped. */
import type { Json } from '@switchyard/shared';
import type { Column, Table } from './model.ts';

export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

export function columnText(column: Column): string {
  return `${quoteName(column.table.name)}.${quoteName(column.name)}`;
}

/** A literal. Text loses the null character, which would end the statement. */
export function literal(value: Json): string {
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : 'NULL';
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (value === null) return 'NULL';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return `'${text.replaceAll('\0', '').replaceAll("'", "''")}'`;
}

/** A pattern for LIKE with `ESCAPE '\'` that holds the text anywhere. */
export function containing(text: string): string {
  return literal(`%${text.replace(/[\\%_]/g, (mark) => `\\${mark}`)}%`);
}

/** By what a row of the table is called; undefined where nothing names it. */
export function labelText(table: Table): string | undefined {
  return table.label.length === 0 ? undefined : table.label.map(columnText).join(" || ' ' || ");
}

/** A date column as text that compares with `YYYY-MM-DD`. */
export function dateText(column: Column): string {
  if (column.isYear) return `printf('%04d-01-01', ${columnText(column)})`;
  if (!column.isEpoch) return columnText(column);
  // Seconds or milliseconds: no day of this century is over 100 thousand million seconds.
  return `datetime(CASE WHEN abs(${columnText(column)}) > 100000000000 THEN ${columnText(column)} / 1000 ELSE ${columnText(column)} END, 'unixepoch')`;
}
