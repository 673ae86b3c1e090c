/** For tests: the same small shop in SQLite, DuckDB, PostgreSQL and MariaDB, as statements that make it. */

/** What each database calls a type. */
export interface ShopTypes {
  text: string;
  key: string;
  long: string;
  flag: string;
  amount: string;
  fraction: string;
  day: string;
  moment: string;
}

/** Days from today on, in UTC, as `YYYY-MM-DD`. */
function dayFromToday(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
}

/** Statements for identifiers in double quotes and text without escapes. Tables in `schema` belong to a schema of their own, where the database has any. */
export function shopStatements(types: ShopTypes, schema: string, hasForeignKeysAcross: boolean): string[] {
  const { text, key, long, flag, amount, fraction, day, moment } = types;
  return [
    `CREATE TABLE customers (id ${key} PRIMARY KEY, name ${text} NOT NULL, city ${text}, email ${text}, is_member ${flag} NOT NULL, joined ${day})`,
    `CREATE TABLE orders (id ${key} PRIMARY KEY, customer_id ${key} NOT NULL REFERENCES customers (id), placed_at ${moment}, total ${amount}, status ${text} NOT NULL, is_paid ${flag})`,
    `CREATE TABLE "order lines" ("line number" ${key} PRIMARY KEY, order_id ${key} NOT NULL REFERENCES orders (id), "product name" ${text}, quantity ${key}, "unit price" ${amount})`,
    `CREATE TABLE concerts (id ${key} PRIMARY KEY, title ${text}, held_on ${text})`,
    `CREATE TABLE readings (id ${key} PRIMARY KEY, taken_at ${long}, temperature ${fraction})`,
    `CREATE TABLE books (id ${key} PRIMARY KEY, title ${text}, published_year ${key}, pages ${key})`,
    `CREATE TABLE ${schema}complaints (id ${key} PRIMARY KEY, order_id ${key} NOT NULL${hasForeignKeysAcross ? ' REFERENCES orders (id)' : ''}, reason ${text}, filed_on ${day})`,
    ...rows('customers', [
      [1, 'Ada Smith', 'Lisbon', 'ada@shop.example', true, '2023-05-01'],
      [2, "Grace O'Brien", 'Porto', 'grace@shop.example', false, '2024-02-29'],
      [3, 'Back\\slash "Ltd"', 'Lisbon', null, true, '2024-12-31'],
      [4, 'José Maria', 'Braga', 'jose@shop.example', false, null],
      [5, '50%_off Ltd', 'Porto', null, true, dayFromToday(-20)],
    ]),
    ...rows('orders', orderRows),
    ...rows('"order lines"', [
      [1, 1, 'Oak desk', 1, 120.5],
      [2, 1, 'Moka pot', 3, 9.99],
      [3, 2, "Chef's knife", 2, 45.25],
      [4, 3, 'Moka pot', 1, 10.49],
      [5, 4, 'Gift card', 2, null],
      [6, 5, 'oak shelf', null, 33.35],
    ]),
    ...rows('concerts', [
      [1, 'Winter songs', '2025-01-15'],
      [2, 'Spring songs', '2025-03-20 19:30:00'],
      [3, 'Open air', dayFromToday(-10)],
      [4, 'To be told', 'unknown'],
      [5, 'New year', '2024-12-31'],
      [6, 'Encore', ''],
      [7, 'Farewell', null],
      [8, 'Matinee', '2025-04-02T10:00:00Z'],
      [9, 'Soiree', '2025-04-06T22:15:00.123Z'],
    ]),
    ...rows('readings', [
      [1, 1_735_700_000, 3.5],
      [2, 1_740_000_000, 7.25],
      [3, 1_740_000_500, 12],
      [4, Date.parse(dayFromToday(-5)) / 1_000, -4.125],
      [5, null, null],
      // In milliseconds.
      [6, 1_740_000_600_000, 9],
      // Before 1970.
      [7, -86_400, 0.5],
    ]),
    ...rows('books', [
      [1, 'Emma', 1815, 474],
      [2, 'Dune', 1965, 612],
      [3, 'Solaris', 1961, 204],
      [4, 'A blank', null, null],
    ]),
    ...rows(`${schema}complaints`, [
      [1, 1, 'broken', '2025-02-10'],
      [2, 3, 'Late', dayFromToday(-3)],
      [3, 3, 'broken', dayFromToday(-400)],
    ]),
  ];
}

const orderRows = [
  [1, 1, '2024-12-30 23:30:00', 150.47, 'delivered', true],
  [2, 1, '2025-01-01 00:00:00', 90.5, 'delivered', true],
  [3, 2, '2025-03-31 12:00:00', 10.49, 'open', false],
  [4, 3, '2025-05-05 08:00:00', null, 'open', null],
  [5, 2, `${dayFromToday(0)} 00:00:01`, 33.35, 'sent back', true],
  [6, 5, `${dayFromToday(-1)} 10:00:00`, 7.05, 'open', false],
  [7, 5, `${dayFromToday(-29)} 10:00:00`, 80, 'delivered', true],
  [8, 3, `${dayFromToday(-31)} 10:00:00`, 61.2, 'delivered', true],
  [9, 3, `${dayFromToday(-100)} 10:00:00`, 0.1, 'open', true],
  [10, 2, `${dayFromToday(-300)} 10:00:00`, 0.2, 'delivered', false],
  [11, 1, `${dayFromToday(-500)} 10:00:00`, 1000, 'sent back', true],
  [12, 4, null, 42, 'open', true],
  [13, 1, `${dayFromToday(3)} 10:00:00`, 5, 'open', false],
];

function rows(table: string, values: readonly (readonly (string | number | boolean | null)[])[]): string[] {
  return values.map((row) => `INSERT INTO ${table} VALUES (${row.map(literal).join(', ')})`);
}

function literal(value: string | number | boolean | null): string {
  return typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value).toUpperCase();
}
