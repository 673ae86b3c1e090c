/** Tables of several schemas: what they are called, and how SQL reaches them. */
import type { Catalogue, CatalogueColumn, Json, SqlDialect } from '@switchyard/shared';
import { expect, test } from 'vitest';
import { drive, type DrivenTool } from './testing/drive.ts';

const id: CatalogueColumn = { name: 'id', type: 'integer', nullable: false, primaryKey: true };
const customer: CatalogueColumn = { name: 'customer_id', type: 'integer', nullable: false };
const name: CatalogueColumn = { name: 'name', type: 'text', nullable: false };

/** The first SQL that the planner writes for a question over tables of these names. */
async function sqlFor(question: string, dialect: SqlDialect, names: readonly string[]): Promise<string> {
  const tables = names.map((table) => ({ name: table, rows: 5, columns: [id, table.includes('customers') ? name : customer] }));
  const catalogue: Catalogue = { dialect, tables };
  const tool: DrivenTool = {
    node: 'data',
    title: 'Data',
    kind: 'sql',
    catalogue: catalogue as unknown as Json,
    tool: {
      name: 'data_query',
      description: 'Runs one SQL SELECT.',
      parameters: { type: 'object', properties: { sql: { type: 'string' } }, required: ['sql'] },
    },
    call: () => ({ columns: ['number'], rows: [{ number: 5 }] }),
  };
  const { turns } = await drive(question, [tool]);
  return String(turns[0]?.[0]?.args.sql).replaceAll(/\s+/g, ' ');
}

test.each<[string, SqlDialect, string]>([
  ['How many orders are there?', 'postgres', 'SELECT COUNT(*) AS "number" FROM "orders"'],
  ['How many archive orders are there?', 'postgres', 'SELECT COUNT(*) AS "number" FROM "archive"."orders"'],
  ['How many archive orders are there?', 'duckdb', 'SELECT COUNT(*) AS "number" FROM "archive"."orders"'],
  ['How many archive orders are there?', 'mariadb', 'SELECT COUNT(*) AS `number` FROM `archive`.`orders`'],
  ['How many archive orders are there?', 'sqlite', 'SELECT COUNT(*) AS "number" FROM "archive.orders"'],
])('%s (%s)', async (question, dialect, sql) => {
  expect(await sqlFor(question, dialect, ['orders', 'archive.orders'])).toBe(sql);
});

test('a key that is only guessed points into its own schema', async () => {
  const names = ['old.customers', 'shop.customers', 'shop.orders'];
  expect(await sqlFor('How many orders per customer?', 'postgres', names)).toContain(
    'JOIN "shop"."customers" ON "shop"."customers"."id" = "shop"."orders"."customer_id"',
  );
});

test('of tables that are called the same, the one is meant that hangs together with the rest', async () => {
  const names = ['crm.customers', 'shop.customers', 'shop.orders'];
  expect(await sqlFor('Which customer has the most orders?', 'mysql', names)).toContain('FROM `shop`.`orders` JOIN `shop`.`customers`');
});

test('a part in quotes is one part', async () => {
  expect(await sqlFor('How many orders are there?', 'duckdb', ['"web.orders"'])).toBe('SELECT COUNT(*) AS "number" FROM "web.orders"');
  expect(await sqlFor('How many orders are there?', 'mysql', ['`a.b`.orders'])).toBe('SELECT COUNT(*) AS `number` FROM `a.b`.`orders`');
});
