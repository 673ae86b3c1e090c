/** The order desk's shop and carrier: real, whole, the same at every start, and agreeing with one another. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import type { JsonObject } from '@switchyard/shared';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { carrierServer } from './carrier.ts';
import { makeShop } from './shop-data.ts';
import { shopDatabase } from './shop.ts';

const execute = promisify(execFile);
const directory = mkdtempSync(join(tmpdir(), 'shop-'));
afterAll(() => rmSync(directory, { recursive: true }));

describe('the shop', () => {
  test('is seeded once and well under a second, with its tables linked and indexed', async () => {
    const startedAt = performance.now();
    const path = await shopDatabase.prepare(directory);
    expect(performance.now() - startedAt).toBeLessThan(1_000);
    const writtenAt = statSync(path).mtimeMs;
    expect(await shopDatabase.prepare(directory)).toBe(path);
    expect(statSync(path).mtimeMs).toBe(writtenAt);
    const database = new DatabaseSync(path, { readOnly: true });
    const count = (table: string) => Number(database.prepare(`SELECT count(*) AS number FROM ${table}`).get()?.number);
    expect([count('customers'), count('products'), count('orders')]).toEqual([600, 80, 6_000]);
    expect(database.prepare('PRAGMA foreign_key_check').all()).toEqual([]);
    expect(database.prepare('PRAGMA foreign_key_list(order_lines)').all().length).toBe(2);
    expect(database.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
    expect(count("sqlite_schema WHERE type = 'index' AND sql IS NOT NULL")).toBe(6);
    database.close();
  });

  test('adds up: totals are those of their lines, orders come after their customers, parcels after their orders', async () => {
    const database = new DatabaseSync(await shopDatabase.prepare(directory), { readOnly: true });
    const none = (sql: string) => expect(database.prepare(sql).all(), sql).toEqual([]);
    none('SELECT o.id FROM orders o JOIN order_lines l ON l.order_id = o.id GROUP BY o.id HAVING abs(o.total - sum(l.line_total)) > 0.005');
    none('SELECT id FROM order_lines WHERE abs(line_total - quantity * unit_price) > 0.005');
    none('SELECT o.id FROM orders o JOIN customers c ON c.id = o.customer_id WHERE o.ordered_at < c.since');
    none('SELECT parcel FROM shipments s JOIN orders o ON o.id = s.order_id WHERE s.shipped_at <= o.ordered_at');
    none("SELECT o.id FROM orders o LEFT JOIN shipments s ON s.order_id = o.id WHERE (s.parcel IS NULL) <> (o.status IN ('packing', 'cancelled'))");
    none("SELECT id FROM orders WHERE ordered_at < '2024-07-01' OR ordered_at >= '2026-07-01'");
    none('SELECT name FROM customers GROUP BY name HAVING count(*) > 1');
    database.close();
  });

  test('is the same at every making', () => {
    expect(makeShop()).toEqual(makeShop());
  });

  test('two processes that seed at once both get the whole file, and leave nothing else behind', async () => {
    const shared = mkdtempSync(join(tmpdir(), 'shop-twice-'));
    const script = `import { shopDatabase } from ${JSON.stringify(pathToFileURL(join(import.meta.dirname, 'shop.ts')).href)}; console.log(await shopDatabase.prepare(${JSON.stringify(shared)}));`;
    const run = async () => (await execute(process.execPath, ['--input-type=module-typescript', '-e', script])).stdout.trim();
    const paths = await Promise.all([run(), run(), run()]);
    expect(new Set(paths).size).toBe(1);
    expect(readdirSync(shared).length).toBe(1);
    const database = new DatabaseSync(paths[0] ?? '', { readOnly: true });
    expect(database.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
    database.close();
    rmSync(shared, { recursive: true });
  });

  test('a changed script seeds a file of another name', async () => {
    const copy = mkdtempSync(join(tmpdir(), 'shop-changed-'));
    try {
      for (const file of ['random.ts', 'words.ts', 'shop-data.ts', 'shop.ts']) copyFileSync(join(import.meta.dirname, file), join(copy, file));
      writeFileSync(join(copy, 'words.ts'), `${readFileSync(join(copy, 'words.ts'), 'utf8')}\n// changed\n`);
      const script = `import { shopDatabase } from ${JSON.stringify(pathToFileURL(join(copy, 'shop.ts')).href)}; console.log(await shopDatabase.prepare(${JSON.stringify(directory)}));`;
      const { stdout } = await execute(process.execPath, ['--input-type=module-typescript', '-e', script]);
      expect(readdirSync(directory).length).toBe(2);
      expect(stdout.startsWith(directory)).toBe(true);
    } finally {
      rmSync(copy, { recursive: true });
    }
  });
});

describe('the carrier', () => {
  const shop = makeShop();
  let carrier: Awaited<ReturnType<typeof carrierServer.start>>;
  beforeAll(async () => {
    carrier = await carrierServer.start();
  });
  afterAll(() => carrier.close());

  const track = async (parcel: string) => {
    const response = await fetch(`${carrier.baseUrl}/parcels/${parcel}`);
    return { status: response.status, body: (await response.json()) as JsonObject };
  };

  test('knows each parcel of the shop, by the same status', async () => {
    const chosen = shop.shipments.filter((_, index) => index % 577 === 0 || index > shop.shipments.length - 12);
    const answers = await Promise.all(chosen.map(({ parcel }) => track(parcel)));
    expect(answers.map(({ status, body }) => [status, body.parcel, body.status])).toEqual(chosen.map(({ parcel, status }) => [200, parcel, status]));
    for (const { body } of answers) {
      expect(body.lastSeen).toBe((body.events as JsonObject[]).at(-1)?.at);
      expect(String(body.expected)).toMatch(/^\d{4}-\d\d-\d\d$/);
    }
  });

  test('says the same twice, and counts the delays that its events tell', async () => {
    const delayed = shop.shipments.find(({ delayTimes }) => delayTimes.length === 3)?.parcel ?? '';
    const first = await track(delayed);
    expect(await track(delayed)).toEqual(first);
    expect((first.body.events as JsonObject[]).filter(({ event }) => String(event).startsWith('Delayed')).length).toBe(3);
    expect(first.body.delays).toBe(3);
  });

  test('refuses what it does not know with a JSON error', async () => {
    expect(await track('P-1')).toMatchObject({ status: 404, body: { error: { code: 'parcel-unknown' } } });
    expect(await track('%zz')).toMatchObject({ status: 404, body: { error: { code: 'path-unknown' } } });
    const posted = await fetch(`${carrier.baseUrl}/parcels/P-20001`, { method: 'POST' });
    expect(posted.status).toBe(405);
  });

  test('listens on loopback alone, and is gone once closed', async () => {
    const second = await carrierServer.start();
    expect(second.baseUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(second.baseUrl).not.toBe(carrier.baseUrl);
    await second.close();
    await expect(fetch(`${second.baseUrl}/parcels/P-20001`)).rejects.toThrow();
  });
});
