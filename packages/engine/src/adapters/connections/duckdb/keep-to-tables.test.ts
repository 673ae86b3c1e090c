/** A node that is kept to some tables of a DuckDB file or of a folder of files: what it may still ask, and every way around that is refused. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { HostBench } from '../../testing/host-bench.ts';
import { KeptNode } from '../../testing/kept-node.ts';

const bench = new HostBench();
let nodes: Record<'store' | 'figures', KeptNode>;
let folder: string;

beforeAll(async () => {
  const directory = await bench.directory();
  folder = join(directory, 'figures');
  await mkdir(folder);
  await writeFile(join(folder, 'visits.csv'), 'day,visits\n2026-01-02,10\n');
  await writeFile(join(folder, 'secrets.csv'), 'word\nhush\n');
  const instance = await DuckDBInstance.create(join(directory, 'store.duckdb'));
  const connection = await instance.connect();
  await connection.run(`
    CREATE TABLE secrets (id INTEGER PRIMARY KEY, word VARCHAR);
    CREATE TABLE orders (id INTEGER PRIMARY KEY, secret INTEGER REFERENCES secrets (id), total INTEGER);
    CREATE SCHEMA sales; CREATE TABLE sales.targets (goal INTEGER); CREATE TABLE sales.orders (word VARCHAR);
    CREATE VIEW totals AS SELECT sum(total) AS total, (SELECT count(*) FROM secrets) AS words FROM orders;
    CREATE VIEW words AS SELECT word FROM secrets;
    CREATE MACRO peek() AS (SELECT word FROM secrets LIMIT 1);
    CREATE MACRO peeks() AS TABLE SELECT word FROM secrets;
    INSERT INTO secrets VALUES (1, 'hush'); INSERT INTO orders VALUES (1, 1, 20), (2, 1, 5); INSERT INTO sales.targets VALUES (9); INSERT INTO sales.orders VALUES ('hush');`);
  connection.closeSync();
  instance.closeSync();
  bench.connections.store = { type: 'duckdb', url: 'store.duckdb' };
  bench.connections.figures = { type: 'duckdb', url: 'figures' };
  const host = await bench.host();
  nodes = { store: new KeptNode(host, 'store', ['main.orders', 'sales.targets', 'Totals']), figures: new KeptNode(host, 'figures', ['visits']) };
});
afterAll(() => bench.close());

test.each([
  ['SELECT count(*) AS n FROM orders WHERE id > :least', [{ n: 1 }]],
  ['SELECT count(*)::INT AS n FROM main."ORDERS", sales.targets WHERE goal >= :least', [{ n: 2 }]],
  ['WITH big AS (SELECT * FROM orders WHERE total > :least), big2 AS (FROM big) SELECT count(*) AS n FROM big2', [{ n: 2 }]],
  ['WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 3) SELECT count(*) AS n FROM c WHERE x >= :least', [{ n: 3 }]],
  // A view of the list is read with what it reads itself.
  ['SELECT total::INT AS n FROM totals WHERE words >= :least', [{ n: 25 }]],
  ['SELECT count(*) AS n FROM range(5) WHERE range >= :least', [{ n: 4 }]],
  ['SELECT * FROM (PIVOT (SELECT id, total FROM orders WHERE total > :least) ON id IN (1, 2) USING first(total))', [{ 1: 20, 2: 5 }]],
])('reads its own: %s', async (sql, rows) => {
  expect((await nodes.store.query(sql, { least: 1 })).rows).toEqual(rows);
});

test('reads its own file of a folder', async () => {
  expect((await nodes.figures.query('SELECT visits FROM visits')).rows).toEqual([{ visits: 10 }]);
});

test.each(
  (['store', 'figures'] as const)
    .flatMap((connection) =>
      [
        'SELECT word FROM secrets',
        'FROM secrets',
        'TABLE secrets',
        'SELECT word FROM "SECRETS"',
        'SELECT word FROM main.secrets',
        'SELECT word FROM store.main.secrets',
        'SELECT word FROM memory.main.secrets',
        'SELECT word FROM/**/secrets -- orders',
        'SELECT word FROM sales.orders',
        'SELECT 1 FROM range(1) LEFT JOIN secrets ON true',
        'SELECT (SELECT word FROM secrets)',
        'SELECT 1 WHERE EXISTS (FROM secrets)',
        'SELECT 1 ORDER BY (SELECT word FROM secrets)',
        'SELECT ARRAY(SELECT word FROM secrets)',
        "SELECT 'x' UNION ALL SELECT word FROM secrets",
        'SELECT 1 FROM range(1), LATERAL (SELECT word FROM secrets)',
        'SELECT * FROM (PIVOT secrets ON word IN (1) USING count(*))',
        'UNPIVOT secrets ON word INTO NAME a VALUE b',
        'WITH orders AS (SELECT word FROM secrets), visits AS (SELECT word FROM secrets) SELECT * FROM orders, visits',
        'WITH secrets AS (SELECT 1 AS word) SELECT * FROM secrets',
        'SELECT word FROM secrets, (WITH secrets AS (SELECT 1) SELECT * FROM secrets)',
        'WITH "FOLDER/secrets.csv" AS (SELECT 1) SELECT 1',
        'SELECT word FROM words',
        'SELECT * FROM peeks()',
        "SELECT * FROM query('SELECT word FROM secrets')",
        "SELECT * FROM query_table('secrets')",
        "SELECT * FROM 'FOLDER/secrets.csv'",
        "SELECT * FROM read_csv('FOLDER/secrets.csv')",
        "SELECT * FROM read_text('FOLDER/secrets.csv')",
        "SELECT * FROM sniff_csv('FOLDER/secrets.csv')",
        "SELECT * FROM json_execute_serialized_sql(json_serialize_sql('SELECT word FROM secrets'))",
        "SELECT json_serialize_plan('SELECT word FROM secrets')",
        'DESCRIBE secrets',
        'SUMMARIZE secrets',
        'SHOW TABLES',
        'SELECT * FROM (DESCRIBE secrets)',
        'SELECT * FROM (SHOW ALL TABLES)',
        'SELECT * FROM duckdb_tables()',
        'SELECT * FROM duckdb_tables',
        'SELECT * FROM information_schema.tables',
        'SELECT * FROM pg_catalog.pg_class',
        'SELECT * FROM pg_tables',
        'SELECT * FROM sqlite_master',
        "SELECT * FROM pragma_table_info('secrets')",
        "SELECT * FROM pragma_storage_info('secrets')",
      ].map((sql) => [connection, sql] as const),
    )
    .concat([
      ['store', 'SELECT peek()'],
      ['store', 'SELECT main.PEEK()'],
      ['store', 'SELECT id FROM orders WHERE id > (SELECT length(peek()))'],
    ]),
)('on %s is refused: %s', async (connection, sql) => {
  await nodes[connection].expectRefused(sql.replaceAll('FOLDER', folder));
});

test('a wrong name is not answered with what is withheld', async () => {
  await nodes.store.expectNoHint('SELECT secretz FROM orders');
});

test('the catalogue tells no others, nor what refers to them', async () => {
  await nodes.store.expectCatalogue(['orders', 'totals', 'sales.targets']);
});
