/** What a catalogue tells when there is not time, or not room, to know all of it. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { sampleCatalogue, type ListedTable, type Sampler } from './sample-catalogue.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function table(name: string, more: Partial<ListedTable> = {}): ListedTable {
  return { name, path: ['public', name], sql: name, columns: [{ name: 'state', type: 'text', isNullable: true, isPrimaryKey: false, holds: 'text' }], ...more };
}

/** Each read takes `ms`, and is given up where that is more than it may take. */
function sampler({ ms = 0, count = 3, distinct = ['done', 'open'] }: { ms?: number; count?: number; distinct?: string[] } = {}): Sampler {
  return {
    dialect: 'postgres',
    quote: (name) => name,
    asText: (name) => name,
    async read(sql, timeoutMs) {
      vi.advanceTimersByTime(Math.min(ms, timeoutMs));
      if (ms > timeoutMs) return undefined;
      if (sql.includes('count(')) return [[String(count)]];
      if (sql.includes('DISTINCT')) return distinct.map((value) => [value]);
      return [['open'], ['open'], [null], ['done'], ['x'.repeat(61)], ['lost'], ['late']];
    },
  };
}

test('a table that there is no time to count tells no rows, and others keep theirs', async () => {
  const { tables } = await sampleCatalogue(
    Array.from({ length: 6 }, (_, index) => table(`t${index}`)),
    sampler({ ms: 200 }),
  );
  expect(tables.map(({ rows }) => rows)).toEqual([3, 3, 3, undefined, undefined, undefined]);
  expect(tables[5]).toEqual({ name: 't5', columns: [{ name: 'state', type: 'text', nullable: true }] });
});

test('a read that takes too long leaves time for those after it', async () => {
  const slow = sampler();
  const read: Sampler['read'] = async (sql, timeoutMs) => {
    if (!sql.includes('view')) return await slow.read(sql, timeoutMs);
    vi.advanceTimersByTime(timeoutMs);
    return undefined;
  };
  const { tables } = await sampleCatalogue([table('view'), table('orders')], { ...slow, read });
  expect(tables.map(({ rows }) => rows)).toEqual([undefined, 3]);
});

test('a count that ended early and an estimate say so', async () => {
  const { tables } = await sampleCatalogue([table('large'), table('known', { rows: 70_000 })], { ...sampler({ count: 1_000 }), mostCounted: 1_000 });
  expect(tables.map(({ rows, rowsAre }) => [rows, rowsAre])).toEqual([
    [1_000, 'at least'],
    [70_000, 'about'],
  ]);
});

test('distinct values are all there are, or say that there may be more', async () => {
  const columnOf = async (options: Parameters<typeof sampler>[0], more: Partial<ListedTable> = {}) =>
    (await sampleCatalogue([table('orders', more)], sampler(options))).tables[0]?.columns[0];
  expect(await columnOf({})).toEqual({ name: 'state', type: 'text', nullable: true, values: ['done', 'open'] });
  // Only the first 20,000 rows were looked at.
  expect(await columnOf({ count: 20_001 })).toMatchObject({ values: ['done', 'open'], moreValues: true });
  expect(await columnOf({}, { rows: 50 })).toMatchObject({ values: ['done', 'open'], moreValues: true });
  const many = Array.from({ length: 13 }, (_, index) => `v${index + 10}`);
  expect(await columnOf({ distinct: many })).toMatchObject({ values: many.slice(0, 12), moreValues: true });
  // Where they are not few, three show how they are written; a long one is not shown in part.
  const column = await columnOf({ distinct: Array.from({ length: 51 }, (_, index) => `v${index}`) });
  expect(column).toEqual({ name: 'state', type: 'text', nullable: true, samples: ['open', 'done', 'lost'] });
});

test('numbers are told as numbers where these are exactly what the database has', async () => {
  const texts = ['12.50', '9007199254740993', '-3'];
  const numbers: Sampler = { ...sampler(), read: async (sql) => (sql.includes('CASE') ? texts.map((text) => [text]) : [['3']]) };
  const columns = [{ name: 'total', type: 'numeric', isNullable: true, isPrimaryKey: false, holds: 'number' as const }];
  expect((await sampleCatalogue([table('orders', { columns })], numbers)).tables[0]?.columns[0]?.samples).toEqual([12.5, '9007199254740993', -3]);
});
