/** DuckDB files and folders of data: what may be asked, what comes back, and what is refused. */
import { rm, symlink, writeFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import type { Catalogue, JsonObject, QueryResult } from '@switchyard/shared';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ClosableHost } from '../../host.ts';
import { ask, failureOf, HostBench, type AskOptions } from '../../testing/host-bench.ts';

const bench = new HostBench();
let host: ClosableHost;
let folder: string;

beforeAll(async () => {
  const directory = await bench.directory();
  folder = join(directory, 'figures');
  await mkdir(folder);
  await writeFile(join(directory, 'secret.csv'), 'word\nhush\n');
  await writeFile(join(folder, 'visits.csv'), 'day,page,visits\n2026-01-02,home,10\n2026-01-03,shop,7\n2026-02-01,home,5\n');
  await writeFile(join(folder, 'pages.json'), '[{"page":"home","tags":["a","b"]},{"page":"shop","tags":[]}]');
  await writeFile(join(folder, 'notes.txt'), 'no table');
  await symlink(join(directory, 'secret.csv'), join(folder, 'linked.csv'));
  const instance = await DuckDBInstance.create(join(directory, 'store.duckdb'));
  const connection = await instance.connect();
  await connection.run(`
    CREATE TABLE customers (id INTEGER PRIMARY KEY, name VARCHAR NOT NULL);
    CREATE TABLE orders (id BIGINT PRIMARY KEY, customer INTEGER REFERENCES customers (id), total DECIMAL(10, 2), placed TIMESTAMP, raw BLOB);
    CREATE SCHEMA sales; CREATE TABLE sales.targets (year INTEGER, amount DOUBLE);
    INSERT INTO customers VALUES (1, 'Ada'), (2, 'Grace');
    INSERT INTO orders VALUES (1, 1, 12.50, '2026-01-02 03:04:05', '\\x01\\x02'::BLOB), (9007199254740993, 2, 7, NULL, NULL);`);
  connection.closeSync();
  instance.closeSync();
  bench.connections.figures = { type: 'duckdb', url: 'figures' };
  bench.connections.store = { type: 'duckdb', url: 'store.duckdb' };
  bench.connections.visits = { type: 'duckdb', url: 'figures/visits.csv' };
  bench.connections.gone = { type: 'duckdb', url: 'gone.duckdb' };
  host = await bench.host();
});
afterAll(() => bench.close());

const query = (connection: string, sql: string, parameters: JsonObject = {}, options: AskOptions = {}) =>
  ask<QueryResult>(host, 'query', { connection, sql, parameters, access: 'read' }, options);
const refusal = (connection: string, sql: string, options: AskOptions = {}) => failureOf(query(connection, sql, {}, options));

describe('a query', () => {
  test('reads a folder of files as tables, and links not at all', async () => {
    expect(await query('figures', 'SELECT page, sum(visits) AS visits FROM visits GROUP BY page ORDER BY page')).toEqual({
      columns: ['page', 'visits'],
      rows: [
        { page: 'home', visits: 15 },
        { page: 'shop', visits: 7 },
      ],
    });
    expect((await query('figures', 'SELECT v.day, p.tags FROM visits v JOIN pages p USING (page) ORDER BY v.day LIMIT 1')).rows).toEqual([
      { day: '2026-01-02', tags: ['a', 'b'] },
    ]);
    expect((await refusal('figures', 'SELECT * FROM linked')).code).toBe('sql-invalid');
    expect((await query('visits', 'SELECT count(*) AS n FROM visits')).rows).toEqual([{ n: 3 }]);
  });

  test('reads a database file; its values are JSON that keeps them', async () => {
    expect((await query('store', 'SELECT id, total, placed, raw FROM orders ORDER BY id')).rows).toEqual([
      { id: 1, total: 12.5, placed: '2026-01-02 03:04:05', raw: { base64: 'AQI=' } },
      { id: '9007199254740993', total: 7, placed: null, raw: null },
    ]);
  });

  test('binds its parameters as what they are', async () => {
    const { rows } = await query('figures', 'SELECT sum(visits) AS n FROM visits WHERE page = :page AND day >= :from::date AND visits > :least', {
      page: 'home',
      from: '2026-01-15',
      least: 1,
    });
    expect(rows).toEqual([{ n: 5 }]);
    expect((await query('figures', 'SELECT :a AS a, :b AS b, :c AS c', { a: "'; DROP", b: null, c: [1] })).rows).toEqual([{ a: "'; DROP", b: null, c: '[1]' }]);
    expect((await refusal('figures', 'SELECT :a')).code).toBe('sql-parameters');
  });

  test('is cut at 1,000 rows', async () => {
    const many = await query('figures', 'SELECT * FROM range(1000000000)');
    expect([many.rows.length, many.truncated]).toEqual([1_000, true]);
  });

  test('sees a file that was replaced, and one that is new', async () => {
    await writeFile(join(folder, 'late.csv'), 'a\n1\n');
    expect((await query('figures', 'SELECT a FROM late')).rows).toEqual([{ a: 1 }]);
    await writeFile(join(folder, 'late.csv'), 'b\n22\n');
    expect((await query('figures', 'SELECT b FROM late')).rows).toEqual([{ b: 22 }]);
    await rm(join(folder, 'late.csv'));
  });

  test('with a wrong name says which there are', async () => {
    expect((await refusal('store', 'SELECT * FROM ordres')).message).toContain('There is orders');
    expect((await refusal('store', 'SELECT nmae FROM customers')).message).toContain('There is name (in customers)');
    expect((await refusal('gone', 'SELECT 1')).code).toBe('connection-unreachable');
  });

  test('gives back what it took, so that many small ones find room', async () => {
    for (let count = 0; count < 400; count += 1)
      expect((await query('store', 'SELECT id FROM orders ORDER BY placed DESC NULLS LAST LIMIT 1')).rows).toEqual([{ id: 1 }]);
  });

  test('that never ends is stopped, and one that takes too much memory fails', async () => {
    const runaway = 'SELECT count(*) FROM range(10000000) a, range(10000000) b WHERE a.range * b.range % 7 = 3';
    expect((await refusal('figures', runaway, { timeoutMs: 1_500 })).code).toBe('timeout');
    expect((await query('figures', 'SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    expect((await refusal('figures', "SELECT list(repeat('x', 1000) || range) FROM range(10000000)")).code).toBe('sql-too-large');
  });
});

describe('what is refused', () => {
  test.each([
    ...['figures', 'store'].flatMap((connection) =>
      [
        "SELECT * FROM '../secret.csv'",
        "SELECT * FROM read_csv('FOLDER/../secret.csv')",
        "SELECT * FROM read_text('/etc/hostname')",
        "SELECT * FROM read_blob('/etc/hostname')",
        "SELECT * FROM glob('/etc/*')",
        "SELECT * FROM sniff_csv('FOLDER/../secret.csv')",
        "SELECT * FROM 'http://127.0.0.1:9/x.csv'",
        "SELECT getenv('PATH')",
        "COPY (SELECT 1) TO 'FOLDER/visits.csv'",
        "ATTACH ':memory:' AS other",
        "ATTACH 'FOLDER/other.db' AS other",
        'INSTALL httpfs',
        'LOAD httpfs',
        'SET enable_external_access = true',
        "SET memory_limit = '8GB'",
        'RESET lock_configuration',
        'PRAGMA threads = 8',
        'CREATE TABLE t (a INTEGER)',
        'CREATE TEMP TABLE t AS SELECT 1',
        'CREATE MACRO f(a) AS a',
        'DROP VIEW visits',
        "INSERT INTO customers VALUES (3, 'x')",
        'DELETE FROM customers',
        'BEGIN',
        'EXPLAIN ANALYZE SELECT 1',
        'SELECT 1; SELECT 2',
        "SELECT * FROM query('DROP TABLE customers')",
        'CHECKPOINT',
        'SELECT * FROM force_checkpoint()',
        "SELECT write_log('x')",
        "EXPORT DATABASE 'FOLDER'",
      ].map((sql) => [connection, sql] as const),
    ),
  ])('on %s: %s', async (connection, sql) => {
    const failure = await refusal(connection, sql.replaceAll('FOLDER', folder));
    expect(failure).toMatchObject({ retry: 'never' });
    expect(['sql-refused', 'sql-invalid']).toContain(failure.code);
    expect(JSON.stringify(failure)).not.toContain('hush');
  });

  test('also a write', async () => {
    const write = ask(host, 'query', { connection: 'store', sql: 'DELETE FROM orders', parameters: {}, access: 'write' }, { effect: 'write' });
    expect((await failureOf(write)).code).toBe('access-read-only');
    expect((await query('store', 'SELECT count(*) AS n FROM orders')).rows).toEqual([{ n: 2 }]);
  });
});

test('the catalogue tells tables, keys and values', async () => {
  const store = await ask<Catalogue>(host, 'catalogue', { connection: 'store' });
  expect(store.dialect).toBe('duckdb');
  expect(store.tables.map(({ name, rows }) => [name, rows])).toEqual([
    ['customers', 2],
    ['orders', 2],
    ['sales.targets', 0],
  ]);
  expect(store.tables[0]?.columns).toEqual([
    { name: 'id', type: 'INTEGER', nullable: false, primaryKey: true, samples: [1, 2] },
    { name: 'name', type: 'VARCHAR', nullable: false, values: ['Ada', 'Grace'] },
  ]);
  expect(store.tables[1]?.columns[1]).toMatchObject({ name: 'customer', references: 'customers.id', samples: [1, 2] });
  expect(store.tables[1]?.columns[2]).toMatchObject({ name: 'total', samples: [12.5, 7] });
  expect(store.tables[1]?.columns[3]).toMatchObject({ name: 'placed', samples: ['2026-01-02 03:04:05'] });
  const figures = await ask<Catalogue>(host, 'catalogue', { connection: 'figures' });
  expect(figures.tables.map(({ name }) => name)).toEqual(['pages', 'visits']);
});
