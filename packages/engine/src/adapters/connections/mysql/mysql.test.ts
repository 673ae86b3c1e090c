/** MariaDB on a real server: what may be asked, what comes back, what is refused with the data unchanged, and what trouble looks like. */
import type { Catalogue, JsonObject, QueryResult } from '@switchyard/shared';
import fc from 'fast-check';
import mysql from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findMariadb, startMariadb, type MariadbServer } from '../../../testing/servers/mariadb-server.ts';
import type { ClosableHost } from '../../host.ts';
import { ask, failureOf, HostBench, type AskOptions } from '../../testing/host-bench.ts';

if (!findMariadb()) process.stderr.write('MariaDB is not installed: the tests of its connections are skipped.\n');

const schema = `
  CREATE DATABASE shop; USE shop;
  CREATE TABLE customers (id int PRIMARY KEY, name varchar(40) NOT NULL);
  CREATE TABLE orders (id bigint PRIMARY KEY, customer int NOT NULL, status varchar(20), total decimal(12,2), note blob, day date, at datetime, FOREIGN KEY (customer) REFERENCES customers (id)) COMMENT 'What was bought';
  CREATE VIEW open_orders AS SELECT * FROM orders WHERE status = 'open';
  CREATE SEQUENCE numbers;
  INSERT INTO customers VALUES (1, 'Ada'), (2, 'Grace');
  INSERT INTO orders VALUES (1, 1, 'open', 20.50, x'0102', '2025-02-03', '2025-02-03 04:05:06'), (2, 1, 'done', 30, NULL, NULL, NULL), (9007199254740993, 2, 'open', 123456789.25, NULL, NULL, NULL);
  CREATE USER reader@'127.0.0.1' IDENTIFIED BY 'a-password'; GRANT SELECT ON shop.customers TO reader@'127.0.0.1';
  CREATE FUNCTION writes() RETURNS int MODIFIES SQL DATA BEGIN DELETE FROM orders; RETURN 1; END;
  CREATE PROCEDURE empties() DELETE FROM orders;
`;

describe.skipIf(!findMariadb())('MariaDB', () => {
  const bench = new HostBench();
  let server: MariadbServer;
  let admin: mysql.Connection;
  let host: ClosableHost;

  beforeAll(async () => {
    server = await startMariadb();
    admin = await mysql.createConnection({ host: '127.0.0.1', port: server.port, user: 'root', multipleStatements: true, supportBigNumbers: true });
    await admin.query(schema);
    bench.connections.shop = { type: 'mysql', url: `mysql://127.0.0.1:${server.port}/shop`, username: 'root' };
    host = await bench.host();
  }, 60_000);
  afterAll(async () => {
    await bench.close();
    await admin?.end();
    await server?.stop();
  });

  const query = (sql: string, parameters: JsonObject = {}, options: AskOptions = {}) =>
    ask<QueryResult>(host, 'query', { connection: 'shop', sql, parameters, access: 'read' }, options);
  const refusal = (sql: string, parameters: JsonObject = {}, options: AskOptions = {}) => failureOf(query(sql, parameters, options));
  const write = (sql: string, parameters: JsonObject = {}) =>
    ask<QueryResult>(host, 'query', { connection: 'shop', sql, parameters, access: 'write' }, { effect: 'write' });
  const fingerprint = async () =>
    JSON.stringify(
      (
        await admin.query(
          "SELECT * FROM orders ORDER BY id; SELECT * FROM customers ORDER BY id; SHOW TABLES; SELECT next_not_cached_value FROM numbers; SHOW GLOBAL VARIABLES LIKE 'max_connections'",
        )
      )[0],
    );

  test('gives columns and rows, as JSON', async () => {
    expect((await query('SELECT * FROM orders WHERE id <> 2 ORDER BY id')).rows).toEqual([
      { id: 1, customer: 1, status: 'open', total: 20.5, note: { base64: 'AQI=' }, day: '2025-02-03', at: '2025-02-03 04:05:06' },
      { id: '9007199254740993', customer: 2, status: 'open', total: 123456789.25, note: null, day: null, at: null },
    ]);
    expect(await query('SELECT id FROM customers WHERE false')).toEqual({ columns: ['id'], rows: [] });
    expect((await query('SELECT 1 AS a, 2 AS a')).rows).toEqual([{ a: 1, a_2: 2 }]);
  });

  test('cuts at 1,000 rows and at 1 MB', async () => {
    const many = await query('SELECT seq FROM seq_1_to_10000000');
    expect([many.rows.length, many.truncated]).toEqual([1_000, true]);
    const wide = await query("SELECT repeat('é', 25000) AS text FROM seq_1_to_100");
    expect([wide.truncated, wide.rows.length > 5]).toEqual([true, true]);
    expect((await refusal("SELECT repeat('x', 16000000) AS a, repeat('x', 16000000) AS b")).code).toBe('sql-too-large');
    expect((await refusal("SELECT repeat('x', 2000000)")).code).toBe('sql-too-large');
    expect((await query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  });

  test('binds parameters of any content, which never change the statement', async () => {
    expect(
      (await query('SELECT id FROM orders WHERE customer = :c AND total > :least AND status = :s LIMIT :most', { c: 1, least: 1.5, s: 'open', most: 5 })).rows,
    ).toEqual([{ id: 1 }]);
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom("'", "\\' OR 1=1 -- ", '?', ':a', '\\', '"', '`', '\0')), async (text) => {
        const { rows } = await query('SELECT :a AS a, :b AS b, count(*) AS n FROM orders WHERE id > 0 AND :a IS NOT NULL', { a: text, b: `${text}'` });
        expect(rows).toEqual([{ a: text, b: `${text}'`, n: 3 }]);
      }),
      { numRuns: 60 },
    );
    expect(await refusal('SELECT ?')).toMatchObject({ code: 'sql-parameters' });
    expect((await query("SELECT ':a \\' :b' AS `c:d` -- :e\n, 1 AS x # :f")).rows).toEqual([{ 'c:d': ":a ' :b", x: 1 }]);
  });

  test.each([
    'SELECT 1; DELETE FROM orders',
    'SELECT 1 /*! ; DELETE FROM orders */ + 1',
    'SELECT 1 /*!50000 INTO OUTFILE "/tmp/harm" */ AS x',
    'SELECT 1 /*M! INTO OUTFILE "/tmp/harm" */ AS x',
    'SELECT /*+ SET_VAR(max_execution_time=0) */ 1',
    'DELETE FROM orders',
    '# SELECT\nDELETE FROM orders',
    "INSERT INTO customers VALUES (3, 'x')",
    'REPLACE INTO customers VALUES (1, "x")',
    'WITH c AS (SELECT 1) DELETE FROM orders',
    'DROP TABLE orders',
    'CREATE TEMPORARY TABLE t (a int)',
    'TRUNCATE orders',
    "SELECT * FROM orders INTO OUTFILE '/tmp/harm'",
    "SELECT 1 INTO DUMPFILE '/tmp/harm'",
    'SELECT 1 INTO @x',
    'SELECT @x := 1',
    "SELECT LOAD_FILE('/etc/passwd')",
    "SELECT `load_file`('/etc/passwd')",
    "SELECT load_file /* x */ ('/etc/passwd')",
    "LOAD DATA INFILE '/etc/passwd' INTO TABLE customers",
    "LOAD DATA LOCAL INFILE '/etc/passwd' INTO TABLE customers",
    'SELECT SLEEP(0.01)',
    'SELECT BENCHMARK(1, 1)',
    "SELECT GET_LOCK('a', 0)",
    'SELECT NEXTVAL(numbers)',
    'SELECT NEXT VALUE FOR numbers',
    'SELECT writes()',
    'SELECT shop.writes()',
    'CALL empties()',
    'DO writes()',
    "PREPARE p FROM 'DELETE FROM orders'",
    'EXECUTE p',
    "EXECUTE IMMEDIATE 'DELETE FROM orders'",
    'BEGIN NOT ATOMIC DELETE FROM orders; END',
    'SELECT * FROM orders FOR UPDATE',
    'SELECT * FROM orders LOCK IN SHARE MODE',
    'LOCK TABLES orders WRITE',
    'SET GLOBAL max_connections = 5',
    'SET TRANSACTION READ WRITE',
    'SET STATEMENT max_statement_time = 0 FOR SELECT 1',
    'COMMIT',
    'HANDLER orders OPEN',
    'FLUSH TABLES',
    'KILL 1',
    "INSTALL SONAME 'x'",
    'ANALYZE TABLE orders',
    'EXPLAIN DELETE FROM orders',
    "SELECT '\\'' , LOAD_FILE('/etc/passwd'), '\\''",
    '',
  ])('refuses %s', async (sql) => {
    const before = await fingerprint();
    const failure = await refusal(sql);
    expect(failure).toMatchObject({ retry: 'never', code: expect.stringMatching(/^sql-(refused|invalid|parameters)$/) as string });
    expect(await fingerprint()).toBe(before);
    expect((await query('SELECT count(*) AS n FROM orders')).rows).toEqual([{ n: 3 }]);
  });

  test('writes one statement, and says how many rows it changed', async () => {
    await admin.query('CREATE TABLE notes (id int AUTO_INCREMENT PRIMARY KEY, text varchar(20) NOT NULL)');
    expect(await write('INSERT INTO notes (text) VALUES (:a), (:b)', { a: "it's", b: 'two' })).toEqual({ columns: [], rows: [], affected: 2 });
    expect(await write("UPDATE notes SET text = 'x' WHERE text = 'two'")).toMatchObject({ affected: 1 });
    for (const sql of [
      'DROP TABLE notes',
      'TRUNCATE notes',
      'DELETE FROM notes; DROP TABLE notes',
      'SELECT 1',
      'CALL empties()',
      'INSERT INTO notes (text) VALUES (NULL)',
      "INSERT INTO notes (text) VALUES (LOAD_FILE('/etc/passwd'))",
    ])
      expect(['sql-refused', 'sql-constraint'], sql).toContain((await failureOf(write(sql))).code);
    expect((await admin.query('SELECT text FROM notes ORDER BY id'))[0]).toEqual([{ text: "it's" }, { text: 'x' }]);
    await admin.query('DROP TABLE notes');
  });

  test('says what a wrong name was meant to be', async () => {
    expect((await refusal('SELECT * FROM ordres')).message).toMatch(/There is orders/);
    expect((await refusal('SELECT nmae FROM customers')).message).toMatch(/There is name \(in customers\)/);
  });

  test('the catalogue tells tables, keys, references and values', async () => {
    const { dialect, tables } = await ask<Catalogue>(host, 'catalogue', { connection: 'shop' });
    expect(dialect).toBe('mariadb');
    const orders = tables.find(({ name }) => name === 'orders');
    expect(orders).toMatchObject({ description: 'What was bought', rows: 3 });
    expect(orders?.columns.slice(0, 3)).toEqual([
      { name: 'id', type: 'bigint(20)', nullable: false, primaryKey: true, samples: [1, 2, '9007199254740993'] },
      { name: 'customer', type: 'int(11)', nullable: false, references: 'customers.id', samples: [1, 2] },
      { name: 'status', type: 'varchar(20)', nullable: true, values: ['done', 'open'] },
    ]);
  });

  test('a query that never ends, or is cancelled, is stopped at the server too', async () => {
    const endless = 'SELECT count(*) FROM seq_1_to_1000000000 a, seq_1_to_1000000000 b';
    const running = async () =>
      ((await admin.query("SELECT count(*) AS n FROM information_schema.processlist WHERE info LIKE 'SELECT count(*) FROM seq_1%'"))[0] as { n: number }[])[0]
        ?.n;
    expect(await refusal(endless, {}, { timeoutMs: 600 })).toMatchObject({ code: 'timeout' });
    await expect.poll(running, { timeout: 5_000 }).toBe(0);
    const controller = new AbortController();
    const cancelled = refusal(endless, {}, { signal: controller.signal });
    await expect.poll(running, { timeout: 5_000 }).toBe(1);
    controller.abort();
    expect((await cancelled).code).toBe('cancelled');
    await expect.poll(running, { timeout: 5_000 }).toBe(0);
  });

  test.each([
    'WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) AS n FROM c',
    'WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c, (SELECT 1 UNION SELECT 2) twice) SELECT count(*) AS n FROM c',
  ])('a recursion that never ends is stopped, at the server too: %s', async (endless) => {
    const running = async () =>
      ((await admin.query("SELECT count(*) AS n FROM information_schema.processlist WHERE info LIKE 'WITH RECURSIVE%'"))[0] as { n: number }[])[0]?.n;
    const startedAt = Date.now();
    expect(await refusal(endless, {}, { timeoutMs: 800 })).toMatchObject({ code: 'timeout' });
    expect(Date.now() - startedAt).toBeLessThan(4_000);
    await expect.poll(running, { timeout: 5_000 }).toBe(0);
    expect((await query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  });

  test('a long recursion is not cut short', async () => {
    // MariaDB itself ends one after 1,000 rounds, and says nothing but a warning.
    const days = 'WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 5000) SELECT count(*) AS n, max(x) AS most FROM c';
    expect((await query(days)).rows).toEqual([{ n: 5000, most: 5000 }]);
  });

  test('trouble is told as what it is', async () => {
    const failureWith = async (change: JsonObject) => {
      bench.connections.other = { ...bench.connections.shop, ...change } as never;
      return await failureOf(ask(host, 'query', { connection: 'other', sql: 'SELECT * FROM orders', parameters: {}, access: 'read' }));
    };
    bench.secrets.READER = 'a-password';
    bench.secrets.WRONG = 'wrong';
    expect(await failureWith({ username: 'reader', password: { secret: 'WRONG' } })).toMatchObject({ code: 'connection-denied', retry: 'never' });
    expect(await failureWith({ username: 'reader', password: { secret: 'READER' } })).toMatchObject({ code: 'connection-denied' });
    expect(await failureWith({ url: `mysql://127.0.0.1:${server.port}/nothing` })).toMatchObject({ code: 'connection-invalid' });
    expect(await failureWith({ url: `mysql://localhost:${server.port}/shop`, encryption: 'verified' })).toMatchObject({
      code: 'connection-invalid',
      message: expect.stringContaining('the server takes no encrypted connections there') as string,
    });
    expect(await failureWith({ encryption: 'verified' })).toMatchObject({ message: expect.stringContaining('names its server by a number') as string });
    expect(await failureWith({ url: 'mysql://127.0.0.1:1/shop' })).toMatchObject({ code: 'connection-unreachable', retry: 'policy' });
  });
});
