/** A node that is kept to some tables of a PostgreSQL database: what it may still ask, and every way around that is refused. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findPostgres, startPostgres, type PostgresServer } from '../../../testing/servers/postgres-server.ts';
import type { ClosableHost } from '../../host.ts';
import { HostBench } from '../../testing/host-bench.ts';
import { KeptNode } from '../../testing/kept-node.ts';

if (!findPostgres()) process.stderr.write('PostgreSQL is not installed: the tests of lists of tables on it are skipped.\n');

const longName = 'e'.repeat(63);
const schema = `
  CREATE TABLE secrets (id int PRIMARY KEY, word text);
  CREATE TABLE "Ärger" (word text);
  CREATE TABLE ${longName} (word text);
  CREATE TABLE orders (id int PRIMARY KEY, secret int REFERENCES secrets, total int);
  CREATE TABLE parts (id int, word text) PARTITION BY LIST (id);
  CREATE TABLE parts_one PARTITION OF parts FOR VALUES IN (1);
  CREATE SCHEMA sales; CREATE TABLE sales.targets (goal int); CREATE TABLE sales.orders (word text);
  CREATE VIEW words AS SELECT word FROM secrets;
  CREATE VIEW totals AS SELECT sum(total)::int AS total, (SELECT count(*)::int FROM words) + (SELECT count(*)::int FROM "Ärger") + (SELECT count(*)::int FROM ${longName}) AS known FROM orders;
  CREATE SEQUENCE numbers;
  CREATE FUNCTION peek() RETURNS text STABLE LANGUAGE sql AS 'SELECT word FROM secrets LIMIT 1';
  CREATE FUNCTION of_row(orders) RETURNS text STABLE LANGUAGE sql AS 'SELECT word FROM secrets LIMIT 1';
  CREATE FUNCTION of_any(anyelement) RETURNS text STABLE LANGUAGE sql AS 'SELECT word FROM secrets LIMIT 1';
  CREATE FUNCTION peeks(text) RETURNS SETOF text STABLE LANGUAGE plpgsql AS 'BEGIN RETURN QUERY EXECUTE $1; END';
  INSERT INTO secrets VALUES (1, 'hush'); INSERT INTO orders VALUES (1, 1, 20), (2, 1, 5); INSERT INTO sales.targets VALUES (9);
  INSERT INTO sales.orders VALUES ('hush'); INSERT INTO parts VALUES (1, 'a');
`;
const tables = ['public.orders', 'sales.targets', 'totals', 'parts', 'never.there'];

describe.skipIf(!findPostgres())('PostgreSQL', () => {
  const bench = new HostBench();
  let server: PostgresServer;
  let host: ClosableHost;
  let node: KeptNode;

  beforeAll(async () => {
    server = await startPostgres();
    const given = new URL(await server.createDatabase());
    const admin = await server.connect(given.href);
    await admin.query(schema);
    await admin.end();
    bench.connections.shop = { type: 'postgres', url: `postgres://${given.host}${given.pathname}`, username: 'switchyard' };
    host = await bench.host();
    node = new KeptNode(host, 'shop', tables);
  }, 60_000);
  afterAll(async () => {
    await bench.close();
    await server?.stop();
  });

  test.each([
    ['SELECT count(*)::int AS n FROM orders WHERE id > :least', [{ n: 1 }]],
    ['SELECT count(*)::int AS n FROM "orders" o, sales.targets WHERE goal > :least', [{ n: 2 }]],
    ['WITH secrets AS (SELECT id FROM orders) SELECT count(*)::int AS n FROM secrets WHERE id >= :least', [{ n: 2 }]],
    ['WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 3) SELECT count(*)::int AS n FROM c WHERE x >= :least', [{ n: 3 }]],
    // A view of the list is read with what it reads itself, and that alone is not.
    ['SELECT total, known FROM totals WHERE known >= :least', [{ total: 25, known: 1 }]],
    ['SELECT count(*)::int AS n FROM parts WHERE id = :least', [{ n: 1 }]],
    ['SELECT sum(n)::int AS n FROM generate_series(1, 3) AS n WHERE n > :least', [{ n: 5 }]],
    ["SELECT 'secrets' AS word /* FROM secrets */ WHERE 1 = :least", [{ word: 'secrets' }]],
    ['TABLE sales.targets', [{ goal: 9 }]],
  ])('reads its own: %s', async (sql, rows) => {
    expect((await node.query(sql, sql.includes(':least') ? { least: 1 } : {})).rows).toEqual(rows);
  });

  describe('refused', () => {
    test.each([
      'SELECT word FROM secrets',
      'SELECT word FROM "secrets"',
      'SELECT word FROM public.secrets',
      'SELECT word FROM public . "secrets"',
      'SELECT word FROM ONLY secrets',
      'TABLE secrets',
      'SELECT word FROM/**/SECRETS -- orders',
      'SELECT word FROM sales.orders',
      'SELECT 1 FROM orders LEFT JOIN secrets ON secrets.id = secret',
      'SELECT (SELECT word FROM secrets)',
      'SELECT 1 FROM orders WHERE EXISTS (SELECT FROM secrets)',
      'SELECT 1 FROM orders WHERE false AND EXISTS (SELECT FROM secrets)',
      'SELECT id FROM orders ORDER BY (SELECT word FROM secrets)',
      'SELECT ARRAY(SELECT word FROM secrets)',
      "SELECT 'x' UNION ALL SELECT word FROM secrets",
      'SELECT 1 FROM orders, LATERAL (SELECT word FROM secrets) s',
      'WITH orders AS (SELECT * FROM secrets) SELECT * FROM orders',
      'WITH totals AS (SELECT word FROM secrets) SELECT * FROM totals',
      'WITH secrets AS (SELECT 1) SELECT * FROM public.secrets',
      // What a view of the list reads is not the node's to read by itself.
      'SELECT total, (SELECT word FROM secrets) FROM totals',
      'SELECT total, (SELECT word FROM words) FROM totals',
      'SELECT total, (SELECT word FROM "Ärger") FROM totals',
      `SELECT total, (SELECT word FROM ${longName}f) FROM totals`,
      'SELECT word FROM words',
      'SELECT word FROM parts_one',
      'SELECT last_value FROM numbers',
      'SELECT * FROM pg_class',
      'SELECT * FROM pg_catalog.pg_class',
      'SELECT * FROM pg_stats',
      'SELECT * FROM pg_locks',
      'SELECT * FROM information_schema.tables',
      'SELECT peek()',
      'SELECT public.peek()',
      'SELECT "peek"()',
      'SELECT o.of_row FROM orders o',
      'SELECT (o)."of_row" FROM orders o',
      'SELECT (orders) . of_any FROM orders',
      'SELECT * FROM ROWS FROM (peek())',
      "SELECT * FROM peeks('SELECT word FROM secrets')",
      "SELECT table_to_xml('secrets', true, true, '')",
      "SELECT schema_to_xml('public', true, true, '')",
      "SELECT database_to_xml(true, true, '')",
      "SELECT query_to_xml('SELECT word FROM secrets', true, true, '')",
      "SELECT pg_get_viewdef('words')",
      "SELECT pg_relation_size('secrets')",
      "SELECT has_table_privilege('secrets', 'SELECT')",
      "SELECT 'secrets'::regclass",
      'SELECT CAST(\'secrets\' AS pg_catalog."regclass")',
      "SELECT to_regclass('secrets')",
    ])('%s', async (sql) => {
      await node.expectRefused(sql);
    });

    test.each([
      'DELETE FROM secrets',
      'INSERT INTO secrets VALUES (2, NULL)',
      'INSERT INTO orders (id) SELECT id + 10 FROM secrets',
      'UPDATE orders SET total = 1 FROM secrets',
      'DELETE FROM orders USING secrets',
      'WITH gone AS (DELETE FROM secrets RETURNING id) UPDATE orders SET total = 1 FROM gone',
      'UPDATE orders SET total = 1 RETURNING (SELECT word FROM secrets)',
    ])('a write: %s', async (sql) => {
      await node.expectWriteRefused(sql);
      expect((await node.query('SELECT total, known FROM totals')).rows).toEqual([{ total: 25, known: 1 }]);
    });

    test('and an error of the statement tells nothing of what is withheld', async () => {
      await node.expectRefused('SELECT CAST((SELECT word FROM secrets) AS int) FROM orders');
      await node.expectNoHint('SELECT * FROM secretz');
    });

    test('no function of the server reads a table by a name or a query that it is given', async () => {
      // What may be called, of those that take a name of a table or whose result is whole tables.
      const { rows } = await new KeptNode(host, 'shop').query(
        `SELECT DISTINCT proname AS name FROM pg_proc WHERE provolatile <> 'v' AND pronamespace = 'pg_catalog'::regnamespace
          AND ('regclass'::regtype = ANY (proargtypes) OR proname LIKE '%to_xml%')`,
      );
      expect(rows.length).toBeGreaterThan(5);
      for (const { name } of rows) await node.expectRefused(`SELECT ${String(name)}('secrets')`);
    });
  });

  test('a write of its own is made', async () => {
    expect((await node.write('UPDATE orders SET total = total + 0 WHERE id = 1')).affected).toBe(1);
  });

  test('the catalogue tells no others, nor what refers to them', async () => {
    await node.expectCatalogue(['orders', 'parts', 'totals', 'sales.targets']);
  });
});
