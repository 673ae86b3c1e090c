/** The same questions to the same data in SQLite, DuckDB, PostgreSQL and MariaDB: each must find what SQLite finds. */
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { isJsonObject, FailureError, type Catalogue, type Json, type JsonObject } from '@switchyard/shared';
import mysql from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findMariadb, startMariadb, type MariadbServer } from '../../../../testing/mariadb-server.ts';
import { findPostgres, startPostgres, type PostgresServer } from '../../../../testing/postgres-server.ts';
import type { ClosableHost } from '../../../host.ts';
import { ask, HostBench } from '../../../testing/host-bench.ts';
import { drive, type DrivenTool } from './testing/drive.ts';
import { shopStatements } from './testing/shop-in-dialects.ts';

if (!findPostgres()) process.stderr.write("PostgreSQL is not installed: the tests of the planner's SQL for it are skipped.\n");
if (!findMariadb()) process.stderr.write("MariaDB is not installed: the tests of the planner's SQL for it are skipped.\n");

const questions = [
  'How many orders are there?',
  'How many different statuses are there in orders?',
  'What is the total of all orders?',
  'What is the average total of orders?',
  'What is the average temperature?',
  'maximum total of orders',
  'minimum total of orders',
  'total per status',
  'average total per city',
  'orders per day in 2025',
  'orders per week in 2025',
  'orders per month',
  'orders per quarter',
  'orders per year',
  'orders per weekday',
  'concerts per month',
  'concerts per quarter',
  'concerts per week',
  'concerts per weekday',
  'readings per month',
  'books per year',
  'books per quarter',
  'How many readings per week?',
  'How many orders were placed in 2025?',
  'How many orders were placed between 2025-01-01 and 2025-03-31?',
  'orders since March 2025',
  'orders before 2025',
  'orders placed today',
  'orders placed yesterday',
  'orders of the last 30 days',
  'orders in the last 3 months',
  'How many orders in the last 2 quarters?',
  'How many orders in the last 2 years?',
  'orders in the last 2 weeks',
  'orders last week',
  'orders last month',
  'orders this month',
  'How many orders were placed this year?',
  'How many orders were placed last year?',
  'customers since 2024',
  'customers who joined in the last 30 days',
  'concerts in 2025',
  'concerts in the last 30 days',
  'concerts this year',
  'next concert',
  'readings in the last 30 days',
  'readings in February 2025',
  'books since 1960',
  'books of the last 100 years',
  'next order',
  'latest order',
  'first order',
  'latest 3 orders of Ada Smith',
  'latest concert',
  'last reading',
  'oldest book',
  'Which order has the highest total?',
  'Which order has the lowest total?',
  'top 3 orders by total',
  'longest book',
  'highest temperature of readings',
  'Which customer has the most orders?',
  'Which customer has the fewest orders?',
  'top 3 customers by total',
  'bottom 3 customers by total',
  'Which city has the highest total?',
  'Which month had the most orders?',
  'Which status has the lowest total?',
  'most expensive order line',
  'cheapest order line',
  'revenue per product name',
  'Tell me about customer ADA SMITH',
  'What is the email of ada smith?',
  "orders of customer Grace O'Brien",
  'orders of customer "grace o\'brien"',
  'What is the city of customer "José Maria"?',
  'orders of customer "Back\\slash"',
  'customer named "50%_off"',
  'customer named "100%"',
  'customer named "_"',
  'Show the order line Moka',
  'How many customers are in lisbon?',
  'customers not from Lisbon',
  'open orders',
  'How many orders are delivered or sent back?',
  'orders with status OPEN',
  'How many members are there?',
  'member customers',
  'customers who are not members',
  'How many orders are paid?',
  'unpaid orders',
  'orders over 80',
  'orders between 10 and 100',
  'How many orders are exactly 42?',
  'What is the status of order 5?',
  'Show customer 3',
  'How many orders did customers from Lisbon place in 2025?',
  'How many customers placed orders in the last 30 days?',
  'Customers without orders in 2025',
  'customers with more than 2 orders',
  'Which orders have order lines with Moka pot?',
  'Which customers have no email?',
  'number of order lines per order',
  'sum of quantity per product name',
  'orders per customer',
  'How many complaints are there?',
  'complaints per reason',
  'complaints in the last 7 days',
  'complaints of order 3',
  'orders without complaints',
  "How many complaints did Grace O'Brien file?",
  'latest complaint',
  'complaints with reason LATE',
  'What is the last order of Ada Smith and what are its order lines?',
] as const;

const bench = new HostBench();
let host: ClosableHost;
const sqliteAnswers = new Map<string, Json[][]>();

beforeAll(async () => {
  const types = { text: 'TEXT', key: 'INTEGER', flag: 'BOOLEAN', amount: 'DECIMAL(10,2)', fraction: 'REAL', day: 'DATE', moment: 'DATETIME' };
  await bench.database('sqlite', shopStatements(types, '', true).join(';\n'));
  host = await bench.host();
  const tool = await toolOf('sqlite');
  for (const question of questions) sqliteAnswers.set(question, await answers(question, tool));
});
afterAll(() => bench.close());

/** The free SQL tool of a connection, with the catalogue that the connection tells. */
async function toolOf(connection: string): Promise<DrivenTool> {
  const catalogue = await ask<Catalogue>(host, 'catalogue', { connection });
  return {
    node: 'shop',
    title: 'Shop',
    kind: 'sql',
    catalogue: catalogue as unknown as Json,
    tool: {
      name: 'shop_query',
      description: 'Runs one SQL SELECT.',
      parameters: { type: 'object', properties: { sql: { type: 'string' } }, required: ['sql'] },
    },
    call: async ({ sql }) => {
      try {
        return await ask(host, 'query', { connection, sql: String(sql), parameters: {}, access: 'read' });
      } catch (error) {
        if (!(error instanceof FailureError)) throw error;
        return { failure: { ...error.failure, sql: String(sql) } } as unknown as Json;
      }
    },
  };
}

/** The rows of each query that the planner makes for a question; of numbers, booleans and texts of numbers only what they are worth. */
async function answers(question: string, tool: DrivenTool): Promise<Json[][]> {
  const { turns } = await drive(question, [tool]);
  return turns.flat().map(({ result }) => {
    if (!isJsonObject(result) || !Array.isArray(result.rows)) throw new Error(`${question}: ${JSON.stringify(result)}`);
    return result.rows.filter(isJsonObject).map(plainRow);
  });
}

function plainRow(row: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plain(value)]));
}

function plain(value: Json): Json {
  if (typeof value === 'boolean') return Number(value);
  return typeof value === 'string' && value !== '' && !Number.isNaN(Number(value)) ? Number(value) : value;
}

function findsTheSame(connection: () => string, asked: readonly string[] = questions): void {
  let tool: DrivenTool;
  beforeAll(async () => {
    tool = await toolOf(connection());
  });
  test.each(asked)('%s', async (question) => {
    expect(await answers(question, tool)).toEqual(sqliteAnswers.get(question));
  });
}

test('SQLite finds something for every question', () => {
  const empty = questions.filter((question) => (sqliteAnswers.get(question) ?? []).flat().length === 0);
  // A wildcard of LIKE is a character like any other.
  expect(empty).toEqual(['customer named "100%"']);
});

describe('DuckDB', () => {
  beforeAll(async () => {
    const instance = await DuckDBInstance.create(join(await bench.directory(), 'shop.duckdb'));
    const connection = await instance.connect();
    const types = { text: 'VARCHAR', key: 'INTEGER', flag: 'BOOLEAN', amount: 'DECIMAL(10, 2)', fraction: 'DOUBLE', day: 'DATE', moment: 'TIMESTAMP' };
    await connection.run('CREATE SCHEMA sales');
    for (const statement of shopStatements(types, 'sales.', false)) await connection.run(statement);
    connection.closeSync();
    instance.closeSync();
    bench.connections.duckdb = { type: 'duckdb', url: 'shop.duckdb' };
  });
  findsTheSame(() => 'duckdb');
});

describe.skipIf(!findPostgres())('PostgreSQL', () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
    const given = new URL(await server.createDatabase());
    const admin = await server.connect(given.href);
    const types = {
      text: 'varchar(60)',
      key: 'integer',
      flag: 'boolean',
      amount: 'numeric(10,2)',
      fraction: 'double precision',
      day: 'date',
      moment: 'timestamp',
    };
    await admin.query('CREATE SCHEMA sales');
    for (const statement of shopStatements(types, 'sales.', true)) await admin.query(statement);
    await admin.end();
    bench.connections.postgres = { type: 'postgres', url: `postgres://${given.host}${given.pathname}`, username: 'switchyard' };
  }, 60_000);
  afterAll(() => server?.stop());
  findsTheSame(() => 'postgres');
});

describe.skipIf(!findMariadb())('MariaDB', () => {
  let server: MariadbServer;
  beforeAll(async () => {
    server = await startMariadb();
    const admin = await mysql.createConnection({ host: '127.0.0.1', port: server.port, user: 'root' });
    const types = { text: 'varchar(60)', key: 'int', flag: 'boolean', amount: 'decimal(10,2)', fraction: 'double', day: 'date', moment: 'datetime' };
    await admin.query("SET sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES'");
    for (const database of ['sales', 'shop']) await admin.query(`CREATE DATABASE ${database} CHARACTER SET utf8mb4`);
    await admin.query('USE shop');
    for (const statement of shopStatements(types, 'sales.', false)) await admin.query(statement);
    await admin.end();
    bench.connections.shop = { type: 'mysql', url: `mysql://127.0.0.1:${server.port}/shop`, username: 'root' };
    bench.connections.all = { type: 'mysql', url: `mysql://127.0.0.1:${server.port}`, username: 'root' };
  }, 60_000);
  afterAll(() => server?.stop());

  describe('one database', () =>
    findsTheSame(
      () => 'shop',
      questions.filter((question) => !question.includes('complaint')),
    ));
  describe('all databases', () => findsTheSame(() => 'all'));
});
