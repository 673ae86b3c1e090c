/** PostgreSQL on a real server: what may be asked, what comes back, what is refused with the data unchanged, and what trouble looks like. */
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import type { Catalogue, JsonObject, QueryResult } from '@switchyard/shared';
import fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { findPostgres, startPostgres, type PostgresServer } from '../../../testing/servers/postgres-server.ts';
import type { ClosableHost } from '../../host.ts';
import { ask, failureOf, HostBench, type AskOptions } from '../../testing/host-bench.ts';

if (!findPostgres()) process.stderr.write('PostgreSQL is not installed: the tests of its connections are skipped.\n');

const schema = `
  CREATE TYPE mood AS ENUM ('happy', 'upset');
  CREATE TABLE customers (id int PRIMARY KEY, name varchar(40) NOT NULL, mood mood);
  CREATE TABLE orders (id bigint PRIMARY KEY, customer int NOT NULL REFERENCES customers, status text, total numeric(12,2), note bytea, tags text[], extra jsonb);
  COMMENT ON TABLE orders IS 'What was bought';
  CREATE VIEW open_orders AS SELECT * FROM orders WHERE status = 'open';
  CREATE SCHEMA sales;
  CREATE TABLE sales.targets (year int, goal numeric, PRIMARY KEY (year));
  CREATE SEQUENCE numbers;
  CREATE FUNCTION writes() RETURNS int LANGUAGE sql AS 'DELETE FROM orders; SELECT 1';
  CREATE FUNCTION twice(x int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 2 * x';
  CREATE PROCEDURE empties() LANGUAGE sql AS 'DELETE FROM orders';
  INSERT INTO customers VALUES (1, 'Ada', 'happy'), (2, 'Grace', 'upset');
  INSERT INTO orders VALUES (1, 1, 'open', 20.50, '\\x0102', '{a,b}', '{"gift":true}'), (2, 1, 'done', 30, NULL, NULL, NULL), (9007199254740993, 2, 'open', 123456789.25, NULL, '{}', NULL);
  CREATE ROLE reader LOGIN PASSWORD 'a-password';
  GRANT SELECT ON customers TO reader;
`;

describe.skipIf(!findPostgres())('PostgreSQL', () => {
  const bench = new HostBench();
  let server: PostgresServer;
  let admin: pg.Client;
  let host: ClosableHost;
  let url: string;

  beforeAll(async () => {
    server = await startPostgres();
    const given = new URL(await server.createDatabase());
    admin = new pg.Client({ connectionString: given.href });
    admin.on('error', () => undefined);
    await admin.connect();
    await admin.query(schema);
    url = `postgres://${given.host}${given.pathname}`;
    bench.connections.shop = { type: 'postgres', url, username: 'switchyard' };
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

  /** What the data is, as another client sees it. */
  const fingerprint = async () => {
    const { rows } = await admin.query(
      `SELECT (SELECT json_agg(o ORDER BY id) FROM orders o)::text AS orders, (SELECT json_agg(c ORDER BY id) FROM customers c)::text AS customers,
        (SELECT json_agg(relname ORDER BY relname) FROM pg_class WHERE relkind IN ('r','v','S') AND relnamespace = 'public'::regnamespace)::text AS relations,
        (SELECT last_value FROM numbers) AS number, (SELECT count(*) FROM pg_largeobject_metadata) AS large, (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory') AS locks,
        (SELECT count(*) FROM pg_prepared_xacts) AS prepared, (SELECT setting FROM pg_settings WHERE name = 'work_mem') AS setting`,
    );
    return rows;
  };

  describe('what a query gives', () => {
    test('is its columns and rows, as JSON', async () => {
      expect(await query('SELECT id, name, mood FROM customers ORDER BY id')).toEqual({
        columns: ['id', 'name', 'mood'],
        rows: [
          { id: 1, name: 'Ada', mood: 'happy' },
          { id: 2, name: 'Grace', mood: 'upset' },
        ],
      });
      expect((await query('SELECT * FROM orders WHERE id <> 2 ORDER BY id')).rows).toEqual([
        { id: 1, customer: 1, status: 'open', total: 20.5, note: { base64: 'AQI=' }, tags: ['a', 'b'], extra: { gift: true } },
        { id: '9007199254740993', customer: 2, status: 'open', total: 123456789.25, note: null, tags: [], extra: null },
      ]);
      expect(await query('SELECT id FROM customers WHERE false')).toEqual({ columns: ['id'], rows: [] });
    });

    test('tells moments in UTC, and what has no number as text', async () => {
      const { rows } = await query(
        `SELECT date '2025-02-03' AS day, timestamp '2025-02-03 04:05:06' AS moment, timestamptz '2025-02-03 04:05:06+02' AS zoned, interval '1 day' AS span,
          1.0::float8 / 3 AS third, 'NaN'::float8 AS none, 'infinity'::float8 AS large, 12345678901234567890.5::numeric AS exact, ARRAY[1.5, NULL]::numeric[] AS list, true AS yes, '[1]'::json AS json, 7::oid AS oid`,
      );
      expect(rows).toEqual([
        {
          day: '2025-02-03',
          moment: '2025-02-03 04:05:06',
          zoned: '2025-02-03 02:05:06+00',
          span: 'P1D',
          third: 1 / 3,
          none: 'NaN',
          large: 'Infinity',
          exact: '12345678901234567890.5',
          list: [1.5, null],
          yes: true,
          json: [1],
          oid: 7,
        },
      ]);
    });

    test('keeps equal column names apart', async () => {
      expect((await query('SELECT 1 AS a, 2 AS a, 3 AS a_2')).rows).toEqual([{ a: 1, a_3: 2, a_2: 3 }]);
    });

    test('is cut at 1,000 rows and at 1 MB, even where it has no end', async () => {
      const many = await query('SELECT x FROM generate_series(1, 1000000) x');
      expect([many.rows.length, many.truncated]).toEqual([1_000, true]);
      const exact = await query('SELECT x FROM generate_series(1, 1000) x');
      expect([exact.rows.length, exact.truncated]).toEqual([1_000, undefined]);
      const endless = await query('WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT x FROM c');
      expect([endless.rows.length, endless.truncated]).toEqual([1_000, true]);
      const wide = await query("SELECT repeat('é', 25000) AS text FROM generate_series(1, 100)");
      expect([wide.truncated, wide.rows.length > 5, JSON.stringify(wide).length < 1_000_100]).toEqual([true, true, true]);
    });

    test('is a failure where not even one row fits, and one far too large is not taken in', async () => {
      expect((await refusal("SELECT repeat('x', 2000000)")).code).toBe('sql-too-large');
      expect((await refusal("SELECT repeat('x', 200000000)")).code).toBe('sql-too-large');
      expect((await query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    });
  });

  describe('parameters', () => {
    test('are bound as what they are', async () => {
      const { rows } = await query(
        'SELECT id FROM orders WHERE customer = :customer AND total > :least AND status = ANY (:list) AND extra @> :extra LIMIT :most',
        {
          customer: 1,
          least: 1.5,
          list: ['open', "'; DROP TABLE orders; --"],
          extra: { gift: true },
          most: 5,
        },
      );
      expect(rows).toEqual([{ id: 1 }]);
      expect((await query('SELECT :text::text AS text, :none::int AS none, :yes::bool AS yes', { text: "a'b", none: null, yes: true })).rows).toEqual([
        { text: "a'b", none: null, yes: true },
      ]);
    });

    test('of any content never change the statement', async () => {
      await fc.assert(
        fc.asyncProperty(fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom("'", "';--", '$1', ':a', '\\', '{{x}}', '"', '$$')), async (given) => {
          const text = given.replaceAll('\0', '');
          const { rows } = await query('SELECT :a::text AS a, :b::text AS b, count(*) AS n FROM orders WHERE status <> :a', { a: text, b: `${text}'` });
          expect(rows).toEqual([{ a: text, b: `${text}'`, n: ['open', 'done'].includes(text) ? expect.any(Number) : 3 }]);
        }),
        { numRuns: 60 },
      );
    });

    test.each<[string, JsonObject]>([
      ['SELECT :a, :b', { a: 1 }],
      ['SELECT 1', { c: 2 }],
      ['SELECT $1', {}],
    ])('%s with %j is refused', async (sql, parameters) => {
      expect(await refusal(sql, parameters)).toMatchObject({ code: 'sql-parameters', retry: 'never' });
    });

    test('within strings, names and comments are text, and casts are casts', async () => {
      expect((await query(`SELECT ':a' || E'\\':b' || $$:c$$ AS "d:e", '7'::int AS n /* :f /* :g */ */ -- :h`)).rows).toEqual([{ 'd:e': ":a':b:c", n: 7 }]);
      expect((await query('SELECT (ARRAY[:a::int, 5])[2] AS x', { a: 1 })).rows).toEqual([{ x: 5 }]);
    });
  });

  const attacks = [
    'SELECT 1; DELETE FROM orders',
    'SELECT 1;;SELECT 2',
    'SELECT 1 /* ; */ ; /* */ DELETE FROM orders -- x',
    'SELECT 1\u0000; DELETE FROM orders',
    'DELETE FROM orders',
    '/* SELECT */ DELETE FROM orders',
    '-- SELECT\nDELETE FROM orders',
    'INSERT INTO customers VALUES (3, $$x$$)',
    "UPDATE orders SET status = 'x' RETURNING id",
    'WITH gone AS (DELETE FROM orders RETURNING *) SELECT * FROM gone',
    "WITH added AS (INSERT INTO customers VALUES (3, 'x') RETURNING *) SELECT * FROM added",
    'MERGE INTO orders USING customers c ON false WHEN NOT MATCHED THEN INSERT (id, customer) VALUES (5, 1)',
    'TRUNCATE orders',
    'DROP TABLE orders',
    'CREATE TABLE t (a int)',
    'CREATE TEMP TABLE t AS SELECT 1',
    'SELECT * INTO copied FROM orders',
    'SELECT * INTO TEMP copied FROM orders',
    "COPY orders TO '/tmp/orders.csv'",
    "COPY (SELECT 1) TO PROGRAM 'touch /tmp/harmed'",
    "COPY orders FROM PROGRAM 'cat /etc/passwd'",
    'COPY orders TO STDOUT',
    "SELECT set_config('default_transaction_read_only', 'off', false)",
    "SELECT set_config('transaction_read_only', 'off', false)",
    "SELECT pg_catalog . set_config /* x */ ('work_mem', '1MB', false)",
    "SELECT \"set_config\"('work_mem', '1MB', false)",
    "SELECT SET_CONFIG('work_mem', '1MB', false)",
    "SELECT U&\"set\\005Fconfig\"('work_mem', '1MB', false)",
    "SELECT E'a'\n'\\'' || set_config('work_mem', '1MB', false) || '...'",
    "SELECT * FROM set_config('work_mem', '1MB', false)",
    "SELECT $a$ $b$ $a$ || set_config('work_mem', '1MB', false)",
    'SET work_mem = 1000',
    'SET TRANSACTION READ WRITE',
    'RESET ALL',
    'BEGIN',
    'COMMIT',
    'ROLLBACK',
    'SAVEPOINT s',
    "PREPARE TRANSACTION 'x'",
    'PREPARE p AS DELETE FROM orders',
    'EXECUTE p',
    'DEALLOCATE ALL',
    'DO $$ BEGIN DELETE FROM orders; END $$',
    'CALL empties()',
    'SELECT writes()',
    'SELECT * FROM orders FOR UPDATE',
    'SELECT * FROM orders FOR NO KEY UPDATE',
    'SELECT * FROM orders FOR KEY SHARE',
    'LOCK TABLE orders',
    'VACUUM',
    'ANALYZE',
    'REINDEX TABLE orders',
    'EXPLAIN ANALYZE DELETE FROM orders',
    "EXPLAIN SELECT set_config('work_mem', '1MB', false)",
    'LISTEN x',
    'NOTIFY x',
    "SELECT pg_notify('x', 'y')",
    'SELECT pg_sleep(0.01)',
    'SELECT pg_sleep_for($$1 ms$$)',
    "SELECT nextval('numbers')",
    "SELECT setval('numbers', 99)",
    'SELECT lo_create(77)',
    "SELECT lo_import('/etc/passwd')",
    "SELECT lo_from_bytea(0, 'x')",
    "SELECT pg_read_file('/etc/passwd')",
    "SELECT pg_read_binary_file('/etc/passwd')",
    "SELECT pg_ls_dir('/')",
    "SELECT * FROM pg_stat_file('/etc/passwd')",
    'SELECT pg_advisory_lock(1)',
    'SELECT pg_try_advisory_lock(1)',
    'SELECT pg_terminate_backend(pid) FROM pg_stat_activity',
    'SELECT pg_cancel_backend(1)',
    'SELECT pg_reload_conf()',
    'SELECT pg_rotate_logfile()',
    'SELECT pg_switch_wal()',
    "SELECT pg_create_restore_point('x')",
    'SELECT pg_export_snapshot()',
    "SELECT pg_logical_emit_message(false, 'x', 'y')",
    "SELECT query_to_xml('SELECT set_config($$work_mem$$, $$1MB$$, false)', true, true, '')",
    "SELECT dblink('host=localhost', 'SELECT 1')",
    "SELECT dblink_exec('DELETE FROM orders')",
    "LOAD 'x'",
    'CREATE EXTENSION dblink',
    "ALTER SYSTEM SET work_mem = '1MB'",
    "SECURITY LABEL ON TABLE orders IS 'x'",
    'DECLARE c CURSOR FOR SELECT 1',
    'FETCH ALL FROM c',
    'DISCARD ALL',
    'CHECKPOINT',
    'GRANT ALL ON orders TO reader',
    'IMPORT FOREIGN SCHEMA public FROM SERVER x INTO public',
    'SHOW work_mem',
    '',
    '-- nothing',
    'SELEC 1',
  ];

  describe('what is refused', () => {
    test.each(attacks)('%s', async (sql) => {
      const before = await fingerprint();
      const failure = await refusal(sql);
      expect(failure.retry).toBe('never');
      expect(['sql-refused', 'sql-invalid']).toContain(failure.code);
      expect(failure.message).toMatch(/^The query on connection "shop" failed: .+\.$/s);
      expect(await fingerprint()).toEqual(before);
      expect((await query('SELECT count(*) AS n FROM orders')).rows).toEqual([{ n: 3 }]);
    });

    test('says which part it was', async () => {
      expect((await refusal('SELECT set_config($$a.b$$, $$c$$, false)')).message).toContain('set_config()');
      expect((await refusal('VACUUM')).message).toContain('begins with VACUUM');
    });

    test.each([
      'SELECT 1;',
      '(SELECT 1) UNION (SELECT 2) LIMIT 1',
      'TABLE customers LIMIT 1',
      'VALUES (1)',
      '-- first\nSELECT 1 /* done */ ;',
      'SELECT twice(4)',
      'SELECT random() < 2, now() IS NOT NULL, lower($$A$$)',
      "SELECT 'delete; set_config(1)' AS text",
    ])('but not %s', async (sql) => expect((await query(sql)).rows).toHaveLength(1));
  });

  describe('writes', () => {
    beforeEach(async () => {
      await admin.query('CREATE TABLE IF NOT EXISTS notes (id serial PRIMARY KEY, text text NOT NULL); TRUNCATE notes');
    });

    test('change rows one statement at a time, and say how many', async () => {
      const added = await write('INSERT INTO notes (text) VALUES (:a), (:b) RETURNING text', { a: "it's", b: 'two' });
      expect(added).toEqual({ columns: ['text'], rows: [{ text: "it's" }, { text: 'two' }], affected: 2 });
      expect(await write("UPDATE notes SET text = 'x' WHERE text = 'two'")).toEqual({ columns: [], rows: [], affected: 1 });
      expect(await write('WITH old AS (SELECT id FROM notes) DELETE FROM notes WHERE id IN (SELECT id FROM old)')).toMatchObject({ affected: 2 });
      expect((await admin.query('SELECT * FROM notes')).rows).toEqual([]);
    });

    test('of 100,000 rows end before they are told', async () => {
      const result = await write("INSERT INTO notes (text) SELECT 'n' FROM generate_series(1, 100000) RETURNING id");
      expect([result.affected, result.rows.length, result.truncated]).toEqual([100_000, 1_000, true]);
      expect((await admin.query('SELECT count(*)::int AS n FROM notes')).rows).toEqual([{ n: 100_000 }]);
    });

    test.each([
      'DROP TABLE notes',
      'CREATE TABLE t (a int)',
      'TRUNCATE notes',
      'DELETE FROM notes; DROP TABLE notes',
      'SELECT 1',
      'WITH gone AS (DELETE FROM notes RETURNING *) SELECT * FROM gone',
      "COPY notes FROM PROGRAM 'id'",
      "INSERT INTO notes (text) VALUES (pg_read_file('/etc/passwd'))",
      "UPDATE notes SET text = set_config('work_mem', '1MB', false)",
      'CALL empties()',
      'COMMIT',
      'INSERT INTO notes (text) VALUES (NULL)',
    ])('%s is refused', async (sql) => {
      await admin.query("INSERT INTO notes (text) VALUES ('kept')");
      const before = await fingerprint();
      expect(['sql-refused', 'sql-constraint']).toContain((await failureOf(write(sql))).code);
      expect(await fingerprint()).toEqual(before);
      expect((await admin.query('SELECT text FROM notes')).rows).toEqual([{ text: 'kept' }]);
    });
  });

  test.each([
    ['SELECT * FROM ordres', /relation "ordres" does not exist\. There is orders/],
    ['SELECT * FROM targets', /There is sales\.targets/],
    ['SELECT nmae FROM customers', /column "nmae" does not exist\. There is name \(in customers\)/],
    ['SELECT o.statu FROM orders o', /There is status \(in open_orders, orders\)/],
    ['SELECT unheard(1)', /function unheard\(integer\) does not exist/],
    ['SELECT 1 +', /syntax error/],
  ])('%s says what is meant', async (sql, said) => {
    const failure = await refusal(sql);
    expect(failure.code).toBe('sql-invalid');
    expect(failure.message).toMatch(said);
  });

  test('the catalogue tells tables, keys, references and values', async () => {
    const { dialect, tables } = await ask<Catalogue>(host, 'catalogue', { connection: 'shop' });
    expect(dialect).toBe('postgres');
    const known = Object.fromEntries(tables.map((table) => [table.name, table]));
    expect(Object.keys(known)).toEqual(expect.arrayContaining(['customers', 'open_orders', 'orders', 'sales.targets']));
    expect(known.customers).toEqual({
      name: 'customers',
      rows: 2,
      columns: [
        { name: 'id', type: 'integer', nullable: false, primaryKey: true, samples: [1, 2] },
        { name: 'name', type: 'character varying(40)', nullable: false, values: ['Ada', 'Grace'] },
        { name: 'mood', type: 'mood', nullable: true, values: ['happy', 'upset'] },
      ],
    });
    expect(known.orders).toMatchObject({ description: 'What was bought', rows: 3 });
    expect(known.orders?.columns.slice(0, 3)).toEqual([
      { name: 'id', type: 'bigint', nullable: false, primaryKey: true, samples: [1, 2, '9007199254740993'] },
      { name: 'customer', type: 'integer', nullable: false, references: 'customers.id', samples: [1, 2] },
      { name: 'status', type: 'text', nullable: true, values: ['done', 'open'] },
    ]);
  });

  describe('time', () => {
    const runaway = 'WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) FROM c';
    const running = async () =>
      (await admin.query("SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = 'switchyard' AND state = 'active'")).rows[0].n as number;

    test('a query that never ends is stopped, at the server too', async () => {
      expect(await refusal(runaway, {}, { timeoutMs: 400 })).toMatchObject({ code: 'timeout' });
      await expect.poll(running, { timeout: 5_000 }).toBe(0);
      expect((await query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    });

    test('a cancelled query is stopped, at the server too', async () => {
      const controller = new AbortController();
      const cancelled = refusal(runaway, {}, { signal: controller.signal });
      await expect.poll(running, { timeout: 5_000 }).toBe(1);
      controller.abort();
      expect((await cancelled).code).toBe('cancelled');
      await expect.poll(running, { timeout: 5_000 }).toBe(0);
    });

    test('a server that ends the session mid-query is told, and the next query is answered', async () => {
      const lost = refusal(runaway);
      await expect.poll(running, { timeout: 5_000 }).toBe(1);
      await admin.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'switchyard'");
      expect(await lost).toMatchObject({ code: 'connection-unreachable', retry: 'policy' });
      expect((await query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    });
  });

  describe('trouble', () => {
    const failureWith = async (change: JsonObject) => {
      bench.connections.other = { ...bench.connections.shop, ...change } as never;
      return await failureOf(ask(host, 'query', { connection: 'other', sql: 'SELECT * FROM orders', parameters: {}, access: 'read' }));
    };

    test('a user that does not exist, and one that may not read', async () => {
      expect(await failureWith({ username: 'nobody' })).toMatchObject({ code: 'connection-denied', retry: 'never' });
      bench.secrets.READER = 'a-password';
      expect(await failureWith({ username: 'reader', password: { secret: 'READER' } })).toMatchObject({ code: 'connection-denied' });
      const { tables } = await ask<Catalogue>(host, 'catalogue', { connection: 'other' });
      expect(tables.map(({ name }) => name)).toEqual(['customers']);
    });

    test('a database, a host and a port that are not there', async () => {
      expect(await failureWith({ url: url.replace(/\/\w+$/, '/nothing') })).toMatchObject({ code: 'connection-invalid' });
      const unknown = await bench.host({
        egress: { resolve: () => Promise.reject(Object.assign(new Error('getaddrinfo ENOTFOUND db.example'), { code: 'ENOTFOUND' })) },
      } as never);
      bench.connections.other = { type: 'postgres', url: 'postgres://db.example:5432/shop', username: 'x' };
      expect(await failureOf(ask(unknown, 'query', { connection: 'other', sql: 'SELECT 1', parameters: {}, access: 'read' }))).toMatchObject({
        code: expect.stringMatching(/connection-unreachable|egress-refused/) as string,
      });
      const closed = createServer().listen(0, '127.0.0.1');
      await once(closed, 'listening');
      const { port } = closed.address() as AddressInfo;
      closed.close();
      await once(closed, 'close');
      expect(await failureWith({ url: `postgres://127.0.0.1:${port}/shop` })).toMatchObject({ code: 'connection-unreachable', retry: 'policy' });
    });

    test('encryption that the server does not have', async () => {
      const failure = await failureWith({ encryption: 'verified' });
      expect(failure.code).toBe('connection-invalid');
      expect(failure.message).toMatch(/^Connecting to "(?:shop|other)" \(127\.0\.0\.1:\d+\) failed: the server takes no encrypted connections there/);
    });

    test('no connection left', async () => {
      await admin.query('ALTER ROLE reader CONNECTION LIMIT 0');
      expect(await failureWith({ username: 'reader', password: { secret: 'READER' } })).toMatchObject({ code: 'connection-busy', retry: 'policy' });
    });
  });
});
