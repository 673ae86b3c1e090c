/** What databases write each in their own way. Whatever is not here is the same SQL for all of them. */
import type { Column } from '../model.ts';
import type { Moment, TimeUnit } from '../moment.ts';

export interface Dialect {
  /** Any value compares with any other, and a column may hold what its type does not say. */
  isTypeless: boolean;
  /** A condition that always holds. */
  always: string;
  quote(name: string): string;
  /** Text as a literal. */
  text(value: string): string;
  boolean(value: boolean): string;
  /** A value as text. */
  asText(value: string): string;
  /** Texts one after the other; nothing where one of them is. */
  joined(texts: readonly string[]): string;
  /** Is the value one of these texts, or with `isNot` none of them? Capitals make no difference. */
  equals(value: string, texts: readonly string[], isNot: boolean): string;
  /** Is the text somewhere within the value? Capitals make no difference. */
  contains(value: string, text: string): string;
  /** Rounded to two decimals. */
  rounded(value: string): string;
  /** In ORDER BY: what is nothing comes first. */
  ascending(value: string): string;
  /** In ORDER BY: what is nothing comes last. */
  descending(value: string): string;
  /** A number column as what can be added up and compared with numbers. */
  figure(column: Column, name: string): string;
  /** A date column as what compares with the `moment` for it. */
  dated(column: Column, name: string): string;
  moment(moment: Moment, column: Column): string;
  /** The part of time that a date column falls into, as text: `2026-03-31`, `2026-W13`, `2026-03`, `2026-Q1`, `2026`, `Tuesday`. */
  period(column: Column, name: string, unit: TimeUnit): string;
}

/** A date column whose dates are compared as text, `YYYY-MM-DD`. */
export function isTextDate({ storage, isYear }: Column): boolean {
  return isYear || storage === 'text';
}

/**
 * Seconds of a column that holds seconds or milliseconds: no day of this century is over 100 thousand million seconds. What is too much for either is
 * nothing: a moment that the calendar does not reach would fail the whole query.
 */
export function epochSeconds(name: string, divided = `${name} / 1000`): string {
  return `CASE WHEN abs(${name}) <= 100000000000 THEN ${name} WHEN abs(${name}) <= 100000000000000 THEN ${divided} END`;
}

export function doubleQuoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** Text in single quotes where a backslash is a character like any other. */
export function singleQuoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A pattern for LIKE with a backslash before what would be a wildcard, as plain text. */
export function likePattern(text: string): string {
  return `%${text.replace(/[\\%_]/g, (mark) => `\\${mark}`)}%`;
}

/** `= 'a'`, `<> 'a'`, `IN ('a', 'b')` or `NOT IN ('a', 'b')`. */
export function isOneOf(literals: readonly string[], isNot: boolean): string {
  if (literals.length === 1) return `${isNot ? '<>' : '='} ${literals[0]}`;
  return `${isNot ? 'NOT IN' : 'IN'} (${literals.join(', ')})`;
}
