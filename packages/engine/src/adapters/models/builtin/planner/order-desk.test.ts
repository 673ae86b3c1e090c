/** The order desk's sample questions, driven over its real database, carrier server and small models; figures are checked against SQL written by hand. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JsonObject } from '@switchyard/shared';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { drive } from './testing/drive.ts';
import { handRows } from './testing/first-rows.ts';
import { openOrderDesk, type OrderDesk } from './testing/order-desk.ts';

const directory = mkdtempSync(join(tmpdir(), 'order-desk-'));
let desk: OrderDesk;

beforeAll(async () => {
  desk = await openOrderDesk(directory);
});
afterAll(async () => {
  await desk.close();
  rmSync(directory, { recursive: true });
});

const lastOrderSql = `SELECT o.id, o.ordered_at, o.status, o.total, parcel FROM orders o JOIN customers c ON c.id = o.customer_id JOIN shipments s ON s.order_id = o.id
  WHERE c.name = 'Ines Fontaine' ORDER BY o.ordered_at DESC LIMIT 1`;

function byHand(sql: string): JsonObject {
  const [row] = handRows(desk.database, sql);
  if (!row) throw new Error(`Nothing found by ${sql}`);
  return row;
}

const grouped = (figure: unknown) => Number(figure).toLocaleString('en-GB', { minimumFractionDigits: 2, maximumFractionDigits: 2 });

test('1: where the last order is, and how its customer feels, in two turns of calls', async () => {
  const { answer, turns, texts } = await drive(desk.questions[0] ?? '', desk.tools);
  const order = byHand(lastOrderSql);
  expect(turns.map((turn) => turn.map(({ name }) => name))).toEqual([['orders_last_order', 'mood_ask'], ['carrier_track']]);
  expect(turns[1]?.[0]?.args).toEqual({ parcel: order.parcel });
  expect(texts[0]).toMatch(/^Plan \(built-in planner: no neural network, for trying out and for tests\):\n1\. .*\n2\. .*\n3\. /);
  expect(answer).toContain(
    `order ${order.id}, ordered at ${String(order.ordered_at).slice(0, 16)}, status ${order.status}, total ${Number(order.total).toFixed(2)}, parcel ${order.parcel}`,
  );
  const { body = {} } = (turns[1]?.[0]?.result ?? {}) as { body?: JsonObject };
  expect(body.delays).toBe(3);
  expect(answer).toContain(`Parcel ${order.parcel}: status ${body.status}, location ${body.location}`);
  expect(answer).toContain(`expected ${body.expected}, delays 3`);
  expect(answer).toMatch(/Mood of 'third delay, I give up': upset \(confidence 0\.\d+\)\./);
  expect(answer.split('\n').at(-1)).toBe('Sources: Shop orders (last order), Carrier (track), Mood.');
});

test('2: how many orders in 2025, and their average', async () => {
  const { answer } = await drive(desk.questions[1] ?? '', desk.tools);
  const figures = byHand("SELECT count(*) AS number, avg(total) AS average FROM orders WHERE strftime('%Y', ordered_at) = '2025'");
  expect(answer).toContain(`Number of orders in 2025: ${Number(figures.number).toLocaleString('en-GB')}.`);
  expect(answer).toContain(`Average total (orders) in 2025: ${grouped(figures.average)}.`);
  expect(answer.split('\n').at(-1)).toBe('Sources: Shop orders (query).');
});

test('3: the five customers with the highest total', async () => {
  const { answer } = await drive(desk.questions[2] ?? '', desk.tools);
  const rows = handRows(
    desk.database,
    "SELECT name, sum(total) AS s FROM orders JOIN customers c ON c.id = customer_id WHERE ordered_at >= '2026-01-01' GROUP BY c.id ORDER BY s DESC LIMIT 5",
  );
  expect(rows.length).toBe(5);
  rows.forEach((row, index) => {
    expect(answer).toContain(`${index + 1}. ${row.name}: ${grouped(row.s)}`);
  });
});

test('the revenue of a category', async () => {
  const { answer } = await drive('What was the revenue of the category Coffee in 2025?', desk.tools);
  const { s } = byHand(
    "SELECT sum(l.line_total) AS s FROM order_lines l JOIN orders o ON o.id = l.order_id JOIN products p ON p.id = l.product_id WHERE p.category = 'Coffee' AND o.ordered_at BETWEEN '2025-01-01' AND '2025-12-31 23:59:59'",
  );
  expect(answer).toContain(`: ${grouped(s)}.`);
});

test('4: a reply is written last, from what was found', async () => {
  const { answer, turns } = await drive(desk.questions[3] ?? '', desk.tools);
  const order = byHand(lastOrderSql);
  expect(turns.map((turn) => turn.map(({ name }) => name))).toEqual([['orders_last_order'], ['writer_ask']]);
  expect(turns[1]?.[0]?.args.customer).toBe('Ines Fontaine');
  expect(turns[1]?.[0]?.args.facts).toContain(`order ${order.id}`);
  expect(answer).toContain('Hello Ines Fontaine,');
  expect(answer).toContain('no neural network');
});

test('without named operations the same is found by SQL that the planner writes', async () => {
  const free = desk.tools.filter(({ tool }) => !['orders_last_order', 'orders_order_lines'].includes(tool.name));
  const { answer, turns } = await drive(desk.questions[0] ?? '', free);
  const order = byHand(lastOrderSql);
  expect(turns.map((turn) => turn.map(({ name }) => name))).toEqual([['orders_query', 'mood_ask'], ['carrier_track']]);
  expect(turns[1]?.[0]?.args).toEqual({ parcel: order.parcel });
  expect(answer).toContain('Sources: Shop orders (query), Carrier (track), Mood.');
});

test('several parcels are tracked in one turn', async () => {
  const { turns } = await drive('Where are the last 3 parcels of Ines Fontaine?', desk.tools);
  const wanted = handRows(
    desk.database,
    "SELECT parcel FROM shipments JOIN orders o ON o.id = order_id JOIN customers c ON c.id = customer_id WHERE c.name = 'Ines Fontaine' ORDER BY shipped_at DESC LIMIT 3",
  );
  expect(turns[1]?.map(({ args }) => args)).toEqual(wanted);
});

test('an unknown customer: it looks more widely once, then says that nothing was found', async () => {
  const { answer, turns } = await drive('Where is the last order of Nobody Atall?', desk.tools);
  expect(turns.flat().every(({ name }) => name.startsWith('orders_'))).toBe(true);
  expect(turns.length).toBe(2);
  expect(answer).toContain('nothing was found');
  expect(answer).toContain('Carrier (track) was not asked: no parcel was found.');
});

test('an unknown parcel: the carrier is asked once, and its refusal is told', async () => {
  const { answer, turns } = await drive('Where is parcel P-99999?', desk.tools);
  expect(turns.length).toBe(1);
  expect(answer).toContain('Carrier (track) failed for parcel P-99999: No parcel has the number "P-99999".');
});
