/** A node that is kept to some tables of a SQLite file: what it may still ask, and every way around that is refused. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ClosableHost } from '../../host.ts';
import { failureOf, HostBench } from '../../testing/host-bench.ts';
import { KeptNode } from '../../testing/kept-node.ts';

const schema = `
  CREATE TABLE secrets (id INTEGER PRIMARY KEY, word TEXT);
  CREATE TABLE orders (id INTEGER PRIMARY KEY, secret INTEGER REFERENCES secrets, total REAL);
  CREATE TABLE lines (order_id INTEGER REFERENCES orders, amount INTEGER);
  CREATE TABLE log (id INTEGER, note TEXT);
  CREATE VIEW totals AS SELECT sum(total) AS total FROM orders;
  CREATE VIEW words AS SELECT word FROM secrets;
  CREATE VIRTUAL TABLE notes USING fts5(body);
  CREATE VIRTUAL TABLE hidden USING fts5(body);
  CREATE TRIGGER watched AFTER DELETE ON lines BEGIN INSERT INTO log VALUES (old.order_id, 'gone'); END;
  INSERT INTO secrets VALUES (1, 'hush');
  INSERT INTO orders VALUES (1, 1, 20), (2, 1, 5);
  INSERT INTO lines VALUES (1, 3);
  INSERT INTO notes VALUES ('a word about orders');
  INSERT INTO hidden VALUES ('hush');
`;
const tables = ['orders', 'LINES', 'main.totals', 'notes', 'words'];

const bench = new HostBench();
let host: ClosableHost;
let node: KeptNode;
beforeAll(async () => {
  await bench.database('shop', schema);
  host = await bench.host();
  node = new KeptNode(host, 'shop', tables);
});
afterAll(() => bench.close());

test.each([
  ['SELECT count(*) AS n FROM orders', [{ n: 2 }]],
  ['SELECT count(*) AS n FROM main."ORDERS" o JOIN lines l ON l.order_id = o.id', [{ n: 1 }]],
  ['WITH secrets AS (SELECT id FROM orders) SELECT count(*) AS n FROM secrets', [{ n: 2 }]],
  ['WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 3) SELECT count(*) AS n FROM c', [{ n: 3 }]],
  ['WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT o.id FROM c, orders o LIMIT 4) SELECT count(*) AS n FROM c', [{ n: 4 }]],
  ['SELECT total FROM totals', [{ total: 25 }]],
  ["SELECT count(*) AS n FROM notes WHERE notes MATCH 'word'", [{ n: 1 }]],
  ["SELECT value AS n FROM json_each('[4]')", [{ n: 4 }]],
  ["SELECT 'secrets' AS word /* FROM secrets */", [{ word: 'secrets' }]],
])('reads its own: %s', async (sql, rows) => {
  expect((await node.query(sql)).rows).toEqual(rows);
});

describe('refused', () => {
  test.each([
    'SELECT word FROM secrets',
    'SELECT word FROM "secrets"',
    'SELECT word FROM [secrets]',
    'SELECT word FROM `SECRETS`',
    'SELECT word FROM main.secrets',
    'SELECT word FROM/**/secrets',
    'SELECT count(*) FROM secrets',
    'SELECT rowid FROM secrets',
    'SELECT 1 FROM secrets',
    'SELECT o.id, s.word FROM orders o, secrets s',
    'SELECT o.id FROM orders o LEFT JOIN secrets s ON s.id = o.secret',
    'SELECT (SELECT word FROM secrets) AS word',
    'SELECT id FROM orders WHERE EXISTS (SELECT 1 FROM secrets)',
    'SELECT id FROM orders WHERE 1 IN secrets',
    'SELECT id FROM orders ORDER BY (SELECT word FROM secrets)',
    'SELECT id FROM orders UNION SELECT word FROM secrets',
    // A view is not told apart from a WITH of its name, so what it reads has to be in the list too.
    'SELECT word FROM words',
    'SELECT count(*) FROM words',
    'WITH words AS (SELECT word FROM secrets) SELECT * FROM words',
    'WITH totals AS (SELECT word AS total FROM secrets) SELECT * FROM totals',
    'WITH orders AS (SELECT * FROM secrets) SELECT * FROM orders',
    'WITH secrets AS (SELECT 1 AS word) SELECT * FROM main.secrets',
    'WITH RECURSIVE secrets(x) AS (SELECT 1 UNION ALL SELECT word FROM main.secrets, secrets LIMIT 4) SELECT * FROM secrets',
    'SELECT 1 FROM sqlite_master',
    'SELECT 1 FROM dbstat',
    'SELECT count(*) FROM pragma_table_list',
    'SELECT * FROM sqlite_master',
    'SELECT * FROM sqlite_schema',
    'SELECT * FROM main.sqlite_master',
    'SELECT * FROM sqlite_temp_master',
    "SELECT * FROM pragma_table_info('secrets')",
    'SELECT * FROM pragma_table_list',
    'SELECT * FROM hidden',
    'SELECT * FROM hidden_content',
    'SELECT * FROM hidden_data',
    'SELECT * FROM dbstat',
  ])('%s', async (sql) => {
    await node.expectRefused(sql);
  });

  test('and said which table it was, and which there are', async () => {
    expect((await failureOf(new KeptNode(host, 'shop', ['orders', 'lines']).query('SELECT word FROM secrets'))).message).toBe(
      'The query on connection "shop" failed: it uses secrets, which is not among the tables of the node. It may use orders, lines.',
    );
  });

  test('a wrong name is not answered with what is withheld', async () => {
    const orders = new KeptNode(host, 'shop', ['orders']);
    await orders.expectNoHint('SELECT * FROM secretz');
    expect((await failureOf(orders.query('SELECT * FROM ordrs'))).message).toContain('There is orders');
  });

  test.each([
    "INSERT INTO log VALUES (1, 'x')",
    'DELETE FROM secrets',
    "UPDATE orders SET total = 1 WHERE (SELECT word FROM secrets) = 'hush'",
    'INSERT INTO orders (id) SELECT id + 10 FROM secrets',
    // Its trigger writes into what is not listed.
    'DELETE FROM lines',
    // Whether the secret is there would have to be looked up.
    'UPDATE orders SET secret = 1',
    'UPDATE orders SET total = 1 RETURNING (SELECT word FROM secrets)',
  ])('a write: %s', async (sql) => {
    await node.expectWriteRefused(sql);
    expect((await node.query('SELECT sum(total) AS total, (SELECT count(*) FROM lines) AS lines FROM orders')).rows).toEqual([{ total: 25, lines: 1 }]);
  });
});

test('a write of its own is made, and the next query without a list sees all', async () => {
  expect((await node.write('UPDATE orders SET total = total + 0 WHERE id = 1')).affected).toBe(1);
  expect((await new KeptNode(host, 'shop').query('SELECT word FROM secrets')).rows).toEqual([{ word: 'hush' }]);
});

test('the catalogue tells no others, nor what refers to them', async () => {
  const catalogue = await node.expectCatalogue(['lines', 'notes', 'orders', 'totals', 'words'], /secrets|log"/);
  expect(catalogue.tables[0]?.columns[0]).toMatchObject({ references: 'orders.id' });
});
