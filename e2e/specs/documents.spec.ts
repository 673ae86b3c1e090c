/** Work is never lost, and goes out and in as the same bytes. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Designer } from '../designer.ts';
import { expect, test } from '../test.ts';

const program = join(import.meta.dirname, '../../apps/api/bin/switchyard.mjs');
const workspace = join(import.meta.dirname, '../../examples/order-desk/workspace.json');

test('export, import and export give the same bytes, and the command line runs the file with the same answer', async ({ designer, dataFolder }) => {
  await designer.show('Run');
  await designer.samples.nth(1).click();
  const question = await designer.question.inputValue();
  await designer.run();
  const answer = (await designer.answer()).replace(/^answer\s*/, '');

  const first = await designer.exported();
  const file = join(dataFolder, 'exported.json');
  writeFileSync(file, first.text);
  await designer.importFile(file);
  await expect(designer.page.getByText(/imported/i).first()).toBeVisible();
  await designer.press('Escape');
  const second = await designer.exported();
  expect(second.text).toBe(first.text);
  expect(JSON.parse(first.text)).toHaveProperty('requires');

  const { stdout, status } = spawnSync(process.execPath, [program, 'run', file, '--workspace', workspace, '--input', `question=${question}`, '--json'], {
    encoding: 'utf8',
  });
  expect(status).toBe(0);
  const result = JSON.parse(stdout) as { status: string; outputs: { answer: string } };
  expect(result.status).toBe('done');
  const words = (text: string) => text.replace(/\s+/g, ' ').trim();
  expect(words(answer)).toContain(words(result.outputs.answer).slice(0, 60));
});

test('edits survive a reload, and a server that is away', async ({ designer, page, context }) => {
  await designer.dragFromPalette('Template', { x: 420, y: 40 });
  await designer.saved();
  await page.reload();
  await expect(designer.card('Template')).toBeVisible();
  await context.setOffline(true);
  await designer.dragFromPalette('Branch', { x: 640, y: 40 });
  await expect(page.getByText('Offline: kept in this browser')).toBeVisible();
  await context.setOffline(false);
  await designer.saved();
  await page.reload();
  await expect(designer.card('Branch')).toBeVisible();
});

test('a stale save is refused, with a choice', async ({ designer, context, application, page }) => {
  const other = new Designer(await context.newPage());
  await other.open(application.origin);
  await designer.dragFromPalette('Template', { x: 420, y: 40 });
  await designer.select('Planner');
  await page.getByRole('textbox', { name: 'Instructions' }).fill('Be brief.');
  await designer.saved();
  await other.dragFromPalette('Branch', { x: 640, y: 40 });
  await other.page.getByRole('button', { name: 'Changed elsewhere' }).click();
  await expect(other.page.getByRole('dialog')).toContainText('changed elsewhere');
  const differences = other.page.getByRole('list', { name: /differences$/ }).locator('> li');
  await expect(differences).toContainText(['Only in yours', 'Only in theirs']);
  await expect(differences.filter({ hasText: 'Template' })).toContainText('Only in theirs');
  await expect(differences.filter({ hasText: 'Planner' })).toContainText(/Differs.*Instructions.*Yours.*Theirs.*Be brief/);
  await other.picture('7-conflict');
  await other.page.getByRole('button', { name: 'Keep mine as a copy' }).click();
  await expect(other.card('Branch')).toBeVisible();
  await expect(other.card('Template')).toHaveCount(0);
  await page.reload();
  await expect(designer.card('Template')).toBeVisible();
  await expect(designer.card('Branch')).toHaveCount(0);
});

test('taking the other version can be undone: what was given up is a flow of its own then', async ({ designer, context, application }) => {
  const other = new Designer(await context.newPage());
  await other.open(application.origin);
  await designer.dragFromPalette('Template', { x: 420, y: 40 });
  await designer.saved();
  await other.dragFromPalette('Branch', { x: 640, y: 40 });
  await other.page.getByRole('button', { name: 'Changed elsewhere' }).click();
  await other.page.getByRole('button', { name: 'Take theirs' }).click();
  await expect(other.card('Template')).toBeVisible();
  await expect(other.card('Branch')).toHaveCount(0);
  await other.page.getByRole('button', { name: 'Undo', exact: true }).last().click();
  await expect(other.page.getByRole('banner')).toContainText('(my copy)');
  await expect(other.card('Branch')).toBeVisible();
});

test('a file that is no flow changes nothing and says why', async ({ designer, dataFolder, page }) => {
  const file = join(dataFolder, 'broken.json');
  writeFileSync(file, '{ "format": "switchyard.flow", "version": 99, "name": "x", "nodes": {} }');
  const before = await designer.cards.count();
  await designer.importFile(file);
  await expect(page.getByText(/newer|version 99/i).first()).toBeVisible();
  await expect(designer.cards).toHaveCount(before);
});

test('each example of an empty canvas opens without a problem and runs', async ({ designer, page }) => {
  for (const title of ['Triage', 'Report']) {
    await designer.canvas.click({ position: { x: 20, y: 300 } });
    await page.keyboard.press('Control+a');
    await page.keyboard.press('Delete');
    await page.getByRole('button', { name: new RegExp(`^${title}`) }).click();
    await expect(designer.cards.first()).toBeVisible();
    await expect(page.getByText('None found: the flow can run')).toBeVisible();
    await designer.show('Run');
    if ((await designer.samples.count()) > 0) await designer.samples.first().click();
    await designer.run();
    await expect(page.getByRole('tabpanel', { name: 'Run' }).getByText('Done').first()).toBeVisible();
  }
});

test('an example becomes a flow of one’s own, and runs', async ({ designer, page }) => {
  await designer.show('Flows');
  await page.getByRole('button', { name: 'Example: Report' }).click();
  await expect(page.getByRole('banner')).toContainText('Report');
  await expect(page.getByRole('list', { name: 'Flows' }).getByRole('listitem')).toHaveCount(2);
  await designer.show('Run');
  await designer.samples.first().click();
  await designer.run();
  await designer.ended();
  await expect(page.getByRole('tabpanel', { name: 'Run' }).getByText('Done', { exact: true }).first()).toBeVisible();
});
