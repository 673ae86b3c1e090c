/** What a key-value store holds, from the names of its keys and a look at a few. Bounded: of a large store only a part is looked at, and it says so. */
import type { KeyCatalogue, KeyPattern } from '@switchyard/shared';
import type { Redis } from 'ioredis';
import { keyPatterns, literal } from './key-patterns.ts';

/** Keys of the store that a scan goes over at most, and of these those that are kept. */
const mostLooked = 100_000;
const mostKept = 10_000;
const scanned = 1_000;
const mostPatterns = 50;
/** Keys of each pattern that are looked at. */
const shownKeys = 10;
/** A longer one is not told: of a part that was cut off, a secret could not be masked. */
const longestKey = 200;
const budgetMs = 1_500;

interface Found {
  keys: string[];
  /** Of all keys of the store, those that were looked at; 1 where all were. */
  share: number;
}

export async function readCatalogue(client: Redis, prefix: string): Promise<KeyCatalogue> {
  const endsAt = Date.now() + budgetMs;
  const { keys, share } = await findKeys(client, prefix, endsAt);
  const sorted = [...keyPatterns(keys, prefix)].sort(([a, one], [b, other]) => other.length - one.length || (a < b ? -1 : 1));
  const patterns: KeyPattern[] = [];
  for (const [name, members] of sorted.slice(0, mostPatterns)) {
    const isAll = share === 1;
    const counted = { name, keys: isAll ? members.length : roughly(members.length / share), ...(!isAll && { keysAre: 'about' as const }) };
    patterns.push({ ...counted, ...(Date.now() < endsAt && (await lookAt(client, members))) });
  }
  return { patterns, ...(sorted.length > mostPatterns && { morePatterns: sorted.length - mostPatterns }), ...(share < 1 && { truncated: true }) };
}

async function findKeys(client: Redis, prefix: string, endsAt: number): Promise<Found> {
  const keys = new Set<string>();
  let cursor = '0';
  let looked = 0;
  do {
    const [next, found] = await client.scan(cursor, 'MATCH', `${literal(prefix)}*`, 'COUNT', scanned);
    for (const key of found) keys.add(key);
    cursor = next;
    looked += scanned;
  } while (cursor !== '0' && looked < mostLooked && keys.size < mostKept && Date.now() < endsAt);
  if (cursor === '0') return { keys: [...keys], share: 1 };
  // Rounds give about as many as they were asked for; a store that shrinks meanwhile is not looked at more than once.
  return { keys: [...keys], share: Math.min(0.99, looked / Math.max(1, await client.dbsize())) };
}

/** Two digits of it are known, if that. */
function roughly(count: number): number {
  const step = 10 ** Math.max(0, Math.floor(Math.log10(count)) - 1);
  return Math.round(count / step) * step;
}

/** Types, times and an example of a few keys; what the user may not ask is left out. */
async function lookAt(client: Redis, keys: readonly string[]): Promise<Partial<KeyPattern>> {
  const shown = keys.toSorted().slice(0, shownKeys);
  const pipeline = client.pipeline();
  for (const key of shown) pipeline.type(key).ttl(key);
  const answers = ((await pipeline.exec()) ?? []).map(([error, value]) => (error ? undefined : value));
  const types = answers.filter((value, index): value is string => index % 2 === 0 && typeof value === 'string' && value !== 'none');
  // Less than nothing is no time (-1), or no key any more (-2).
  const times = answers.filter((value, index): value is number => index % 2 === 1 && typeof value === 'number' && value !== -2);
  const seconds = times.filter((time) => time >= 0);
  const example = shown.find((key) => key.length <= longestKey);
  return {
    ...(types.length > 0 && { types: [...new Set(types)].sort() }),
    ...(times.length > 0 && { expires: seconds.length === 0 ? 'never' : seconds.length === times.length ? 'always' : 'sometimes' }),
    ...(seconds.length > 0 && { seconds: { least: Math.min(...seconds), most: Math.max(...seconds) } }),
    ...(example !== undefined && { example }),
  };
}
