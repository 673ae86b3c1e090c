/** DuckDB files and folders stay as they are, byte for byte, whatever is asked of them, and a query that never ends is ended in time. */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import type { QueryResult } from '@switchyard/shared';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ClosableHost } from '../../host.ts';
import { ask, failureOf, HostBench, type AskOptions } from '../../testing/host-bench.ts';

const bench = new HostBench();
let host: ClosableHost;
let directory: string;
let before: Record<string, string>;

/** Every file below the folder with the hash of its bytes. */
async function filesOf(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const hashes = await Promise.all(
    files.sort().map(
      async (file) =>
        [
          file,
          createHash('sha256')
            .update(await readFile(file))
            .digest('hex'),
        ] as const,
    ),
  );
  return Object.fromEntries(hashes);
}

beforeAll(async () => {
  directory = await bench.directory();
  const folder = join(directory, 'figures');
  await mkdir(folder);
  await writeFile(join(folder, 'visits.csv'), 'day,page,visits\n2026-01-02,home,10\n2026-01-03,shop,7\n');
  await writeFile(join(folder, 'pages.json'), '[{"page":"home"},{"page":"shop"}]');
  const instance = await DuckDBInstance.create(join(directory, 'store.duckdb'));
  const connection = await instance.connect();
  await connection.run(`COPY (SELECT 1 AS id) TO '${join(folder, 'ids.parquet')}'; CREATE TABLE visits (id INTEGER); INSERT INTO visits VALUES (1), (2)`);
  connection.closeSync();
  instance.closeSync();
  bench.connections.figures = { type: 'duckdb', url: 'figures' };
  bench.connections.store = { type: 'duckdb', url: 'store.duckdb' };
  host = await bench.host();
  before = await filesOf(directory);
});
afterAll(() => bench.close());

const query = (connection: string, sql: string, options: AskOptions = {}) =>
  ask<QueryResult>(host, 'query', { connection, sql, parameters: {}, access: 'read' }, options);

const attempts = [
  // Hidden by comments.
  '/* SELECT 1 */ DELETE FROM visits',
  'DELETE/**/FROM visits -- SELECT',
  '-- SELECT 1\nINSERT INTO visits VALUES (3)',
  '/* /* nested */ SELECT 1 */ UPDATE visits SET id = 9',
  'SELECT 1 /* ; */ ; DELETE FROM visits',
  'SELECT 1; -- end\nDROP TABLE visits',
  "SELECT '/*'; DELETE FROM visits; --*/'",
  // Behind WITH.
  'WITH a AS (SELECT 1 AS id) INSERT INTO visits SELECT id FROM a',
  'WITH a AS (SELECT 1) DELETE FROM visits',
  'WITH a AS (SELECT 1) UPDATE visits SET id = 9',
  'WITH a AS (DELETE FROM visits RETURNING id) SELECT * FROM a',
  'WITH a AS (INSERT INTO visits VALUES (3) RETURNING id) SELECT * FROM a',
  "WITH a AS (SELECT 1) COPY (SELECT * FROM a) TO 'FOLDER/out.csv'",
  // Other statements.
  'VACUUM',
  'VACUUM ANALYZE',
  'ANALYZE',
  'CHECKPOINT',
  'FORCE CHECKPOINT',
  "COPY visits TO 'FOLDER/figures/visits.csv'",
  "COPY visits TO 'FOLDER/out.parquet' (FORMAT parquet)",
  "COPY visits FROM 'FOLDER/figures/visits.csv'",
  "ATTACH 'FOLDER/other.duckdb'",
  "ATTACH 'FOLDER/other.duckdb' AS other (READ_WRITE)",
  'DETACH store',
  'USE memory',
  "EXPORT DATABASE 'FOLDER/exported'",
  "IMPORT DATABASE 'FOLDER/exported'",
  'INSTALL json',
  "INSTALL 'FOLDER/evil.duckdb_extension'",
  'FORCE INSTALL httpfs',
  'LOAD httpfs',
  "LOAD 'FOLDER/evil.duckdb_extension'",
  'SET threads = 8',
  'SET GLOBAL threads = 8',
  'SET SESSION enable_external_access = true',
  "SET temp_directory = 'FOLDER'",
  'RESET threads',
  "PRAGMA temp_directory = 'FOLDER'",
  'PRAGMA enable_profiling',
  "PRAGMA profiling_output = 'FOLDER/profile.json'",
  'PREPARE p AS DELETE FROM visits',
  'EXECUTE p',
  'EXPLAIN ANALYZE DELETE FROM visits',
  'BEGIN TRANSACTION',
  'CREATE TABLE copy AS SELECT * FROM visits',
  'CREATE OR REPLACE VIEW visits AS SELECT 1',
  'CREATE SEQUENCE s',
  "CREATE TYPE mood AS ENUM ('happy')",
  "CREATE SECRET s (TYPE s3, KEY_ID 'a', SECRET 'b')",
  'ALTER TABLE visits ADD COLUMN x INTEGER',
  'TRUNCATE visits',
  "COMMENT ON TABLE visits IS 'x'",
  'MERGE INTO visits USING (SELECT 1 AS id) s ON visits.id = s.id WHEN MATCHED THEN DELETE',
  'CALL pragma_version()',
  "SELECT * FROM query('DELETE FROM visits')",
];

describe.each(['figures', 'store'])('on %s', (connection) => {
  test.each(attempts)('is refused: %s', async (sql) => {
    const failure = await failureOf(query(connection, sql.replaceAll('FOLDER', directory)));
    expect(failure).toMatchObject({ retry: 'never' });
    expect(['sql-refused', 'sql-invalid']).toContain(failure.code);
    expect(await filesOf(directory)).toEqual(before);
  });

  test('an endless recursion is stopped in time, and the next query has its answer', async () => {
    const endless = 'WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) FROM c';
    const startedAt = Date.now();
    const failure = await failureOf(query(connection, endless, { timeoutMs: 1_000 }));
    // Its memory may end before its time.
    expect(['timeout', 'sql-too-large']).toContain(failure.code);
    expect(Date.now() - startedAt).toBeLessThan(4_000);
    expect((await query(connection, 'SELECT count(*) AS n FROM visits')).rows).toEqual([{ n: 2 }]);
    expect(await filesOf(directory)).toEqual(before);
  });

  test('an endless recursion that keeps little is stopped by its time', async () => {
    const endless = 'WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x % 7 + 1 FROM c) SELECT x FROM c WHERE x > 100';
    expect((await failureOf(query(connection, endless, { timeoutMs: 800 }))).code).toBe('timeout');
    expect((await query(connection, 'SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  });
});
