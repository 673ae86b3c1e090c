/** Each format of file that DuckDB reads here: rows with their types, by a folder of all of them and by a connection of its own. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import type { Catalogue, QueryResult } from '@switchyard/shared';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ClosableHost } from '../../host.ts';
import { ask, failureOf, HostBench } from '../../testing/host-bench.ts';

const bench = new HostBench();
let host: ClosableHost;

const lines = ['{"id":1,"name":"Ada","tags":["a","b"],"paid":1.5}', '{"id":2,"name":"Grace, \\"G\\"","tags":[],"paid":null}'].join('\n');

beforeAll(async () => {
  const folder = join(await bench.directory(), 'data');
  await mkdir(folder);
  await writeFile(join(folder, 'tabbed.tsv'), 'id\tname\tpaid\n1\tAda\t1.5\n2\tGrace, "G"\t\n');
  await writeFile(join(folder, 'lined.jsonl'), lines);
  await writeFile(join(folder, 'newline.ndjson'), `${lines}\n`);
  await writeFile(join(folder, 'comma.CSV'), 'id,name,paid\n1,Ada,1.5\n2,"Grace, ""G""",\n');
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(`
    CREATE TABLE people (id BIGINT, name VARCHAR, tags VARCHAR[], paid DECIMAL(6, 2), day DATE, place STRUCT(city VARCHAR, zip INTEGER), raw BLOB);
    INSERT INTO people VALUES (1, 'Ada', ['a', 'b'], 1.5, '2026-01-02', {'city': 'Ghent', 'zip': 9000}, '\\x01\\x02'::BLOB),
      (2, 'Grace, "G"', [], NULL, NULL, NULL, NULL);
    COPY people TO '${join(folder, 'people.parquet')}' (FORMAT parquet);
    COPY (SELECT range AS n FROM range(250000)) TO '${join(folder, 'many.parquet')}' (FORMAT parquet, COMPRESSION zstd);`);
  connection.closeSync();
  instance.closeSync();
  await writeFile(join(await bench.directory(), 'broken.parquet'), 'PAR1 is not all it takes');
  for (const file of ['tabbed.tsv', 'lined.jsonl', 'newline.ndjson', 'comma.CSV', 'people.parquet'])
    bench.connections[file] = { type: 'duckdb', url: `data/${file}` };
  bench.connections.data = { type: 'duckdb', url: 'data' };
  bench.connections.broken = { type: 'duckdb', url: 'broken.parquet' };
  host = await bench.host();
});
afterAll(() => bench.close());

const query = (connection: string, sql: string) => ask<QueryResult>(host, 'query', { connection, sql, parameters: {}, access: 'read' });

describe.each([
  ['tabbed.tsv', 'tabbed'],
  ['lined.jsonl', 'lined'],
  ['newline.ndjson', 'newline'],
  ['comma.CSV', 'comma'],
  ['people.parquet', 'people'],
])('%s', (file, table) => {
  test.each(['data', file])('is the table of its name on the connection %s', async (connection) => {
    expect((await query(connection, `SELECT id, name, paid FROM ${table} ORDER BY id`)).rows).toEqual([
      { id: 1, name: 'Ada', paid: 1.5 },
      { id: 2, name: 'Grace, "G"', paid: null },
    ]);
  });
});

test('lists, objects, dates and bytes of Parquet and JSON keep what they are', async () => {
  expect((await query('data', 'SELECT tags, day, place, raw FROM people ORDER BY id')).rows).toEqual([
    { tags: ['a', 'b'], day: '2026-01-02', place: { city: 'Ghent', zip: 9000 }, raw: { base64: 'AQI=' } },
    { tags: [], day: null, place: null, raw: null },
  ]);
  expect((await query('data', 'SELECT tags FROM lined ORDER BY id')).rows).toEqual([{ tags: ['a', 'b'] }, { tags: [] }]);
  expect((await query('data', 'SELECT count(*) AS n, max(n) AS most FROM many')).rows).toEqual([{ n: 250_000, most: 249_999 }]);
  expect((await query('data', 'SELECT p.name FROM people p JOIN tabbed t USING (id) JOIN newline n USING (id) WHERE n.paid = t.paid')).rows).toEqual([
    { name: 'Ada' },
  ]);
});

test('the catalogue tells their columns, samples, and a count that ended early', async () => {
  const { tables } = await ask<Catalogue>(host, 'catalogue', { connection: 'data' });
  expect(tables.map(({ name, rows, rowsAre }) => [name, rows, rowsAre])).toEqual([
    ['comma', 2, undefined],
    ['lined', 2, undefined],
    ['many', 100_000, 'at least'],
    ['newline', 2, undefined],
    ['people', 2, undefined],
    ['tabbed', 2, undefined],
  ]);
  const people = tables.find(({ name }) => name === 'people');
  expect(people?.columns.find(({ name }) => name === 'day')).toEqual({ name: 'day', type: 'DATE', nullable: true, samples: ['2026-01-02'] });
  expect(people?.columns.find(({ name }) => name === 'paid')).toEqual({ name: 'paid', type: 'DECIMAL(6,2)', nullable: true, samples: [1.5] });
});

test('one that is no Parquet says so, and which file it is', async () => {
  const failure = await failureOf(query('broken', 'SELECT 1'));
  expect(failure.code).toBe('connection-invalid');
  expect(failure.message).toContain('broken.parquet');
});
