/** Drawing: add, wire, set up, undo, copy, and see problems where they arise. */
import { boxOf, middle } from '../designer.ts';
import { expect, test } from '../test.ts';

test('a node is dragged from the palette, and undo takes it away again', async ({ designer }) => {
  const before = await designer.cards.count();
  await designer.dragFromPalette('Template', { x: 300, y: 60 });
  await expect(designer.card('Template')).toBeVisible();
  await expect(designer.cards).toHaveCount(before + 1);
  await designer.press('Control+z');
  await expect(designer.cards).toHaveCount(before);
  await designer.press('Control+Shift+z');
  await expect(designer.card('Template')).toBeVisible();
  await designer.saved();
});

test('a wire dropped on empty canvas offers what fits, places it and wires it', async ({ designer, page }) => {
  const links = await designer.links.count();
  await designer.dropWire(designer.port('Planner', 'call:'), await designer.place(420, 480));
  await expect(page.getByRole('option', { name: /^SQL/ })).toBeVisible();
  // An end can not be called, so it is not offered.
  await expect(page.getByRole('option', { name: /^Input/ })).toHaveCount(0);
  await designer.picture('4-picker');
  await designer.pick('HTTP API');
  await expect(designer.card('HTTP API')).toBeVisible();
  await expect(designer.links).toHaveCount(links + 1);
});

test('while a wire is drawn, what it may join is lit and the rest fades; Esc lets go of it', async ({ designer, page }) => {
  const links = await designer.links.count();
  await designer.drawWire(designer.port('Question', 'out:question'), await designer.place(400, 300));
  await expect(designer.card('Answer').locator('.card')).toHaveAttribute('data-lit', /.*/);
  await expect(designer.card('Shop orders').locator('.card')).not.toHaveAttribute('data-lit', /.*/);
  await page.keyboard.press('Escape');
  await page.mouse.up();
  await expect(designer.links).toHaveCount(links);
  await expect(page.getByRole('option')).toHaveCount(0);
});

test('a node is wired by its ports and set up in the inspector; problems stand at it until they are mended', async ({ designer, page }) => {
  await designer.dragFromPalette('Template', { x: 420, y: 40 });
  await expect(designer.card('Template')).toBeVisible();
  await designer.select('Template');
  const text = page.getByRole('complementary', { name: /inspector/i }).getByRole('textbox', { name: /^Text\b/ });
  await text.fill('Asked: {{question');
  await expect(designer.card('Template').getByLabel('Problems')).toBeVisible();
  await designer.show('Problems');
  await expect(page.getByRole('tabpanel', { name: /Problems/ })).toContainText(/template/i);
  await designer.picture('5-problem');
  await text.fill('Asked: {{question}}');
  await expect(designer.port('Template', 'in:question')).toBeAttached();
  await designer.connect(designer.port('Question', 'out:question'), designer.port('Template', 'in:question'));
  await expect(designer.card('Template').getByLabel('Problems')).toHaveCount(0);
});

test('cards are copied, pasted, duplicated and deleted, several at once', async ({ designer, page }) => {
  const before = await designer.cards.count();
  await designer.select('Carrier');
  await page.keyboard.press('Control+d');
  await expect(designer.cards).toHaveCount(before + 1);
  await page.keyboard.press('Delete');
  await expect(designer.cards).toHaveCount(before);
  await designer.canvas.click({ position: { x: 20, y: 300 } });
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Delete');
  await expect(designer.cards).toHaveCount(0);
  await page.keyboard.press('Control+z');
  await expect(designer.cards).toHaveCount(before);
});

test('copy and paste go through the clipboard as JSON text', async ({ designer, page, context, application }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: application.origin });
  const before = await designer.cards.count();
  await designer.select('Mood');
  await page.keyboard.press('Control+c');
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toContain('"kind"');
  await page.keyboard.press('Control+v');
  await expect(designer.cards).toHaveCount(before + 1);
});

test('a node dropped in the other layer slides home', async ({ designer }) => {
  await designer.dragFromPalette('SQL', { x: 700, y: 60 });
  const card = designer.card('SQL');
  await expect(card).toBeVisible();
  const planner = await boxOf(designer.card('Planner'));
  await expect.poll(async () => (await middle(card)).y).toBeGreaterThan(planner.y + planner.height);
});

test('a newcomer sees both layers of a new flow, and whatever is added to one', async ({ designer, page }) => {
  await designer.show('Flows');
  await page.getByRole('button', { name: 'New flow' }).click();
  await page.getByRole('button', { name: /^Start from a question/ }).click();
  await expect(designer.cards).toHaveCount(3);
  for (const card of await designer.cards.all()) await expect(card).toBeInViewport({ ratio: 0.99 });
  await expect(page.getByRole('application').getByText('Data layer')).toBeInViewport({ ratio: 0.99 });
  // Far up in the control layer: it slides into its own.
  await designer.dragFromPalette('SQL', { x: 300, y: 30 });
  await expect(designer.card('SQL')).toBeInViewport({ ratio: 0.99 });
  // Of the connections, those that it can use; to be added, those types.
  await page.getByRole('combobox', { name: /^Connection/ }).click();
  await expect(page.getByRole('option')).toHaveText([/^figures/, /^shop/, /^Add a connection/]);
  await designer.pick('Add a connection');
  await expect(page.getByRole('dialog').getByRole('listitem')).toHaveText([/^SQLite/, /^PostgreSQL/, /^MySQL/, /^DuckDB/]);
  await designer.press('Escape');
  await designer.picture('8-new-flow');
  // A press on its problem leads back to it from wherever one is.
  const { x, y } = await designer.place(500, 500);
  await page.mouse.move(x, y);
  await page.mouse.wheel(0, 1500);
  await expect(designer.card('SQL')).not.toBeInViewport();
  await designer.show('Problems');
  await page
    .getByRole('tabpanel', { name: /Problems/ })
    .getByText('Choose a connection')
    .click();
  await expect(designer.card('SQL')).toBeInViewport({ ratio: 0.99 });
});

test('the command bar finds every action and node, and help lists the keys', async ({ designer, page }) => {
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('dialog').getByRole('combobox')).toBeFocused();
  await page.keyboard.type('Carrier');
  await page.keyboard.press('Enter');
  await expect(designer.card('Carrier').locator('.card')).toHaveAttribute('data-selected', /.*/);
  await designer.canvas.click({ position: { x: 20, y: 300 } });
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog')).toContainText('Ctrl');
  await designer.picture('6-help');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(page.getByLabel(/^Flow canvas/)).toBeFocused();
});

test('a part of the window that cannot be loaded says so, and the rest stays', async ({ designer, page, complaints }) => {
  await page.route('**/assets/help-dialog*', (route) => route.abort());
  await page.reload();
  await expect(designer.card('Carrier')).toBeVisible();
  await designer.canvas.click({ position: { x: 20, y: 300 } });
  await page.keyboard.press('?');
  await expect(page.getByRole('alert').filter({ hasText: 'could not be shown' })).toContainText('What you changed is kept');
  await designer.select('Carrier');
  await expect(designer.card('Carrier').locator('.card')).toHaveAttribute('data-selected', /.*/);
  expect(complaints.splice(0).join()).toContain('help-dialog');
});

test('a node is chosen while the server is away: what is not loaded of its form comes when the server is back', async ({ designer, page }) => {
  let isAway = true;
  for (const part of ['**/assets/code-editor-view*', '**/health']) await page.route(part, (route) => (isAway ? route.abort() : route.continue()));
  await page.reload();
  await designer.select('Planner');
  const inspector = page.getByRole('complementary', { name: /inspector/i });
  await expect(page.getByText('A part of the window is not loaded yet.', { exact: true })).toBeVisible();
  await expect(inspector.getByRole('tab', { name: 'Set up' })).toBeVisible();
  await expect(inspector).toContainText('You answer questions about the shop');
  await expect(page.getByRole('alert').filter({ hasText: 'could not be shown' })).toHaveCount(0);
  isAway = false;
  await expect(inspector.locator('.cm-editor').first()).toBeVisible();
});

test('in a narrow window the answer has as much room as the form, and a long title leaves the bars of the trace free', async ({ designer, page }) => {
  await page.setViewportSize({ width: 1100, height: 700 });
  const form = await boxOf(page.getByRole('form', { name: 'Inputs of the next run' }));
  const panel = await boxOf(page.getByRole('tabpanel', { name: 'Run' }));
  expect(panel.width - form.width).toBeGreaterThanOrEqual(form.width);
  await designer.select('Question');
  await designer.press('F2');
  await designer.press('Control+a');
  await page.keyboard.type('What somebody asks of the shop, of its orders and of all its customers');
  await designer.press('Enter');
  await designer.ask('How many orders were placed in 2025?');
  await designer.ended();
  await designer.show('Trace');
  const label = designer
    .traceRow(/^What somebody asks/)
    .getByRole('gridcell')
    .first();
  expect(await label.evaluate((cell) => cell.scrollWidth - cell.clientWidth)).toBe(0);
});

test('auto layout keeps the layers and can be undone', async ({ designer, page }) => {
  const before = await boxOf(designer.card('Writer'));
  await designer.canvas.click({ position: { x: 20, y: 300 } });
  await page.keyboard.press('Shift+L');
  const planner = await boxOf(designer.card('Planner'));
  for (const title of ['Shop orders', 'Carrier', 'Mood', 'Writer']) expect((await boxOf(designer.card(title))).y).toBeGreaterThan(planner.y + planner.height);
  await page.keyboard.press('Control+z');
  await expect.poll(async () => Math.abs((await boxOf(designer.card('Writer'))).width - before.width)).toBeLessThan(200);
});

test('an empty flow is begun by keyboard alone', async ({ designer, page }) => {
  await designer.press('Control+k');
  await expect(page.getByRole('dialog').getByRole('combobox')).toBeFocused();
  await page.keyboard.type('New flow');
  await designer.press('Enter');
  const choice = page.getByRole('button', { name: /^Start from a question/ });
  await expect(choice).toBeVisible();
  // Tab on the canvas adds a node: F6 leads to what to begin with, and there Tab goes on.
  await expect(designer.canvas.locator('xpath=..')).toBeFocused();
  await designer.press('F6');
  await designer.press('Tab');
  await expect(choice).toBeFocused();
  await designer.press('Tab');
  await expect(page.getByRole('option')).toHaveCount(0);
  await designer.press('Shift+Tab');
  await designer.press('Enter');
  await expect(designer.cards).toHaveCount(3);
  await expect(designer.canvas.locator('xpath=..')).toBeFocused();
});
