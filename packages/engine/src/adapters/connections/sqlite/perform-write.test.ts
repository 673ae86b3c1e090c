/** Writes to real SQLite files: what one statement may change, what comes back, and what is refused with the file unchanged. */
import { createHash } from 'node:crypto';
import { chmod, readFile, readdir } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import type { JsonObject, QueryResult } from '@switchyard/shared';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ClosableHost } from '../../host.ts';
import { ask, failureOf, HostBench, type AskOptions } from '../../testing/host-bench.ts';

let bench: HostBench;
let host: ClosableHost;
let file: string;

const shop = `
  CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
  CREATE TABLE orders (id INTEGER PRIMARY KEY AUTOINCREMENT, customer INTEGER NOT NULL REFERENCES customers, status TEXT CHECK (status <> 'bad'));
  CREATE TABLE log (text TEXT);
  CREATE TRIGGER logged AFTER UPDATE ON orders BEGIN INSERT INTO log VALUES (old.status || ' to ' || new.status); END;
  CREATE VIEW open_orders AS SELECT * FROM orders WHERE status = 'open';
  CREATE VIRTUAL TABLE notes USING fts5(body);
  INSERT INTO customers VALUES (1, 'Ada'), (2, 'Grace');
  INSERT INTO orders VALUES (1, 1, 'open'), (2, 1, 'done'), (3, 2, 'open');
  INSERT INTO notes VALUES ('the parcel is late');
`;

beforeEach(async () => {
  bench = new HostBench();
  file = await bench.database('shop', shop);
  host = await bench.host();
});
afterEach(() => bench.close());

const query = (sql: string, parameters: JsonObject = {}) => ask<QueryResult>(host, 'query', { connection: 'shop', sql, parameters, access: 'read' });
const write = (sql: string, parameters: JsonObject = {}, options: AskOptions = {}) =>
  ask<QueryResult>(host, 'query', { connection: 'shop', sql, parameters, access: 'write' }, { effect: 'write', ...options });

describe('a write', () => {
  test('says how many rows it changed, and is there for the next read', async () => {
    const done = await write('UPDATE orders SET status = :status WHERE customer = :customer', { status: 'sent', customer: 1 });
    expect(done).toEqual({ columns: [], rows: [], affected: 2 });
    expect((await query("SELECT count(*) AS n FROM orders WHERE status = 'sent'")).rows).toEqual([{ n: 2 }]);
    expect((await query('SELECT text FROM log ORDER BY text')).rows, 'by a trigger of the database').toEqual([
      { text: 'done to sent' },
      { text: 'open to sent' },
    ]);
    expect((await write('DELETE FROM orders WHERE id = 99')).affected).toBe(0);
    expect((await write('DELETE FROM orders')).affected).toBe(3);
  });

  test('gives the rows that it returns, and makes all changes even where it shows only some', async () => {
    expect(await write("INSERT INTO orders (customer, status) VALUES (2, 'open') RETURNING id, status")).toEqual({
      columns: ['id', 'status'],
      rows: [{ id: 4, status: 'open' }],
      affected: 1,
    });
    const many = await write(
      "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 2500) INSERT INTO log SELECT 'line ' || x FROM c RETURNING text",
    );
    expect([many.rows.length, many.truncated, many.affected]).toEqual([1_000, true, 2_500]);
    expect((await query('SELECT count(*) AS n FROM log')).rows).toEqual([{ n: 2_500 }]);
  });

  test('may be an upsert, a replacement, one to a full-text table, and have comments', async () => {
    expect((await write("INSERT INTO customers VALUES (1, 'Ada L.') ON CONFLICT (id) DO UPDATE SET name = excluded.name")).affected).toBe(1);
    expect((await write("REPLACE INTO customers VALUES (3, 'Edsger')")).affected).toBe(1);
    expect((await write("-- one more\nINSERT INTO notes VALUES ('a second parcel') /* done */;")).affected).toBe(1);
    expect((await query("SELECT count(*) AS n FROM notes WHERE notes MATCH 'parcel'")).rows).toEqual([{ n: 2 }]);
  });

  test('is made whole or not at all', async () => {
    const failure = await failureOf(write("UPDATE orders SET status = CASE id WHEN 3 THEN 'bad' ELSE 'sent' END"));
    expect(failure).toMatchObject({ code: 'sql-constraint', retry: 'never' });
    expect((await query("SELECT count(*) AS n FROM orders WHERE status = 'sent'")).rows).toEqual([{ n: 0 }]);
    expect((await failureOf(write("INSERT INTO orders (customer, status) VALUES (77, 'open')"))).code).toBe('sql-constraint');
  });

  test('may be tried again where another writer holds the file: nothing was done', async () => {
    const other = new DatabaseSync(file);
    other.exec('BEGIN IMMEDIATE');
    try {
      expect(await failureOf(write('DELETE FROM log'))).toMatchObject({ code: 'connection-busy', retry: 'policy' });
    } finally {
      other.close();
    }
    expect((await write('DELETE FROM orders WHERE id = 1')).affected).toBe(1);
  });

  test('that is ended when its time is up has an unknown outcome, and did not happen', async () => {
    const endless = 'WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) INSERT INTO log SELECT x FROM c WHERE x < 0';
    expect(await failureOf(write(endless, {}, { timeoutMs: 1_500 }))).toMatchObject({ code: 'outcome-unknown', retry: 'never' });
    expect((await query('SELECT count(*) AS n FROM log')).rows).toEqual([{ n: 0 }]);
    expect((await write("INSERT INTO log VALUES ('next')")).affected).toBe(1);
  });

  // The system's superuser may write to any file.
  if (process.getuid?.() !== 0) {
    test('to a file that may only be read is told so', async () => {
      await chmod(file, 0o444);
      expect(await failureOf(write('DELETE FROM log'))).toMatchObject({ code: 'connection-unreachable' });
    });
  }

  test('reads nothing that a read would not', async () => {
    expect((await failureOf(write("INSERT INTO log SELECT readfile('/etc/passwd')"))).code).toMatch(/^sql-/);
    expect((await failureOf(write('INSERT INTO log SELECT data FROM sqlite_dbpage'))).code).toMatch(/^sql-/);
  });
});

describe('what is refused', () => {
  const fingerprint = async () => [
    (await readdir(await bench.directory())).sort(),
    createHash('sha256')
      .update(await readFile(file))
      .digest('hex'),
  ];

  test.each([
    'SELECT 1',
    'VALUES (1)',
    'WITH c AS (SELECT 1) SELECT * FROM c',
    'EXPLAIN DELETE FROM orders',
    'DROP TABLE orders',
    'CREATE TABLE t (a)',
    'CREATE TABLE t AS SELECT 1',
    'CREATE TEMP TABLE t (a)',
    'CREATE TRIGGER t AFTER INSERT ON log BEGIN DELETE FROM orders; END',
    'CREATE VIEW v AS SELECT 1',
    'CREATE INDEX i ON orders (status)',
    'ALTER TABLE orders RENAME TO o',
    "ATTACH 'other.db' AS other",
    "VACUUM INTO 'copy.db'",
    'VACUUM',
    'PRAGMA writable_schema = ON',
    'PRAGMA user_version = 7',
    'REINDEX',
    'ANALYZE',
    'BEGIN',
    'COMMIT',
    'SAVEPOINT s',
    'DELETE FROM orders; DELETE FROM log',
    "DELETE FROM orders WHERE 0; ATTACH 'x.db' AS x",
    "INSERT INTO sqlite_master VALUES ('table', 't', 't', 2, 'CREATE TABLE t (a)')",
    "UPDATE sqlite_schema SET sql = ''",
    'DELETE FROM sqlite_sequence',
    "UPDATE main.sqlite_master SET name = 'x'",
    "INSERT INTO sqlite_dbpage VALUES (1, x'00')",
    "INSERT INTO notes_data VALUES (99, x'00')",
    "INSERT INTO open_orders VALUES (9, 1, 'open')",
    "INSERT INTO log SELECT load_extension('evil')",
    "INSERT INTO log SELECT fts3_tokenizer('simple')",
    "UPDATE log SET text = writefile('out', 'x')",
    'DELETE FROM log\u0000; DROP TABLE orders',
    'INSERT INTO pragma_user_version VALUES (7)',
  ])('%s', async (sql) => {
    const before = await fingerprint();
    const failure = await failureOf(write(sql));
    expect(failure.retry).toBe('never');
    expect(['sql-refused', 'sql-invalid']).toContain(failure.code);
    expect(failure.message).toMatch(/^The query on connection "shop" failed: .+\.$/s);
    expect(await fingerprint()).toEqual(before);
  });

  test('says what is allowed', async () => {
    expect((await failureOf(write('DROP TABLE orders'))).message).toContain('Send one INSERT, UPDATE or DELETE');
    expect((await failureOf(write('SELECT 1'))).message).toContain('begins with SELECT');
    expect((await failureOf(write('DELETE FROM ordres'))).message).toContain('There is orders');
  });

  test('also a read by a node that may write stays one', async () => {
    expect((await failureOf(query('DELETE FROM log'))).code).toBe('sql-refused');
  });
});
