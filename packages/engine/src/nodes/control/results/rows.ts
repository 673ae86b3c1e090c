/** Work on a list of rows: filter, sort, columns, groups and figures. Pure; a column is a path into the row, and the empty one the row itself. */
import { stableText, type Json, type JsonObject } from '@switchyard/shared';
import { valueAt } from './json-path.ts';

export interface Condition {
  column: string;
  is: 'eq' | 'ne' | 'lt' | 'le' | 'gt' | 'ge' | 'contains';
  value: Json;
}

export interface Sorting {
  by: string;
  descending?: boolean;
}

export interface Figure {
  figure: 'count' | 'sum' | 'avg' | 'min' | 'max';
  /** The column; a count may go without. */
  of?: string;
}

/** The rows for which every condition holds, sorted where asked. */
export function selectRows(list: readonly Json[], { where = [], sort }: { where?: readonly Condition[]; sort?: Sorting }): Json[] {
  const found = list.filter((row) => where.every((condition) => holds(row, condition)));
  if (!sort) return found;
  const sign = sort.descending ? -1 : 1;
  return found.sort((one, other) => sign * order(valueAt(one, sort.by) ?? null, valueAt(other, sort.by) ?? null));
}

/** The row with these columns only. */
export function pickColumns(row: Json, columns: readonly string[]): Json {
  return Object.fromEntries(columns.map((column) => [column, valueAt(row, column) ?? null]));
}

/** One row for each group, or one in all: the columns of the group, and each figure under a name such as `sum_total`. */
export function figuresOf(list: readonly Json[], groupBy: readonly string[], figures: readonly Figure[]): JsonObject[] {
  const groups = new Map<string, { row: JsonObject; members: Json[] }>();
  if (groupBy.length === 0) groups.set('', { row: {}, members: [...list] });
  else
    for (const member of list) {
      const row = pickColumns(member, groupBy) as JsonObject;
      const key = stableText(row);
      const group = groups.get(key) ?? { row, members: [] };
      group.members.push(member);
      groups.set(key, group);
    }
  return [...groups.values()].map(({ row, members }) => ({
    ...row,
    ...Object.fromEntries(figures.map((figure) => [figure.of === undefined ? figure.figure : `${figure.figure}_${figure.of}`, computed(members, figure)])),
  }));
}

function holds(row: Json, { column, is, value }: Condition): boolean {
  const at = valueAt(row, column) ?? null;
  if (is === 'contains') return Array.isArray(at) ? at.some((one) => isEqual(one, value)) : text(at).toLowerCase().includes(text(value).toLowerCase());
  if (is === 'eq' || is === 'ne') return isEqual(at, value) === (is === 'eq');
  if (at === null || value === null) return false;
  const compared = order(at, value);
  return is === 'lt' ? compared < 0 : is === 'le' ? compared <= 0 : is === 'gt' ? compared > 0 : compared >= 0;
}

function computed(members: readonly Json[], { figure, of }: Figure): Json {
  if (figure === 'count' && of === undefined) return members.length;
  const values = members.map((member) => valueAt(member, of ?? '') ?? null).filter((value) => value !== null);
  if (figure === 'count') return values.length;
  if (figure === 'min' || figure === 'max') {
    const sorted = values.sort(order);
    return (figure === 'min' ? sorted[0] : sorted.at(-1)) ?? null;
  }
  const numbers = values.map(number).filter((value) => value !== undefined);
  const sum = numbers.reduce((total, value) => total + value, 0);
  if (figure === 'sum') return sum;
  return numbers.length === 0 ? null : sum / numbers.length;
}

function isEqual(one: Json, other: Json): boolean {
  const [left, right] = [number(one), number(other)];
  return left !== undefined && right !== undefined ? left === right : stableText(one) === stableText(other);
}

/** Nothing first; numbers, also where a database gives them as text, by their size; all else as text. */
function order(one: Json, other: Json): number {
  if (one === null || other === null) return Number(one !== null) - Number(other !== null);
  const [left, right] = [number(one), number(other)];
  if (left !== undefined && right !== undefined) return left - right;
  const [before, after] = [text(one), text(other)];
  return before < after ? -1 : before > after ? 1 : 0;
}

function number(value: Json): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : undefined;
}

function text(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
