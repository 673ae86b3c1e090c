/** A node that is kept to some tables of a MariaDB server: what it may still ask, and every way around that is refused. */
import mysql from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findMariadb, startMariadb, type MariadbServer } from '../../../testing/servers/mariadb-server.ts';
import type { ClosableHost } from '../../host.ts';
import { HostBench } from '../../testing/host-bench.ts';
import { KeptNode } from '../../testing/kept-node.ts';

if (!findMariadb()) process.stderr.write('MariaDB is not installed: the tests of lists of tables on it are skipped.\n');

const schema = `
  CREATE DATABASE shop; CREATE DATABASE sales; USE shop;
  CREATE TABLE secrets (id int PRIMARY KEY, word text);
  CREATE TABLE 2fa (word text);
  CREATE TABLE \`ärger\` (word text);
  CREATE TABLE \`odd name\` (n int);
  CREATE TABLE orders (id int PRIMARY KEY, secret int, total int, FOREIGN KEY (secret) REFERENCES secrets (id));
  CREATE TABLE sales.targets (goal int); CREATE TABLE sales.hidden (word text);
  CREATE VIEW words AS SELECT word FROM secrets;
  CREATE VIEW totals AS SELECT CAST(sum(total) AS int) AS total, (SELECT count(*) FROM secrets) AS known FROM orders;
  CREATE FUNCTION peek() RETURNS text READS SQL DATA RETURN (SELECT word FROM secrets LIMIT 1);
  CREATE FUNCTION sales.peek2() RETURNS text READS SQL DATA RETURN (SELECT word FROM shop.secrets LIMIT 1);
  INSERT INTO secrets VALUES (1, 'hush'); INSERT INTO 2fa VALUES ('hush'); INSERT INTO \`odd name\` VALUES (3);
  INSERT INTO orders VALUES (1, 1, 20), (2, 1, 5); INSERT INTO sales.targets VALUES (9); INSERT INTO sales.hidden VALUES ('hush');
`;
const tables = ['orders', 'sales.targets', 'totals', 'odd name'];

describe.skipIf(!findMariadb())('MariaDB', () => {
  const bench = new HostBench();
  let server: MariadbServer;
  let host: ClosableHost;
  let node: KeptNode;

  beforeAll(async () => {
    server = await startMariadb();
    const admin = await mysql.createConnection({ host: '127.0.0.1', port: server.port, user: 'root', multipleStatements: true });
    await admin.query(schema);
    await admin.end();
    bench.connections.shop = { type: 'mysql', url: `mysql://127.0.0.1:${server.port}/shop`, username: 'root' };
    bench.connections.all = { type: 'mysql', url: `mysql://127.0.0.1:${server.port}`, username: 'root' };
    host = await bench.host();
    node = new KeptNode(host, 'shop', tables);
  }, 60_000);
  afterAll(async () => {
    await bench.close();
    await server?.stop();
  });

  test.each([
    ['SELECT count(*) AS n FROM orders WHERE id > :least', [{ n: 1 }]],
    ['SELECT count(*) AS n FROM `shop`.`orders` o, sales . targets t WHERE t.goal > :least', [{ n: 2 }]],
    ['WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 3) SELECT count(*) AS n FROM c WHERE x >= :least', [{ n: 3 }]],
    ['SELECT total, known FROM totals WHERE known >= :least', [{ total: 25, known: 1 }]],
    ['SELECT n FROM `odd name` WHERE n > :least', [{ n: 3 }]],
    ['SELECT 1.5 AS a, .5 AS b, 1e2 AS c, 0x41 AS d, 2e-1 AS e FROM orders WHERE id = :least', [{ a: 1.5, b: 0.5, c: 100, d: { base64: 'QQ==' }, e: 0.2 }]],
    ["SELECT 'secrets' AS word /* FROM secrets */ FROM orders WHERE id = :least", [{ word: 'secrets' }]],
  ])('reads its own: %s', async (sql, rows) => {
    expect((await node.query(sql, { least: 1 })).rows).toEqual(rows);
  });

  describe('refused', () => {
    test.each([
      'SELECT word FROM secrets',
      'SELECT word FROM `secrets`',
      'SELECT word FROM shop.secrets',
      'SELECT word FROM shop . `SECRETS`',
      'SELECT word FROM .secrets',
      'SELECT word FROM/**/secrets -- orders',
      'SELECT word FROM secrets# orders',
      'SELECT word FROM{oj secrets}',
      'SELECT word FROM 2fa',
      'SELECT word FROM shop.2fa',
      'SELECT word FROM `2fa`',
      'SELECT word FROM ärger',
      'SELECT word FROM arger',
      'TABLE secrets',
      'SELECT 1 FROM orders LEFT JOIN secrets ON secrets.id = secret',
      'SELECT 1 FROM orders STRAIGHT_JOIN secrets',
      'SELECT (SELECT word FROM secrets)',
      'SELECT 1 FROM orders WHERE EXISTS (SELECT 1 FROM secrets)',
      'SELECT id FROM orders ORDER BY (SELECT word FROM secrets)',
      "SELECT 'x' UNION ALL SELECT word FROM secrets",
      'WITH orders AS (SELECT * FROM secrets) SELECT * FROM orders',
      'WITH secrets AS (SELECT 1 AS word) SELECT * FROM shop.secrets',
      'SELECT total, (SELECT word FROM secrets) FROM totals',
      'SELECT word FROM words',
      'SELECT word FROM sales.hidden',
      'SELECT word FROM `sales` . `hidden`',
      'SELECT t.goal, h.word FROM sales.targets t, sales.hidden h',
      'SELECT table_name FROM information_schema.tables',
      'SELECT table_name FROM INFORMATION_SCHEMA . TABLES',
      'SELECT user FROM mysql.user',
      'SELECT * FROM performance_schema.threads',
      'SELECT peek()',
      'SELECT shop.peek()',
      'SELECT `peek` ()',
      'SELECT sales.peek2()',
      'SELECT 1 /*!50000 UNION SELECT word FROM secrets */ LIMIT 9',
      'SELECT 1 /*M! UNION SELECT word FROM secrets */ LIMIT 9',
      // A column that is called like a table that is withheld: no server tells which of both it is.
      'SELECT total AS words FROM orders',
    ])('%s', async (sql) => {
      await node.expectRefused(sql);
    });

    test('also where the address names no database', async () => {
      const all = new KeptNode(host, 'all', ['shop.orders', 'sales.targets']);
      expect((await all.query('SELECT count(*) AS n FROM shop.orders, sales.targets')).rows).toEqual([{ n: 2 }]);
      for (const sql of ['SELECT word FROM shop.secrets', 'SELECT * FROM sales.hidden', 'SELECT * FROM information_schema.tables'])
        await all.expectRefused(sql);
    });

    test.each([
      'DELETE FROM secrets',
      'INSERT INTO secrets VALUES (2, NULL)',
      'INSERT INTO orders (id) SELECT id + 10 FROM secrets',
      'UPDATE orders, secrets SET orders.total = 1',
      'DELETE orders FROM orders JOIN secrets',
      "UPDATE orders SET total = 1 WHERE (SELECT word FROM secrets) = 'hush'",
    ])('a write: %s', async (sql) => {
      await node.expectWriteRefused(sql);
      expect((await node.query('SELECT total, known FROM totals')).rows).toEqual([{ total: 25, known: 1 }]);
    });

    test('a wrong name is not answered with what is withheld', async () => {
      await node.expectNoHint('SELECT * FROM secretz');
    });
  });

  test('a write of its own is made', async () => {
    expect((await node.write('UPDATE orders SET total = total + 1 - 1 WHERE id = 1')).affected).toBe(1);
  });

  test('the catalogue tells no others, nor what refers to them', async () => {
    await node.expectCatalogue(['odd name', 'orders', 'totals']);
  });
});
