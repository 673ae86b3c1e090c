/** Flows within a document, opened and edited where they are used: in, out, undo, mistakes, and what a run did there. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import type { Application } from '../application.ts';
import type { Designer } from '../designer.ts';
import { expect, test } from '../test.ts';

const inbox = JSON.parse(readFileSync(join(import.meta.dirname, '../../examples/inbox/flow.json'), 'utf8')) as Record<string, unknown>;

const crumbs = (page: Page) => page.getByRole('navigation', { name: 'Open flow' });
const inspector = (page: Page) => page.getByRole('complementary', { name: /inspector/i });

/** What keeps somebody from using the window as it is now. */
async function barriers(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
}

/** The example, opened and run with its sample. */
async function runLetters(application: Application, designer: Designer): Promise<void> {
  await application.mutate('flows.create', { flow: { ...inbox, name: 'Letters' } });
  await designer.page.reload();
  await designer.openFlow('Letters');
  await designer.samples.first().click();
  await designer.run();
  await designer.ended();
}

test('a flow of the document is opened, edited, undone, left, and still there after a reload', async ({ designer, page, application }) => {
  await application.mutate('flows.create', { flow: { ...inbox, name: 'Letters' } });
  await page.reload();
  await designer.openFlow('Letters');
  await designer.card('Heading').dblclick();
  await expect(crumbs(page)).toHaveText('Lettersheading');
  await expect(page.getByText('Used by 1 node').first()).toBeVisible();
  await expect(designer.cards).toHaveCount(3);
  await designer.picture('80-flow-within-open');
  expect(await barriers(page)).toEqual([]);

  // Added, wired, renamed, copied and moved as anywhere.
  await designer.dragFromPalette('Template', { x: 300, y: 90 });
  await designer.connect(designer.port('Template', 'out:text'), designer.port('Text', 'in:text'));
  await expect(designer.links).toHaveCount(3);
  await designer.select('Words');
  await designer.press('F2');
  await page.keyboard.type('Sentence');
  await page.keyboard.press('Enter');
  await expect(designer.card('Sentence')).toBeVisible();
  await designer.press('Control+d');
  await expect(designer.cards).toHaveCount(5);
  await designer.press('Shift+L');

  // Escape lets go of the selection, then leads out, to the node through which one came in.
  await designer.press('Escape');
  await designer.press('Escape');
  await expect(crumbs(page)).toHaveCount(0);
  await expect(designer.cards).toHaveCount(7);
  await expect(inspector(page).getByLabel('Title of the node')).toHaveValue('Heading');
  // Enter leads in again; an undo from outside opens the flow that it changes.
  await designer.press('Enter');
  await expect(designer.cards).toHaveCount(5);
  await crumbs(page).getByRole('button', { name: 'Letters' }).click();
  await designer.press('Control+z');
  await expect(crumbs(page)).toContainText('heading');
  await designer.press('Control+z');
  await expect(designer.cards).toHaveCount(4);
  await designer.saved();
  const before = JSON.parse((await designer.exported()).text) as { flows: { heading: { nodes: Record<string, unknown> } } };
  expect(Object.keys(before.flows.heading.nodes)).toEqual(['end', 'start', 'template', 'words']);
  // The window comes back where it was left, and from there leads out as before.
  await page.reload();
  await expect(crumbs(page)).toHaveText('Lettersheading');
  await expect(designer.cards).toHaveCount(4);
  await crumbs(page).getByRole('button', { name: 'Letters' }).click();
  await expect(designer.cards).toHaveCount(7);
  await page.reload();
  await expect(designer.cards).toHaveCount(7);
  await page
    .getByRole('region', { name: 'Flows within this flow' })
    .getByRole('button', { name: /^heading/ })
    .click();
  await expect(designer.card('Sentence')).toBeVisible();
});

test('a mistake within a flow shows at the node that runs it, and a press leads there', async ({ designer, page, application }) => {
  await application.mutate('flows.create', { flow: { ...inbox, name: 'Letters' } });
  await page.reload();
  await designer.openFlow('Letters');
  await designer.card('Heading').dblclick();
  await designer.select('Words');
  await inspector(page).locator('.cm-content').first().click();
  await page.keyboard.press('Control+End');
  await page.keyboard.type(' {{');
  await page.keyboard.press('Escape');
  await expect(designer.card('Words').getByLabel('Problems')).toBeVisible();
  await designer.picture('81-mistake-within');
  await crumbs(page).getByRole('button', { name: 'Letters' }).click();
  const badge = designer.card('Heading').getByRole('button', { name: /within: go there$/ });
  await expect(badge).toBeVisible();
  await designer.press('1');
  await designer.picture('82-mistake-seen-from-outside');
  expect(await barriers(page)).toEqual([]);
  await badge.click();
  await expect(crumbs(page)).toContainText('heading');
  await expect(inspector(page).getByLabel('Title of the node')).toHaveValue('Words');
  // From the list of problems it is found as well.
  await crumbs(page).getByRole('button', { name: 'Letters' }).click();
  await designer.show('Problems');
  await page.getByRole('list', { name: 'Problems' }).getByRole('button').first().click();
  await expect(crumbs(page)).toContainText('heading');
});

test('a run marks the nodes of the flow that is open, one execution at a time, and its trace leads there', async ({ designer, page, application }) => {
  await runLetters(application, designer);
  await designer.card('Each message').dblclick();
  await expect(designer.card('Topic').getByText('Done')).toHaveCount(1);
  await expect(page.getByText('Execution 3 of 3')).toBeVisible();
  await page.getByRole('button', { name: 'Execution before' }).click();
  await expect(page.getByText('Execution 2 of 3')).toBeVisible();
  await designer.show('Trace');
  await designer.select('Topic');
  await designer.show('Last run');
  await expect(inspector(page)).toContainText('You charged my card twice');
  await designer.picture('83-run-within');
  expect(await barriers(page)).toEqual([]);
  await crumbs(page).getByRole('button', { name: 'Letters' }).click();
  await designer.traceRow('[0] Topic').click();
  await expect(crumbs(page)).toContainText('sort');
  await expect(page.getByText('Execution 1 of 3')).toBeVisible();
  await expect(inspector(page)).toContainText('When will my order arrive?');
});

test('a flow is made from scratch for the node that is to run it', async ({ designer, page }) => {
  await designer.dragFromPalette('Flow', { x: 420, y: 60 });
  await designer.select('Flow');
  await designer.show('Set up');
  await inspector(page).getByRole('button', { name: 'New flow' }).click();
  await expect(crumbs(page)).toContainText('flow');
  await expect(designer.cards).toHaveCount(2);
  await inspector(page).getByRole('textbox', { name: 'Name' }).fill('Price of an order');
  await page.keyboard.press('Enter');
  await expect(crumbs(page)).toContainText('price_of_an_order');
  await designer.picture('84-new-flow-within');
  await designer.canvas.click({ position: { x: 300, y: 420 } });
  await designer.press('Escape');
  await expect(designer.port('Flow', 'in:question')).toHaveCount(1);
  await designer.press('Control+z');
  await designer.press('Control+z');
  await expect(crumbs(page)).toHaveCount(0);
  await expect(designer.port('Flow', 'in:question')).toHaveCount(0);
});

test('a flow is made of what is selected, gives what its nodes gave, and is looked at in a past run', async ({ designer, page, application }) => {
  await runLetters(application, designer);
  const table = page.getByRole('region', { name: 'table' });
  await expect(table).toContainText('Messages: 3');
  await designer.select('How many');
  await page.keyboard.down('Shift');
  await designer.select('Heading');
  await page.keyboard.up('Shift');
  await designer.press('Control+Shift+g');
  await expect(designer.cards).toHaveCount(6);
  await expect(designer.card('Flow').getByLabel('Problems')).toHaveCount(0);
  await designer.picture('85-flow-of-the-selection');
  await designer.show('Run');
  await designer.run();
  await designer.ended();
  await expect(table).toContainText('Messages: 3');
  await expect(table).toContainText('billing: You charged my card twice');
  // Two levels in, while the run is shown as it was.
  await page.getByRole('button', { name: 'Earlier runs' }).click();
  await page.getByRole('dialog').getByRole('button').first().click();
  await expect(page.getByText('The flow is shown as it ran')).toBeVisible();
  await designer.card('Flow').dblclick();
  await designer.card('Heading').dblclick();
  await expect(crumbs(page)).toHaveText('Letterspartheading');
  await expect(designer.card('Words').getByText('Done')).toHaveCount(1);
  await designer.picture('86-past-run-within');
  expect(await barriers(page)).toEqual([]);
  await crumbs(page).getByRole('button', { name: 'part' }).click();
  await expect(designer.card('How many')).toBeVisible();
});

test('a map that kept its failures says how many, on its card, in its row and beside the answer, and leads to the first', async ({
  designer,
  page,
  application,
}) => {
  const flow = {
    format: 'switchyard.flow',
    version: 1,
    name: 'Figures',
    nodes: {
      ask: { kind: 'input', title: 'List', config: { fields: { items: { type: 'array', items: { type: 'string' } } } } },
      each: { kind: 'map', title: 'Each', config: { flow: 'one', onFailure: 'keep' } },
      reply: { kind: 'output', title: 'Answer', config: { fields: { results: {} } } },
    },
    links: [
      { from: 'ask.items', to: 'each.items' },
      { from: 'each.results', to: 'reply.results' },
    ],
    flows: {
      one: {
        nodes: {
          in: { kind: 'input', config: { fields: { text: { type: 'string' } } } },
          number: { kind: 'convert', title: 'As a number', config: { to: 'number' } },
          out: { kind: 'output', config: { fields: { number: {} } } },
        },
        links: [
          { from: 'in.text', to: 'number.value' },
          { from: 'number.value', to: 'out.number' },
        ],
      },
    },
  };
  await application.mutate('flows.create', { flow });
  await page.reload();
  await designer.openFlow('Figures');
  await designer.ask(JSON.stringify(Array.from({ length: 500 }, (_, place) => (place % 50 === 17 ? 'none' : String(place)))));
  await designer.ended();
  await expect(designer.card('Each')).toContainText('10 of 500 failed');
  const note = page.getByRole('region', { name: 'Failures in Each' });
  await expect(note).toContainText('Each: 10 of 500 failed.');
  expect(await barriers(page)).toEqual([]);
  await designer.picture('87-kept-failures');
  await note.getByRole('button', { name: 'Show in trace' }).click();
  await expect(designer.details).toHaveAccessibleName(/\[17\] As a number/);
  await expect(designer.details).toContainText('"none" cannot be read as a number');
  // Of an earlier run the inputs stand above; however many they are, what came of them is in sight.
  await designer.show('Run');
  await page.getByRole('button', { name: 'Earlier runs' }).click();
  await page.getByRole('dialog').getByRole('button').first().click();
  await expect(page.getByText('An earlier run, shown as it ran')).toBeVisible();
  await expect(note).toBeInViewport();
});
