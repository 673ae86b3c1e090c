/** The database `order-desk/shop`: writes the made-up shop to a SQLite file, once per version of what makes it. */
import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { ExampleDatabase } from '@switchyard/shared';
import { makeShop, timeText, type Shop } from './shop-data.ts';

// Days and moments are TEXT: a column of type DATE would compare as a number where a query says no more than a year.
const schema = `
CREATE TABLE customers (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  email TEXT NOT NULL UNIQUE,
  city TEXT NOT NULL,
  country TEXT NOT NULL,
  since TEXT NOT NULL
);
CREATE TABLE products (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  category TEXT NOT NULL,
  price REAL NOT NULL
);
CREATE TABLE orders (
  id INTEGER PRIMARY KEY,
  customer_id INTEGER NOT NULL REFERENCES customers (id),
  ordered_at TEXT NOT NULL,
  status TEXT NOT NULL,
  total REAL NOT NULL
);
CREATE TABLE order_lines (
  id INTEGER PRIMARY KEY,
  order_id INTEGER NOT NULL REFERENCES orders (id),
  product_id INTEGER NOT NULL REFERENCES products (id),
  quantity INTEGER NOT NULL,
  unit_price REAL NOT NULL,
  line_total REAL NOT NULL
);
CREATE TABLE shipments (
  parcel TEXT PRIMARY KEY,
  order_id INTEGER NOT NULL REFERENCES orders (id),
  carrier TEXT NOT NULL,
  shipped_at TEXT NOT NULL,
  status TEXT NOT NULL
);`;

// Made after the rows, which is faster than keeping them up with every insert.
const indexes = `
CREATE INDEX customers_by_city ON customers (city);
CREATE INDEX orders_by_customer ON orders (customer_id, ordered_at);
CREATE INDEX orders_by_time ON orders (ordered_at);
CREATE INDEX order_lines_by_order ON order_lines (order_id);
CREATE INDEX order_lines_by_product ON order_lines (product_id);
CREATE INDEX shipments_by_order ON shipments (order_id);`;

const sources = ['random.ts', 'words.ts', 'shop-data.ts', 'shop.ts'];

/** Names the file by a hash of the scripts that make it, so that a changed script makes a new one. */
function fileName(): string {
  const hash = createHash('sha256');
  for (const source of sources) hash.update(readFileSync(join(import.meta.dirname, source)));
  return `order-desk-shop-${hash.digest('hex').slice(0, 12)}.db`;
}

function writeShop(path: string, shop: Shop): void {
  const database = new DatabaseSync(path);
  try {
    // The file is made anew or not at all, so it needs no journal of its own while it is filled.
    database.exec(`PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA foreign_keys = ON; BEGIN;${schema}`);
    const insert = (table: string, rows: (string | number)[][]) => {
      const statement = database.prepare(`INSERT INTO ${table} VALUES (${rows[0]?.map(() => '?').join(', ')})`);
      for (const row of rows) statement.run(...row);
    };
    insert(
      'customers',
      shop.customers.map((row) => [row.id, row.name, row.email, row.city, row.country, row.since]),
    );
    insert(
      'products',
      shop.products.map((row) => [row.id, row.name, row.category, row.price]),
    );
    insert(
      'orders',
      shop.orders.map((row) => [row.id, row.customerId, row.orderedAt, row.status, row.total]),
    );
    insert(
      'order_lines',
      shop.orderLines.map((row) => [row.id, row.orderId, row.productId, row.quantity, row.unitPrice, row.lineTotal]),
    );
    insert(
      'shipments',
      shop.shipments.map((row) => [row.parcel, row.orderId, row.carrier, timeText(row.shippedAt), row.status]),
    );
    database.exec(`COMMIT;${indexes} ANALYZE;`);
  } finally {
    database.close();
  }
}

/** The shop's database: customers, products, orders, their lines and shipments. */
export const shopDatabase: ExampleDatabase = {
  type: 'sqlite',
  async prepare(directory) {
    const path = join(directory, fileName());
    if (existsSync(path)) return path;
    mkdirSync(directory, { recursive: true });
    const draft = `${path}.${randomUUID()}.draft`;
    try {
      writeShop(draft, makeShop());
      // Two processes may both come here: each renames a whole file, and both files are the same.
      renameSync(draft, path);
    } finally {
      rmSync(draft, { force: true });
    }
    return path;
  },
};
