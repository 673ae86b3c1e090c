/**
 * What changed between two values of plain JSON, small enough to keep. A diff holds the parts that differ (shared with the values, never copied),
 * goes both ways, and keeps the order of keys: applying it and its inverse gives back the same text.
 */

interface Splice<T> {
  at: number;
  removed: readonly T[];
  inserted: readonly T[];
}

export type Diff =
  | { sort: 'value'; before: unknown; after: unknown }
  | ({ sort: 'list' } & Splice<unknown>)
  /** `splice` where keys came, went or moved; `inside` for keys that stayed. */
  | { sort: 'record'; splice?: Splice<readonly [string, unknown]>; inside: readonly (readonly [string, Diff])[] };

type PlainRecord = Record<string, unknown>;

/** The diff that leads from `before` to `after`, or undefined where they are equal. Parts that are the same object are not looked into. */
export function diffOf(before: unknown, after: unknown): Diff | undefined {
  if (Object.is(before, after)) return undefined;
  if (Array.isArray(before) && Array.isArray(after)) return diffLists(before, after);
  if (isRecord(before) && isRecord(after)) return diffRecords(before, after);
  return { sort: 'value', before, after };
}

/** `value` with the diff applied; `value` itself is not changed. */
export function applyDiff(value: unknown, diff: Diff): unknown {
  if (diff.sort === 'value') return diff.after;
  if (diff.sort === 'list') return (value as unknown[]).toSpliced(diff.at, diff.removed.length, ...diff.inserted);
  let entries = Object.entries(value as PlainRecord);
  if (diff.splice) entries = entries.toSpliced(diff.splice.at, diff.splice.removed.length, ...(diff.splice.inserted as [string, unknown][]));
  const record = Object.fromEntries(entries);
  for (const [key, inner] of diff.inside) record[key] = applyDiff(record[key], inner);
  return record;
}

/** The diff that leads back. */
export function invertDiff(diff: Diff): Diff {
  if (diff.sort === 'value') return { sort: 'value', before: diff.after, after: diff.before };
  if (diff.sort === 'list') return { sort: 'list', ...invertSplice(diff) };
  const inside = diff.inside.map(([key, inner]) => [key, invertDiff(inner)] as const);
  return { sort: 'record', inside, ...(diff.splice && { splice: invertSplice(diff.splice) }) };
}

function invertSplice<T>({ at, removed, inserted }: Splice<T>): Splice<T> {
  return { at, removed: inserted, inserted: removed };
}

function diffLists(before: readonly unknown[], after: readonly unknown[]): Diff | undefined {
  const splice = spliceOf(before, after, (one, other) => diffOf(one, other) === undefined);
  return splice && { sort: 'list', ...splice };
}

function diffRecords(before: PlainRecord, after: PlainRecord): Diff | undefined {
  const keys = spliceOf(Object.keys(before), Object.keys(after), Object.is);
  const entry = (record: PlainRecord) => (key: string) => [key, record[key]] as const;
  const splice = keys && { at: keys.at, removed: keys.removed.map(entry(before)), inserted: keys.inserted.map(entry(after)) };
  const moved = new Set(keys?.inserted);
  const inside: [string, Diff][] = [];
  for (const key of Object.keys(after)) {
    if (moved.has(key)) continue;
    const inner = diffOf(before[key], after[key]);
    if (inner) inside.push([key, inner]);
  }
  if (!splice && inside.length === 0) return undefined;
  return { sort: 'record', inside, ...(splice && { splice }) };
}

/** The one stretch in which two lists differ: what stands between their common beginning and their common end. */
function spliceOf<T>(before: readonly T[], after: readonly T[], isSame: (one: T, other: T) => boolean): Splice<T> | undefined {
  const shorter = Math.min(before.length, after.length);
  let at = 0;
  while (at < shorter && isSame(before[at] as T, after[at] as T)) at += 1;
  if (at === before.length && at === after.length) return undefined;
  let tail = 0;
  while (tail < shorter - at && isSame(before[before.length - 1 - tail] as T, after[after.length - 1 - tail] as T)) tail += 1;
  return { at, removed: before.slice(at, before.length - tail), inserted: after.slice(at, after.length - tail) };
}

function isRecord(value: unknown): value is PlainRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
