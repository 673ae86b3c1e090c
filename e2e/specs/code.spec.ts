/** A control node that writes code, shown before it runs; and models that stand in for its own. */
import { expect, test } from '../test.ts';

test('code is shown before it runs, and in the trace it is one row with what it called', async ({ designer, page }) => {
  const inspector = page.getByRole('complementary', { name: 'Inspector' });
  await designer.select('Planner');
  await inspector.getByRole('radio', { name: 'Code', exact: true }).click();
  await inspector.getByRole('button', { name: /^More: answer/ }).click();
  await inspector.getByRole('switch', { name: 'Show me the code first' }).click();
  await designer.ask('How many orders were placed in 2025?');
  await expect(designer.questions).toContainText('orders.query(');
  await expect(designer.questions.getByRole('group', { name: 'Code' }).locator('.text-control').first()).toBeVisible();
  await designer.picture('21-code');
  await designer.questions.getByRole('button', { name: 'Approve' }).click();
  expect(await designer.answer()).toMatch(/\d/);
  await expect(designer.card('Planner').getByRole('listitem').first()).toContainText('Shop orders: query');
  await designer.show('Trace');
  await designer.traceRow('planner.code').click();
  await expect(designer.details).toContainText('orders.query(');
  await expect(designer.traceRow('orders.query')).toBeVisible();
  await designer.picture('22-code-trace');
});

test('fallback models are a list, in the order in which they are asked', async ({ designer, page }) => {
  const inspector = page.getByRole('complementary', { name: 'Inspector' });
  await designer.select('Planner');
  await inspector.getByRole('button', { name: /^More: answer/ }).click();
  const fallback = inspector.getByRole('group', { name: 'Fallback models' });
  for (const [index, model] of ['writer', 'mood'].entries()) {
    await fallback.getByRole('button', { name: 'Add' }).click();
    await fallback.getByRole('combobox').nth(index).click();
    await page.getByRole('option', { name: new RegExp(`^${model}\\b`) }).click();
  }
  await fallback.getByRole('button', { name: 'Move mood up' }).click();
  const { text } = await designer.exported();
  expect(JSON.parse(text)).toMatchObject({ nodes: { planner: { config: { fallback: ['mood', 'writer'] } } } });
});

test('code that does not parse is told as it is typed: at the field, in the problems, and before anything runs', async ({ designer, page }) => {
  const inspector = page.getByRole('complementary', { name: 'Inspector' });
  await designer.dragFromPalette('Code', { x: 420, y: 40 });
  const code = inspector.getByRole('textbox', { name: 'Code' });
  await code.fill('const total = 1;\nreturn total +;');
  const mistake = 'Line 2, column 15: ";" is not expected here. The code cannot run as it is.';
  await expect(inspector).toContainText(mistake);
  await expect(code).toHaveAttribute('aria-invalid', 'true');
  await expect(code.locator('.cm-mistake')).toHaveText(';');
  await designer.show('Problems');
  await expect(page.getByRole('list', { name: 'Problems', exact: true })).toContainText(mistake);
  await designer.picture('23-code-mistake');
  await code.fill('const total = 1;\nreturn total + 1;');
  await expect(inspector).not.toContainText(mistake);
  await expect(code).not.toHaveAttribute('aria-invalid');
  await expect(code.locator('.cm-mistake')).toHaveCount(0);
});
