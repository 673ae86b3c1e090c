/** A newcomer: open, take a sample, run, watch, read the answer and the trace. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from '../test.ts';

/** The demo's database, as the application seeded it. */
function shop(dataFolder: string): DatabaseSync {
  const folder = join(dataFolder, 'examples', 'order-desk', 'shop');
  const file = readdirSync(folder).find((name) => name.endsWith('.db'));
  return new DatabaseSync(join(folder, file ?? 'missing'), { readOnly: true });
}

test('the demo answers its first sample with the figures of database and API', async ({ designer, dataFolder }) => {
  for (const title of ['Question', 'Planner', 'Shop orders', 'Carrier', 'Mood', 'Writer', 'Answer']) await expect(designer.card(title)).toBeVisible();
  await designer.show('Run');
  await expect(designer.samples).toHaveCount(4);
  await designer.picture('1-open');
  await designer.samples.first().click();
  // The sample has the focus: plain Enter would press it again.
  await designer.press('Control+Enter');
  await expect(
    designer
      .card('Planner')
      .getByText(/turn|running/i)
      .first(),
  ).toBeVisible();
  const answer = await designer.answer();

  const customer = /last order of ([^,]+),/.exec(await designer.question.inputValue())?.[1] ?? '';
  const database = shop(dataFolder);
  const order = database
    .prepare(
      `SELECT o.id, o.total, s.parcel FROM orders o JOIN customers c ON c.id = o.customer_id LEFT JOIN shipments s ON s.order_id = o.id WHERE c.name = ? ORDER BY o.ordered_at DESC, o.id DESC LIMIT 1`,
    )
    .get(customer) as { id: number; total: number; parcel: string };
  database.close();
  expect(answer).toContain(String(order.id));
  expect(answer).toContain(order.parcel);
  expect(answer).toMatch(/upset/i);
  await expect(designer.page.getByText(/no neural network/).first()).toBeVisible();
  await designer.picture('2-answer');

  await designer.show('Trace');
  await expect(designer.traceRows.first()).toBeVisible();
  await designer.traceRow(/track/).click();
  const trace = designer.page.getByRole('tabpanel', { name: 'Trace' });
  await expect(trace).toContainText(`/parcels/${order.parcel}`);
  await expect(trace).toContainText('"location"');
  await designer.picture('3-trace');
});

test('each of the four samples is answered', async ({ designer }) => {
  await designer.show('Run');
  for (let index = 0; index < 4; index += 1) {
    await designer.samples.nth(index).click();
    await designer.run();
    await expect(designer.page.getByRole('banner').getByRole('button', { name: /^Run/ })).toBeVisible({ timeout: 30_000 });
    expect(await designer.answer()).toMatch(/\d/);
  }
});
