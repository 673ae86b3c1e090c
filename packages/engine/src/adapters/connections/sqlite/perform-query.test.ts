/** Queries against real SQLite files: what may be asked, what comes back, and what is refused with the file unchanged. */
import { createHash } from 'node:crypto';
import { readdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { JsonObject, QueryResult } from '@switchyard/shared';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ClosableHost } from '../../host.ts';
import { ask, failureOf, HostBench, type AskOptions } from '../../testing/host-bench.ts';

const bench = new HostBench();
let host: ClosableHost;
let file: string;

const shop = `
  CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
  CREATE TABLE orders (id INTEGER PRIMARY KEY, customer INTEGER REFERENCES customers, status TEXT, total REAL, note BLOB);
  CREATE VIEW open_orders AS SELECT * FROM orders WHERE status = 'open';
  CREATE VIRTUAL TABLE notes USING fts5(body);
  INSERT INTO customers VALUES (1, 'Ada'), (2, 'Grace');
  INSERT INTO orders VALUES (1, 1, 'open', 20.5, x'0102'), (2, 1, 'done', 30, NULL), (9007199254740993, 2, 'open', 1e999, NULL);
  INSERT INTO notes VALUES ('the parcel is late'), ('all is well');
`;

beforeAll(async () => {
  file = await bench.database('shop', shop);
  host = await bench.host();
});
afterAll(() => bench.close());

const query = (sql: string, parameters: JsonObject = {}, options: AskOptions = {}) =>
  ask<QueryResult>(host, 'query', { connection: 'shop', sql, parameters, access: 'read' }, options);
const refusal = (sql: string, parameters: JsonObject = {}, options: AskOptions = {}) => failureOf(query(sql, parameters, options));

describe('what a query gives', () => {
  test('is its columns and rows', async () => {
    expect(await query('SELECT id, name FROM customers ORDER BY id')).toEqual({
      columns: ['id', 'name'],
      rows: [
        { id: 1, name: 'Ada' },
        { id: 2, name: 'Grace' },
      ],
    });
    expect(await query('SELECT id FROM customers WHERE 0')).toEqual({ columns: ['id'], rows: [] });
  });

  test('keeps equal column names apart', async () => {
    const { columns, rows } = await query('SELECT 1 AS a, 2 AS a, 3 AS a_2, 4 AS a');
    expect(columns).toEqual(['a', 'a_3', 'a_2', 'a_4']);
    expect(rows).toEqual([{ a: 1, a_3: 2, a_2: 3, a_4: 4 }]);
  });

  test('writes what JSON has no number for as text, and bytes as base64', async () => {
    const { rows } = await query('SELECT max(id) AS large, max(total) AS infinite, (SELECT note FROM orders WHERE id = 1) AS bytes, NULL AS empty FROM orders');
    expect(rows).toEqual([{ large: '9007199254740993', infinite: 'Infinity', bytes: { base64: 'AQI=' }, empty: null }]);
  });

  test('reaches views, full-text search, JSON, windows and recursion', async () => {
    expect((await query('SELECT count(*) AS n FROM open_orders')).rows).toEqual([{ n: 2 }]);
    expect((await query("SELECT highlight(notes, 0, '<', '>') AS hit FROM notes WHERE notes MATCH 'parcel' ORDER BY bm25(notes)")).rows).toEqual([
      { hit: 'the <parcel> is late' },
    ]);
    expect((await query(`SELECT value ->> '$.a' AS a FROM json_each('[{"a":5}]')`)).rows).toEqual([{ a: 5 }]);
    expect((await query('SELECT row_number() OVER (ORDER BY id) AS n FROM customers')).rows).toEqual([{ n: 1 }, { n: 2 }]);
    expect((await query('WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 3) SELECT sum(x) AS s FROM c')).rows).toEqual([{ s: 6 }]);
  });

  test('is cut at 1,000 rows, and at 1 MB', async () => {
    const numbers = 'WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < LIMIT_) SELECT x, COLUMN_ AS text FROM c';
    const many = await query(numbers.replace('LIMIT_', '5000').replace('COLUMN_', "''"));
    expect([many.rows.length, many.truncated]).toEqual([1_000, true]);
    const exact = await query(numbers.replace('LIMIT_', '1000').replace('COLUMN_', "''"));
    expect([exact.rows.length, exact.truncated]).toEqual([1_000, undefined]);
    const wide = await query(numbers.replace('LIMIT_', '1000').replace('COLUMN_', "printf('%.*c', 50000, 'é')"));
    expect(wide.truncated).toBe(true);
    expect(Buffer.byteLength(JSON.stringify(wide))).toBeLessThan(1_000_100);
    expect(wide.rows.length).toBeGreaterThan(5);
  });

  test('is a failure where not even one row fits', async () => {
    expect((await refusal(`SELECT ${['a', 'b', 'c'].map((name) => `printf('%.*c', 900000, 'x') AS ${name}`).join()}`)).code).toBe('sql-too-large');
    expect((await refusal('SELECT zeroblob(2000000)')).code).toBe('sql-too-large');
    expect((await refusal("SELECT hex(printf('%.*c', 900000, 'x'))")).code).toBe('sql-too-large');
  });
});

describe('parameters', () => {
  test('are bound as what they are', async () => {
    const { rows } = await query(
      'SELECT :whole / 2 AS whole, :real AS real, :text AS text, :yes AS yes, :none AS none, :list AS list, typeof(:whole) AS type',
      {
        whole: 7,
        real: 1.5,
        text: "'; DROP TABLE orders; --",
        yes: true,
        none: null,
        list: [1, { a: 2 }],
      },
    );
    expect(rows).toEqual([{ whole: 3, real: 1.5, text: "'; DROP TABLE orders; --", yes: 1, none: null, list: '[1,{"a":2}]', type: 'integer' }]);
  });

  test.each<[string, JsonObject, string]>([
    ['SELECT :a, :b', { a: 1 }, ':b'],
    ['SELECT :a', { a: 1, c: 2 }, ':c'],
    ['SELECT ?', {}, '?'],
    ['SELECT ?1', {}, '?1'],
    ['SELECT @a', { a: 1 }, '@a'],
    ['SELECT $a', { a: 1 }, '$a'],
  ])('%s with %j is refused and names %s', async (sql, parameters, named) => {
    const failure = await refusal(sql, parameters);
    expect(failure).toMatchObject({ code: 'sql-parameters', retry: 'never' });
    expect(failure.message).toContain(named);
  });

  test('within strings, names and comments are text', async () => {
    expect((await query(`SELECT ':a ?' AS "a:b", /* :c */ 1 AS [d:e] -- :f`)).rows).toEqual([{ 'a:b': ':a ?', 'd:e': 1 }]);
  });
});

describe('what is refused', () => {
  async function fingerprint() {
    const directory = await bench.directory();
    const names = (await readdir(directory)).filter((name) => !name.endsWith('-shm') && !name.endsWith('-wal')).sort();
    return [
      names,
      createHash('sha256')
        .update(await readFile(file))
        .digest('hex'),
    ];
  }

  test.each([
    "ATTACH 'other.db' AS other",
    "ATTACH ':memory:' AS other",
    'DETACH main',
    "VACUUM INTO 'copy.db'",
    'VACUUM',
    'PRAGMA table_info(orders)',
    'PRAGMA journal_mode = WAL',
    'PRAGMA query_only = OFF',
    'PRAGMA writable_schema = ON',
    "SELECT * FROM pragma_table_info('orders')",
    "SELECT load_extension('evil')",
    "SELECT writefile('out', 'x')",
    "SELECT readfile('/etc/passwd')",
    "SELECT edit('x')",
    "SELECT fts3_tokenizer('simple')",
    "SELECT fts3_tokenizer('simple', x'00')",
    'SELECT sqlite_log(1, 2)',
    'INSERT INTO orders DEFAULT VALUES',
    "UPDATE orders SET status = 'x'",
    'DELETE FROM orders',
    'REPLACE INTO orders (id) VALUES (1)',
    'INSERT INTO orders DEFAULT VALUES RETURNING id',
    'WITH c AS (SELECT 1) DELETE FROM orders',
    "UPDATE orders SET status = 'x' RETURNING id",
    'DROP TABLE orders',
    'ALTER TABLE orders RENAME TO o',
    'CREATE TABLE t (a)',
    'CREATE TEMP TABLE t (a)',
    'CREATE TEMP TABLE t AS SELECT * FROM orders',
    'CREATE VIEW v AS SELECT 1',
    'CREATE INDEX i ON orders (status)',
    'CREATE TEMP TRIGGER t AFTER INSERT ON orders BEGIN SELECT 1; END',
    'CREATE VIRTUAL TABLE t USING fts5(a)',
    "CREATE VIRTUAL TABLE temp.t USING fts3tokenize('simple')",
    "INSERT INTO notes (notes) VALUES ('rebuild')",
    'REINDEX',
    'ANALYZE',
    'BEGIN',
    'BEGIN EXCLUSIVE',
    'COMMIT',
    'SAVEPOINT s',
    'SELECT 1; SELECT 2',
    'SELECT 1; DELETE FROM orders',
    "SELECT 1; ATTACH 'x.db' AS x",
    'SELECT 1;;SELECT 2',
    'SELECT 1 /* ; */ ; /* */ SELECT 2 -- x',
    'SELECT 1\u0000; DELETE FROM orders',
    'SELECT * FROM dbstat',
    'SELECT * FROM sqlite_dbpage',
    "SELECT * FROM fts3tokenize('simple')",
    "EXPLAIN ATTACH 'x.db' AS x",
  ])('%s', async (sql) => {
    const before = await fingerprint();
    const failure = await refusal(sql);
    expect(failure.retry).toBe('never');
    expect(['sql-refused', 'sql-invalid']).toContain(failure.code);
    expect(failure.message).toMatch(/^The query on connection "shop" failed: .+\.$/s);
    expect(await fingerprint()).toEqual(before);
    expect((await query('SELECT count(*) AS n FROM orders')).rows).toEqual([{ n: 3 }]);
  });

  test('says which part it was', async () => {
    expect((await refusal("SELECT load_extension('x')")).message).toContain('function load_extension');
    expect((await refusal("ATTACH 'other.db' AS other")).message).toContain('ATTACH');
    expect((await refusal('SELECT 1; SELECT 2')).message).toContain('more than one statement');
  });

  test.each(['SELECT 1;', 'SELECT 1 ; ;\n', ' \n SELECT 1 -- done', 'SELECT 1 /* done */ ;', '-- first\nSELECT 1', '/* a */ SELECT 1;-- b\n;'])(
    'but not %j: it is one statement',
    async (sql) => {
      expect((await query(sql)).rows).toHaveLength(1);
    },
  );

  test('also what is no SQL, or too long', async () => {
    expect((await refusal('')).code).toBe('sql-invalid');
    expect((await refusal(' -- nothing\n;')).code).toBe('sql-invalid');
    expect((await refusal(`SELECT '${'x'.repeat(200_000)}'`)).code).toBe('sql-too-large');
    expect((await refusal(`SELECT ${'('.repeat(5_000)}1${')'.repeat(5_000)}`)).code).toBe('sql-invalid');
  });
});

describe('wrong names', () => {
  test.each([
    ['SELECT * FROM order', /syntax error/],
    ['SELECT * FROM ordres', /no such table: ordres\. There is orders/],
    ['SELECT * FROM customer', /There is customers/],
    ['SELECT nmae FROM customers', /no such column: nmae\. There is name \(in customers\)/],
    ['SELECT o.statu FROM orders o', /There is status \(in open_orders, orders\)/],
    ['SELECT nothing_like_it FROM customers', /no such column: nothing_like_it/],
    ['SELECT unheard(1)', /no such function: unheard/],
  ])('%s', async (sql, said) => {
    const failure = await refusal(sql);
    expect(failure.code).toBe('sql-invalid');
    expect(failure.message).toMatch(said);
  });
});

describe('time', () => {
  const runaway = 'WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) FROM c';

  test('a query that never ends is stopped, and the next is answered at once', async () => {
    const startedAt = performance.now();
    expect(await refusal(runaway, {}, { timeoutMs: 300 })).toMatchObject({ code: 'timeout', retry: 'never' });
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    expect((await query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  });

  test('a cancelled query is stopped', async () => {
    const controller = new AbortController();
    const running = refusal(runaway, {}, { signal: controller.signal });
    await query('SELECT 1');
    controller.abort();
    expect((await running).code).toBe('cancelled');
    expect((await refusal('SELECT 1', {}, { signal: AbortSignal.abort() })).code).toBe('cancelled');
  });

  test('quick queries do not wait for slow ones', async () => {
    const controller = new AbortController();
    const slow = [1, 2].map(() => refusal(runaway, {}, { signal: controller.signal }));
    for (let count = 0; count < 3; count += 1) expect((await query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    controller.abort();
    expect((await Promise.all(slow)).map(({ code }) => code)).toEqual(['cancelled', 'cancelled']);
  });

  test('memory is bounded: a query that sorts without end fails', async () => {
    const sorted = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT x, printf('%.*c', 10000, 'x') AS y FROM c ORDER BY y, x DESC";
    expect(await refusal(sorted, {}, {})).toMatchObject({ code: 'sql-too-large', retry: 'never' });
    expect((await query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  });
});

test('a file that is replaced is opened anew', async () => {
  const other = await bench.database('other', 'CREATE TABLE t (a); INSERT INTO t VALUES (1)');
  const ofOther = async () => (await ask<QueryResult>(host, 'query', { connection: 'other', sql: 'SELECT a FROM t', parameters: {}, access: 'read' })).rows;
  expect(await ofOther()).toEqual([{ a: 1 }]);
  const next = await bench.database('next', 'CREATE TABLE t (a); INSERT INTO t VALUES (2)');
  await rename(next, other);
  expect(await ofOther()).toEqual([{ a: 2 }]);
  await rename(other, join(await bench.directory(), 'moved.db'));
  await expect(ofOther()).rejects.toMatchObject({ failure: { code: 'connection-unreachable' } });
});
