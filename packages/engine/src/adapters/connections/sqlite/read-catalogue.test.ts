/** What a catalogue tells of a real database. */
import type { Catalogue } from '@switchyard/shared';
import { afterEach, expect, test } from 'vitest';
import { ask, HostBench } from '../../testing/host-bench.ts';

let bench = new HostBench();
afterEach(async () => {
  await bench.close();
  bench = new HostBench();
});

async function catalogueOf(sql: string): Promise<Catalogue> {
  await bench.database('shop', sql);
  return ask<Catalogue>(await bench.host(), 'catalogue', { connection: 'shop' });
}

test('tables, views, columns, keys, counts and known values', async () => {
  const catalogue = await catalogueOf(`
    CREATE TABLE customers (id INTEGER PRIMARY KEY, name VARCHAR(40) NOT NULL);
    CREATE TABLE orders (id INTEGER PRIMARY KEY, customer INTEGER NOT NULL REFERENCES customers, status TEXT, total REAL, doubled REAL AS (total * 2));
    CREATE TABLE lines (order_id INTEGER, line INTEGER, "odd ""name" TEXT, PRIMARY KEY (order_id, line), FOREIGN KEY (order_id) REFERENCES orders(id)) WITHOUT ROWID;
    CREATE VIEW open_orders AS SELECT id FROM orders WHERE status = 'open';
    CREATE VIEW broken AS SELECT * FROM customers;
    CREATE VIRTUAL TABLE notes USING fts5(body);
    INSERT INTO customers VALUES (1, 'Ada'), (2, 'Grace');
    INSERT INTO orders (id, customer, status, total) VALUES (1, 1, 'open', 2), (2, 1, 'done', 3), (3, 2, NULL, 4);
  `);
  expect(catalogue).toEqual({
    dialect: 'sqlite',
    tables: [
      {
        name: 'broken',
        rows: 2,
        columns: [
          { name: 'id', type: 'INTEGER', nullable: true, samples: [1, 2] },
          { name: 'name', type: 'VARCHAR(40)', nullable: true, values: ['Ada', 'Grace'] },
        ],
      },
      {
        name: 'customers',
        rows: 2,
        columns: [
          { name: 'id', type: 'INTEGER', nullable: false, primaryKey: true, samples: [1, 2] },
          { name: 'name', type: 'VARCHAR(40)', nullable: false, values: ['Ada', 'Grace'] },
        ],
      },
      {
        name: 'lines',
        rows: 0,
        columns: [
          { name: 'order_id', type: 'INTEGER', nullable: false, primaryKey: true, references: 'orders.id' },
          { name: 'line', type: 'INTEGER', nullable: false, primaryKey: true },
          { name: 'odd "name', type: 'TEXT', nullable: true },
        ],
      },
      { name: 'notes', rows: 0, columns: [{ name: 'body', type: '', nullable: true }] },
      { name: 'open_orders', rows: 1, columns: [{ name: 'id', type: 'INTEGER', nullable: true, samples: [1] }] },
      {
        name: 'orders',
        rows: 3,
        columns: [
          { name: 'id', type: 'INTEGER', nullable: false, primaryKey: true, samples: [1, 2, 3] },
          { name: 'customer', type: 'INTEGER', nullable: false, references: 'customers.id', samples: [1, 2] },
          { name: 'status', type: 'TEXT', nullable: true, values: ['done', 'open'] },
          { name: 'total', type: 'REAL', nullable: true, samples: [2, 3, 4] },
          { name: 'doubled', type: 'REAL', nullable: true, samples: [4, 6, 8] },
        ],
      },
    ],
  });
});

test('of columns with many values three show how they are written', async () => {
  const { tables } = await catalogueOf(`
    CREATE TABLE t (day TEXT, code VARCHAR(10) PRIMARY KEY, at DATETIME, amount NUMERIC, raw BLOB, odd INTEGER);
    WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 200)
    INSERT INTO t SELECT date('2026-01-01', x || ' days'), printf('DE-%04d', x), 1767225600 + x, x * 1.5, x'FF', iif(x = 1, 'none', x) FROM c;
  `);
  expect(Object.fromEntries((tables[0]?.columns ?? []).map(({ name, samples }) => [name, samples]))).toEqual({
    day: ['2026-01-02', '2026-01-03', '2026-01-04'],
    code: ['DE-0001', 'DE-0002', 'DE-0003'],
    at: ['1767225601', '1767225602', '1767225603'],
    amount: [1.5, 3, 4.5],
    raw: undefined,
    odd: ['none', 2, 3],
  });
});

test('a table of a million rows says that it has at least as many', async () => {
  const { tables } = await catalogueOf(`
    CREATE TABLE t (x INTEGER);
    WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 1000001) INSERT INTO t SELECT x FROM c;
    CREATE TABLE u (x INTEGER);
  `);
  expect(tables.map(({ name, rows, rowsAre }) => [name, rows, rowsAre])).toEqual([
    ['t', 1_000_000, 'at least'],
    ['u', 0, undefined],
  ]);
});

test('values are told where they are few and short, twelve at most', async () => {
  const rows = (count: number) => `WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < ${count}) SELECT`;
  const { tables } = await catalogueOf(`
    CREATE TABLE t (few TEXT, many TEXT, long TEXT, number INTEGER);
    INSERT INTO t ${rows(200)} 'f' || (x % 20), 'm' || x, printf('%.*c', 100, 'x'), x % 3 FROM c;
  `);
  const values = Object.fromEntries((tables[0]?.columns ?? []).map((column) => [column.name, column.values]));
  expect(values.few).toHaveLength(12);
  expect(values).toMatchObject({ many: undefined, long: undefined, number: undefined });
});

test('an empty database has no tables', async () => {
  expect(await catalogueOf('')).toEqual({ dialect: 'sqlite', tables: [] });
});

test('a table that cannot be read keeps the others readable', async () => {
  const { tables } = await catalogueOf('CREATE TABLE a (x); CREATE VIEW gone AS SELECT x FROM a; CREATE TABLE b (y); INSERT INTO b VALUES (1); DROP TABLE a');
  expect(tables.map(({ name, rows }) => [name, rows])).toEqual([
    ['b', 1],
    ['gone', undefined],
  ]);
});
