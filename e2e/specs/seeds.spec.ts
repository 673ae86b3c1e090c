/** Runs begun from others: from a row of the trace, from a node, with an edited result, with pinned outputs; replayed, and saved as a test. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from '../test.ts';
import type { Designer } from '../designer.ts';

/** The demo's first sample, answered; the trace is shown. */
async function firstRun(designer: Designer): Promise<string> {
  await designer.show('Run');
  await designer.samples.first().click();
  await designer.run();
  const answer = await designer.answer();
  await designer.ended();
  await designer.show('Trace');
  return answer;
}

test('a run begins again at a row of the trace, and what came before is marked as an earlier run’s', async ({ designer }) => {
  const answer = await firstRun(designer);
  await designer.traceRow(/^turn 2/).click();
  await designer.details.getByRole('button', { name: 'Run from here' }).click();
  await designer.ended();
  await expect(designer.traceRow(/^turn 1/).getByRole('img', { name: 'From an earlier run' })).toBeVisible();
  await expect(designer.traceRow(/^turn 2/).getByRole('img', { name: 'From an earlier run' })).toHaveCount(0);
  await designer.picture('10-from-here');
  await designer.show('Run');
  expect(await designer.answer()).toBe(answer);
});

test('an edited result forks the run', async ({ designer }) => {
  await firstRun(designer);
  await designer.traceRow(/carrier\.track/).click();
  const recorded = await designer.details.getByRole('group', { name: 'Body' }).innerText();
  const body = { ...(JSON.parse(recorded) as object), location: 'Nowhereville' };
  await designer.details.getByRole('button', { name: 'Edit and fork' }).click();
  const editor = designer.details.getByRole('textbox', { name: 'Edited result' });
  await editor.fill(JSON.stringify({ status: 200, headers: {}, body }));
  await designer.picture('11-fork');
  await designer.details.getByRole('button', { name: 'Fork with this' }).click();
  await designer.ended();
  await designer.show('Run');
  expect(await designer.answer()).toContain('Nowhereville');
});

test('a pinned node gives what it gave, whatever it is asked, until it is unpinned', async ({ designer, page }) => {
  const answer = await firstRun(designer);
  await designer.select('Planner');
  await designer.press('p');
  await expect(designer.card('Planner').getByRole('img', { name: /^Pinned/ })).toBeVisible();
  await designer.ask('How many orders were placed in 2025?');
  await designer.ended();
  expect(await designer.answer()).toBe(answer);
  await page.reload();
  await expect(designer.card('Planner').getByRole('img', { name: /^Pinned/ })).toBeVisible();
  await designer.show('Run');
  await expect(page.getByText('Pinned, so not run: Planner')).toBeVisible();
  await designer.picture('18-pinned');
  await designer.select('Planner');
  await designer.command('Pin or unpin its outputs');
  await expect(page.getByText('Pinned, so not run: Planner')).toHaveCount(0);
  await designer.run();
  await designer.ended();
  expect(await designer.answer()).not.toBe(answer);
});

test('a node is run from, alone and up to, from its card, its menu and its keys', async ({ designer, page }) => {
  await firstRun(designer);
  await designer.select('Planner');
  await page.getByRole('toolbar', { name: 'Run this node' }).getByRole('button', { name: 'Run this node' }).click();
  await designer.ended();
  await expect(designer.traceRow(/^Planner/)).toBeVisible();
  await expect(designer.traceRow(/^Answer/)).toHaveCount(0);
  await designer.card('Planner').click({ button: 'right' });
  await page.getByRole('menuitem', { name: /^Run to here/ }).click();
  await designer.ended();
  await expect(designer.traceRow(/^Answer/)).toHaveCount(0);
  await designer.press('Control+Shift+Enter');
  await designer.ended();
  await expect(designer.traceRow(/^Answer/)).toBeVisible();
});

test('an edit makes a result stale, with the reason, and what builds on it too', async ({ designer, page }) => {
  await firstRun(designer);
  await designer.select('Carrier');
  await page
    .getByRole('complementary', { name: 'Inspector' })
    .getByRole('button', { name: /^When it is slow or fails/ })
    .click();
  await page.getByRole('complementary', { name: 'Inspector' }).getByLabel('Tries', { exact: true }).fill('5');
  await expect(designer.card('Carrier')).toContainText('Stale');
  await expect(designer.card('Planner')).toContainText('Stale');
  await expect(designer.card('Mood')).not.toContainText('Stale');
  await expect(page.getByRole('button', { name: /^When it is slow or fails/ })).toContainText('5 tries');
  await designer.picture('12-stale');
  await designer.press('Control+z');
  await expect(designer.card('Planner')).not.toContainText('Stale');
});

test('a run is replayed without calling anything, and saved as a test', async ({ designer, page }) => {
  await firstRun(designer);
  await designer.traceRows.first().click();
  await designer.details.getByRole('button', { name: 'Replay' }).click();
  await expect(designer.details.getByRole('status', { name: 'Replay' })).toContainText('the same');
  await designer.picture('13-replay');
  const waiting = page.waitForEvent('download');
  await designer.details.getByRole('button', { name: 'Save as a test' }).click();
  const download = await waiting;
  const saved = JSON.parse(readFileSync(await download.path(), 'utf8')) as { format: string };
  expect(download.suggestedFilename()).toBe('order-desk.test.json');
  expect(saved.format).toBe('switchyard.test');
});

test('a replay that ends otherwise than was recorded shows both', async ({ designer, dataFolder }) => {
  await firstRun(designer);
  const store = new DatabaseSync(join(dataFolder, 'runs.db'), { timeout: 5000 });
  store.prepare('UPDATE runs SET outputs = ?').run(JSON.stringify({ answer: 'Something else.' }));
  store.close();
  await designer.traceRows.first().click();
  await designer.details.getByRole('button', { name: 'Replay' }).click();
  const note = designer.details.getByRole('status', { name: 'Replay' });
  await expect(note).toContainText('The replay takes another way.');
  await expect(note.getByRole('group', { name: 'Recorded' })).toContainText('Something else.');
  await expect(note.getByRole('group', { name: 'Now' })).toContainText('Ines Fontaine');
  await designer.picture('26-divergence');
});
