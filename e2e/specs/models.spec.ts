/** Any OpenAI-compatible endpoint: added, tried out, chosen, streaming; and what is seen when things fail. */
import { startScriptedModel, type ScriptedModel } from '@switchyard/engine/testing';
import { expect, test } from '../test.ts';
import type { Designer } from '../designer.ts';

let model: ScriptedModel;

test.beforeEach(async () => {
  model = await startScriptedModel(() => ({ text: 'Ready.', toolCalls: [] }), { apiKey: 'sk-e2e-secret-key' });
});

test.afterEach(async () => {
  await model.close();
});

/** Adds the scripted model in the workspace panel as `own`, and lets the planner use it. */
async function useOwnModel(designer: Designer): Promise<void> {
  const { page } = designer;
  await designer.show('Workspace');
  await page.getByRole('button', { name: 'Add a model' }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('group', { name: 'Where the model is' }).getByRole('button').first().click();
  await dialog.getByLabel('Model', { exact: true }).fill('scripted');
  await dialog.getByLabel(/^Name in flows/).fill('own');
  await dialog.getByLabel(/^URL/).fill(model.baseUrl);
  await dialog.getByLabel(/^API key/).fill('sk-e2e-secret-key');
  await dialog.getByRole('button', { name: 'Save and test' }).click();
  await expect(dialog.getByRole('status')).toContainText(' ms)');
  // Saved once more, without writing its key again.
  await expect(dialog.getByLabel(/^API key/)).toHaveAttribute('placeholder', /^Kept as MODEL_OWN_KEY/);
  await dialog.getByRole('button', { name: 'Dismiss' }).click();
  await dialog.getByRole('button', { name: 'Save and test' }).click();
  await expect(dialog.getByRole('status')).toContainText(' ms)');
  await expect(dialog.getByRole('status')).not.toContainText('401');
  await designer.picture('8-model');
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Add a model' }).first()).toBeFocused();
  await designer.select('Planner');
  await page
    .getByRole('complementary', { name: /inspector/i })
    .getByRole('combobox', { name: /^Model/ })
    .click();
  await page.getByRole('option', { name: /^own/ }).click();
  await expect(designer.card('Planner')).toContainText('own');
}

test('an own endpoint is added, tested, chosen and used, and its key is never shown', async ({ designer, page }) => {
  await useOwnModel(designer);
  model.play([
    {
      toolCalls: [
        { name: 'orders_query', arguments: { sql: 'SELECT count(*) AS n FROM orders' } },
        { name: 'mood_ask', arguments: { text: 'I give up' } },
      ],
    },
    { text: 'There are many orders indeed, and the customer is upset.', chunkDelayMs: 60 },
  ]);
  await designer.ask('How many orders are there?');
  const answer = page.getByRole('tabpanel', { name: 'Run' });
  await expect(answer).toContainText('There are many');
  expect(await designer.answer()).toContain('the customer is upset.');
  await designer.show('Trace');
  await designer.traceRow(/query/).click();
  await expect(page.getByRole('tabpanel', { name: 'Trace' })).toContainText('SELECT count(*) AS n FROM orders');
  await designer.picture('9-own-model');
  expect(await page.content()).not.toContain('sk-e2e-secret-key');
  expect((await designer.exported()).text).not.toContain('sk-e2e-secret-key');
});

test('a failure says what failed, where and what to do, and is resumed from; and a run can be stopped', async ({ designer, page }) => {
  await useOwnModel(designer);
  model.play([{ status: 401, body: { error: { message: 'this key was revoked' } } }]);
  await designer.ask('Hello?');
  await expect(page.getByText(/this key was revoked/).first()).toBeVisible();
  await designer.picture('10-failure');
  model.play(['Hello again.']);
  await page.getByRole('alert').getByRole('button', { name: 'Resume' }).click();
  expect(await designer.answer()).toBe('Hello again.');
  model.play([{ fault: 'silent' }]);
  await designer.run();
  await model.arrived(1);
  await expect(page.locator('.wire[data-carrying]')).toHaveCount(1);
  await designer.stop();
  await expect(page.getByText(/cancelled/i).first()).toBeVisible();
  await expect(page.locator('.wire[data-carrying]')).toHaveCount(0);
});
