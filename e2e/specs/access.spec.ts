/** Who may come in, and whether everyone can use it. */
import AxeBuilder from '@axe-core/playwright';
import { Designer } from '../designer.ts';
import { expect, test } from '../test.ts';

test('without a session the page says how to get one', async ({ application, page }) => {
  await page.goto(application.origin);
  await expect(page.getByRole('heading', { name: /^Open the address/ })).toBeVisible();
  await expect(page.locator('.react-flow__node')).toHaveCount(0);
});

test('the login address can be opened in the tab that asks for it', async ({ application, page }) => {
  await page.goto(application.origin);
  await expect(page.getByRole('heading', { name: /^Open the address/ })).toBeVisible();
  await page.goto(application.url);
  await expect(page.locator('.react-flow__node').first()).toBeVisible();
  expect(new URL(page.url()).hash).toBe('');
});

test('a code that is refused can be corrected', async ({ application, page }) => {
  await page.goto(application.origin);
  const code = page.getByLabel('Address, code or token');
  await code.fill('not the code');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByText(/^This code was used already/)).toBeVisible();
  await expect(code).toHaveValue('not the code');
  await code.fill(application.url);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.locator('.react-flow__node').first()).toBeVisible();
});

test('the login address works once', async ({ application, designer, browser }) => {
  await expect(designer.canvas).toBeVisible();
  expect(new URL(designer.page.url()).hash).toBe('');
  const stranger = await browser.newContext();
  const page = await stranger.newPage();
  await page.goto(application.url);
  await expect(page.getByRole('heading', { name: /^Open the address/ })).toBeVisible();
  await stranger.close();
});

test('what the window opens with is not asked for before there is a session: the refusal could be taken for the answer to what is asked then', async ({
  application,
  page,
}) => {
  const early: string[] = [];
  let isIn = false;
  page.on('request', (request) => {
    if (!isIn && /\/trpc\/(flows\.list|workspace\.get)/.test(request.url())) early.push(request.url());
  });
  await page.route('**/login', async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 2000));
    isIn = true;
    await route.continue();
  });
  await new Designer(page).open(application.url);
  expect(early).toEqual([]);
});

for (const theme of ['light', 'dark'] as const) {
  test(`axe finds no serious violation in the ${theme} theme`, async ({ designer, page }) => {
    // Each look at the page takes seconds on a busy machine.
    test.slow();
    await designer.theme(theme);
    const check = async (where: string) => {
      const { violations } = await new AxeBuilder({ page }).analyze();
      const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
      expect(serious.map(({ id, nodes }) => `${where}: ${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`)).toEqual([]);
    };
    await check('open');
    await designer.select('Planner');
    await check('inspector');
    await designer.show('Run');
    await designer.samples.first().click();
    await designer.run();
    await designer.answer();
    await check('answer');
    await designer.show('Trace');
    await designer.traceRow(/track/).click();
    await check('trace');
    await designer.show('Workspace');
    await check('workspace');
    await designer.show('Flows');
    await check('flows');
    await page.keyboard.press('Control+k');
    await check('command bar');
  });
}

test('the whole journey works by keyboard', async ({ designer, page }) => {
  await designer.show('Run');
  await designer.question.focus();
  await page.keyboard.type('How many orders were placed in 2025?');
  await page.keyboard.press('Control+Enter');
  expect(await designer.answer()).toMatch(/\d/);
});
