/** The same questions to the same data in SQLite, DuckDB, PostgreSQL and MariaDB: each must find what SQLite finds, and no SQL may fail, whatever the types. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { isJsonObject, type Catalogue, type Json } from '@switchyard/shared';
import fc from 'fast-check';
import mysql from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findMariadb, startMariadb, type MariadbServer } from '../../../../testing/servers/mariadb-server.ts';
import { findPostgres, startPostgres, type PostgresServer } from '../../../../testing/servers/postgres-server.ts';
import type { ClosableHost } from '../../../host.ts';
import { HostBench } from '../../../testing/host-bench.ts';
import { answersOf, connectionTool } from './testing/connection-tool.ts';
import { drive, type DrivenTool } from './testing/drive.ts';
import { oddNames, oddNameStatements } from './testing/odd-names.ts';
import { duckdbParcels, mariadbParcels, postgresParcels } from './testing/odd-types.ts';
import { shopStatements } from './testing/shop-in-dialects.ts';
import { shopQuestions } from './testing/shop-questions.ts';

if (!findPostgres()) process.stderr.write("PostgreSQL is not installed: the tests of the planner's SQL for it are skipped.\n");
if (!findMariadb()) process.stderr.write("MariaDB is not installed: the tests of the planner's SQL for it are skipped.\n");

const bench = new HostBench();
let host: ClosableHost;
const sqliteAnswers = new Map<string, Json[][]>();

beforeAll(async () => {
  const types = { text: 'TEXT', key: 'INTEGER', long: 'INTEGER', flag: 'BOOLEAN', amount: 'DECIMAL(10,2)', fraction: 'REAL', day: 'DATE', moment: 'DATETIME' };
  await bench.database('sqlite', shopStatements(types, '', true).join(';\n'));
  host = await bench.host();
  const tool = await connectionTool(host, 'sqlite');
  for (const question of shopQuestions) sqliteAnswers.set(question, await answersOf(question, tool));
});
afterAll(() => bench.close());

function findsTheSame(connection: string, questions: readonly string[] = shopQuestions): void {
  let tool: DrivenTool;
  beforeAll(async () => {
    tool = await connectionTool(host, connection);
  });
  test.each(questions)('%s', async (question) => {
    expect(await answersOf(question, tool)).toEqual(sqliteAnswers.get(question));
  });
}

const askingWords =
  `how many number of average total sum top 3 bottom 2 most fewest last first latest next oldest longest cheapest who where when which what is are was list show per by each day week month
  quarter year weekday in since before after between and not without no over under at least more than 20 2025 2025-03-01 March 2025 yesterday today this last "Lamp" 'x' P-1 a@b.example with from`.split(
    /\s+/,
  );

/** Their answers hold no moment, which databases write with its time zone or without. */
const figuresInTime = shopQuestions.filter((question) => /^(?:orders per|How many orders)/.test(question));

/** Requests at random from the words of the catalogue: most make little sense, and those that the planner takes must run. */
function everySqlRuns(connection: string): void {
  test(`no SQL fails on ${connection}`, async () => {
    const tool = await connectionTool(host, connection);
    const { tables } = tool.catalogue as unknown as Catalogue;
    const names = tables.flatMap((table) => [
      table.name,
      ...table.columns.flatMap(({ name, values = [] }) => [name.replaceAll('_', ' '), ...values.map(String)]),
    ]);
    const word = fc.oneof(fc.constantFrom(...askingWords), fc.constantFrom(...names));
    let ran = 0;
    for (const words of fc.sample(fc.array(word, { minLength: 2, maxLength: 9 }), { numRuns: 600, seed: 20260630 })) {
      for (const { result } of (await drive(words.join(' '), [tool])).turns.flat()) {
        if (isJsonObject(result) && isJsonObject(result.failure)) throw new Error(`"${words.join(' ')}": ${JSON.stringify(result.failure)}`);
        ran += 1;
      }
    }
    expect(ran).toBeGreaterThan(50);
  }, 60_000);
}

/** Whatever somebody is called, the name is found as it is written; where nobody has it, within longer ones. */
function everyNameIsFound(connection: string): void {
  test.each(['suspect', 'sign'])(`every name is found on ${connection}: %s`, async (noun) => {
    const tool = await connectionTool(host, connection);
    for (const [index, name] of oddNames.entries()) {
      const rows = (await answersOf(`${noun} named "${name}"`, tool)).flat();
      expect({ name, ids: rows.map((row) => row[`${noun}_id`]) }).toEqual({ name, ids: expect.arrayContaining([index]) as unknown });
    }
  });
}

test('SQLite finds something for every question', () => {
  const empty = shopQuestions.filter((question) => (sqliteAnswers.get(question) ?? []).flat().length === 0);
  // A wildcard of LIKE is a character like any other, and a letter with an accent is another than without.
  expect(empty).toEqual(['customer named "100%"', 'customer named "Jose Maria"', `orders over ${'9'.repeat(400)}`]);
});

describe('DuckDB', () => {
  beforeAll(async () => {
    const types = {
      text: 'VARCHAR',
      key: 'INTEGER',
      long: 'BIGINT',
      flag: 'BOOLEAN',
      amount: 'DECIMAL(10, 2)',
      fraction: 'DOUBLE',
      day: 'DATE',
      moment: 'TIMESTAMP',
    };
    await makeDuckdb('duckdb', ['CREATE SCHEMA sales', ...shopStatements(types, 'sales.', false)]);
    await makeDuckdb('duckdb-zoned', ["SET TimeZone = 'UTC'", 'CREATE SCHEMA sales', ...shopStatements({ ...types, moment: 'TIMESTAMPTZ' }, 'sales.', false)]);
    await makeDuckdb('duckdb-parcels', [...duckdbParcels, ...oddNameStatements]);
  });
  findsTheSame('duckdb');
  describe('moments with a time zone', () => findsTheSame('duckdb-zoned', figuresInTime));
  everySqlRuns('duckdb-parcels');
  everyNameIsFound('duckdb-parcels');

  test('a file with a point in its name is one table', async () => {
    const folder = join(await bench.directory(), 'files');
    await mkdir(folder);
    await writeFile(join(folder, 'web.visits.csv'), 'day,page,seconds\n2026-01-02,home,10\n2026-02-03,shop,7\n');
    bench.connections.files = { type: 'duckdb', url: 'files' };
    expect(await answersOf('average seconds of visits per month', await connectionTool(host, 'files'))).toEqual([
      [
        { month: '2026-01', average: 10 },
        { month: '2026-02', average: 7 },
      ],
    ]);
  });
});

async function makeDuckdb(name: string, statements: readonly string[]): Promise<void> {
  const instance = await DuckDBInstance.create(join(await bench.directory(), `${name}.duckdb`));
  const connection = await instance.connect();
  for (const statement of statements) await connection.run(statement);
  connection.closeSync();
  instance.closeSync();
  bench.connections[name] = { type: 'duckdb', url: `${name}.duckdb` };
}

describe.skipIf(!findPostgres())('PostgreSQL', () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
    const types = {
      text: 'varchar(60)',
      key: 'int',
      long: 'bigint',
      flag: 'boolean',
      amount: 'numeric(10,2)',
      fraction: 'double precision',
      day: 'date',
      moment: 'timestamp',
    };
    await makePostgres('postgres', ['CREATE SCHEMA sales', ...shopStatements(types, 'sales.', true)]);
    await makePostgres('postgres-zoned', [
      "SET timezone = 'UTC'",
      'CREATE SCHEMA sales',
      ...shopStatements({ ...types, moment: 'timestamptz' }, 'sales.', true),
    ]);
    await makePostgres('postgres-parcels', [...postgresParcels, ...oddNameStatements]);
  }, 60_000);
  afterAll(() => server?.stop());

  async function makePostgres(name: string, statements: readonly string[]): Promise<void> {
    const url = new URL(await server.createDatabase());
    const admin = await server.connect(url.href);
    for (const statement of statements) await admin.query(statement);
    await admin.end();
    bench.connections[name] = { type: 'postgres', url: `postgres://${url.host}${url.pathname}`, username: 'switchyard' };
  }

  findsTheSame('postgres');
  describe('moments with a time zone', () => findsTheSame('postgres-zoned', figuresInTime));
  everySqlRuns('postgres-parcels');
  everyNameIsFound('postgres-parcels');
});

describe.skipIf(!findMariadb())('MariaDB', () => {
  let server: MariadbServer;
  beforeAll(async () => {
    server = await startMariadb();
    const types = {
      text: 'varchar(60)',
      key: 'int',
      long: 'bigint',
      flag: 'boolean',
      amount: 'decimal(10,2)',
      fraction: 'double',
      day: 'date',
      moment: 'datetime',
    };
    const admin = await mysql.createConnection({ host: '127.0.0.1', port: server.port, user: 'root' });
    await admin.query("SET sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES'");
    for (const database of ['sales', 'shop', 'parcels']) await admin.query(`CREATE DATABASE ${database} CHARACTER SET utf8mb4`);
    for (const statement of ['USE shop', ...shopStatements(types, 'sales.', false)]) await admin.query(statement);
    for (const statement of ['USE parcels', ...mariadbParcels, ...oddNameStatements]) await admin.query(statement);
    await admin.end();
    const url = `mysql://127.0.0.1:${server.port}`;
    bench.connections.mariadb = { type: 'mysql', url: `${url}/shop`, username: 'root' };
    bench.connections['mariadb-parcels'] = { type: 'mysql', url: `${url}/parcels`, username: 'root' };
    bench.connections['mariadb-all'] = { type: 'mysql', url, username: 'root' };
  }, 60_000);
  afterAll(() => server?.stop());

  const isOfShop = (question: string) => !question.includes('complaint');
  describe('one database', () => findsTheSame('mariadb', shopQuestions.filter(isOfShop)));
  describe('all databases', () => findsTheSame('mariadb-all'));
  everySqlRuns('mariadb-parcels');
  everyNameIsFound('mariadb-parcels');
});
