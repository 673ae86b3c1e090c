/** A saved flow within another: brought in as a step and as what a control node may call, run, changed, and brought in again. */
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from '../test.ts';
import type { Application } from '../application.ts';

interface Saved {
  id: string;
  revision: number;
}

/** A flow whose output is its input within a sentence. */
function greeting(name: string, template: string): unknown {
  return {
    format: 'switchyard.flow',
    version: 1,
    name,
    nodes: {
      ask: { kind: 'input', title: 'Who', config: { fields: { person: { type: 'string' } } } },
      say: { kind: 'template', title: 'Words', config: { template } },
      reply: { kind: 'output', title: 'Greeting', config: { fields: { text: { type: 'string' } } } },
    },
    links: [
      { from: 'ask.person', to: 'say.person' },
      { from: 'say.text', to: 'reply.text' },
    ],
    grants: [],
  };
}

/** A flow with a place for a step between its ends. */
const hall = {
  format: 'switchyard.flow',
  version: 1,
  name: 'Hall',
  nodes: {
    ask: { kind: 'input', title: 'Visitor', config: { fields: { person: { type: 'string' } } } },
    reply: { kind: 'output', title: 'Answer', config: { fields: { answer: { type: 'string' } } } },
  },
  links: [],
  grants: [],
  layout: { ask: [0, 0], reply: [640, 0] },
};

const save = async (application: Application, flow: unknown) => (await application.mutate('flows.create', { flow })) as Saved;

/** What keeps somebody from using the inspector as it is now. */
async function barriers(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).include('aside[aria-label*=nspector]').analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
}

/** The control of the setting that names a flow. */
const flowSetting = (page: Page) => page.getByRole('complementary', { name: /inspector/i }).getByRole('combobox', { name: 'Flow' });

async function choose(page: Page, option: string | RegExp): Promise<void> {
  await flowSetting(page).click();
  await page.getByRole('option', { name: option }).click();
}

test('a saved flow is a step of another: it is brought in, wired, run, undone, and brought in again when it has changed', async ({
  designer,
  page,
  application,
}) => {
  const saved = await save(application, greeting('Greeting', 'Hello {{person}}'));
  await save(application, hall);
  await page.reload();
  await designer.openFlow('Hall');
  await designer.dragFromPalette('Flow', { x: 420, y: 60 });
  await designer.select('Flow');
  await expect(page.getByText('Choose a flow.')).toBeVisible();
  await flowSetting(page).click();
  await expect(page.getByRole('group', { name: 'Saved flows' })).toBeVisible();
  await designer.picture('70-saved-flows');
  await page.keyboard.press('Escape');
  // By keyboard alone: open the list, type the name, choose.
  await flowSetting(page).press('Enter');
  await page.keyboard.type('Greet');
  await page.keyboard.press('Enter');
  await expect(flowSetting(page)).toHaveText('greeting');
  await expect(page.getByText('A copy of the saved flow “Greeting”, as it is now.')).toBeVisible();
  await expect(designer.card('Greeting')).toHaveCount(1);
  await designer.canvas.click({ position: { x: 20, y: 400 } });
  await page.keyboard.press('Control+z');
  await expect(designer.card('Flow')).toHaveCount(1);
  await page.keyboard.press('Control+Shift+z');

  await designer.connect(designer.port('Visitor', 'out:person'), designer.port('Greeting', 'in:person'));
  await designer.connect(designer.port('Greeting', 'out:text'), designer.port('Answer', 'in:answer'));
  await designer.ask('Ada');
  expect(await designer.answer()).toContain('Hello Ada');
  await designer.saved();
  await designer.picture('71-saved-flow-as-a-step');

  await application.mutate('flows.save', { ...saved, flow: greeting('Greeting', 'Good day, {{person}}') });
  await designer.select('Answer');
  await designer.select('Greeting');
  await expect(page.getByText('Not the same as the saved flow “Greeting”')).toBeVisible();
  await designer.picture('72-saved-flow-has-changed');
  await page.getByRole('button', { name: 'Bring in the saved version again' }).click();
  await expect(page.getByText('A copy of the saved flow “Greeting”, as it is now.')).toBeVisible();
  await expect(designer.links).toHaveCount(2);
  await designer.ask('Ada');
  await expect(page.getByRole('region', { name: 'answer' })).toContainText('Good day, Ada');
});

test('where the document has another flow of that name, it is asked which is meant, and a copy that nothing runs can be taken out', async ({
  designer,
  page,
  application,
}) => {
  const own = greeting('', 'Mine {{person}}') as { nodes: unknown; links: unknown; grants: unknown };
  const { nodes, links, grants } = own;
  await save(application, greeting('Greeting', 'Hello {{person}}'));
  await save(application, { ...hall, flows: { greeting: { nodes, links, grants }, idle: { nodes, links, grants } } });
  await page.reload();
  await designer.openFlow('Hall');
  await designer.dragFromPalette('Flow', { x: 420, y: 60 });
  await designer.select('Flow');
  await choose(page, /^Greeting/);
  await expect(page.getByRole('alert')).toContainText('This document has greeting already');
  await designer.picture('73-which-flow-is-meant');
  expect(await barriers(page)).toEqual([]);
  await page.getByRole('button', { name: 'Keep both' }).click();
  await expect(flowSetting(page)).toHaveText('greeting_2');
  await designer.canvas.click({ position: { x: 20, y: 400 } });
  const within = page.getByRole('region', { name: 'Flows within this flow' });
  await expect(within.getByRole('listitem')).toHaveCount(3);
  await designer.picture('74-flows-within-this-flow');
  expect(await barriers(page)).toEqual([]);
  await within.getByRole('button', { name: 'Take greeting out of this flow' }).click();
  await expect(within.getByRole('listitem')).toHaveCount(2);
  await designer.press('Control+z');
  await expect(within.getByRole('listitem')).toHaveCount(3);
  // One that is saved nowhere is saved and opened, to be looked at and changed.
  await designer.saved();
  await within.getByRole('button', { name: 'Save idle as a flow of its own, and open it' }).click();
  await expect(page.getByRole('banner')).toContainText('Idle');
  await expect(designer.card('Words')).toBeVisible();
});

test('a saved flow is what a control node may call', async ({ designer, page, application }) => {
  await save(application, greeting('Greeting', 'Hello {{person}}'));
  await page.reload();
  await designer.openFlow('Order desk');
  await designer.dragFromPalette('Flow', { x: 420, y: 60 });
  await designer.select('Flow');
  await choose(page, /^Greeting/);
  await expect(designer.card('Greeting')).toBeVisible();
  await designer.select('Planner');
  await page.getByRole('combobox', { name: 'Grant another node' }).click();
  await page.getByRole('option', { name: /^Greeting/ }).click();
  await expect(page.getByRole('region', { name: 'May call' })).toContainText('Greeting');
  await expect(page.getByRole('region', { name: 'May call' }).getByRole('button', { name: /^Greeting/ })).toContainText('reads');
  await expect(designer.card('Greeting').getByLabel('Problems')).toHaveCount(0);
  await designer.picture('75-saved-flow-granted');
});

test('what keeps a saved flow from being brought in is told, with the way out', async ({ designer, page, application }) => {
  const gone = await save(application, greeting('Gone', 'Bye {{person}}'));
  await save(application, greeting('Broken', 'Oh {{person'));
  await save(application, hall);
  await page.reload();
  await designer.openFlow('Hall');
  await designer.dragFromPalette('Flow', { x: 420, y: 60 });
  await designer.select('Flow');
  await choose(page, /^Broken/);
  await expect(page.getByRole('alert')).toContainText('“Broken” has errors and could not run here');
  expect(await barriers(page)).toEqual([]);
  await designer.picture('76-saved-flow-has-errors');
  await flowSetting(page).click();
  await application.mutate('flows.remove', { id: gone.id });
  await page.getByRole('option', { name: /^Gone/ }).click();
  await expect(page.getByRole('alert')).toContainText('“Gone” is not saved any more');
  await flowSetting(page).click();
  await expect(page.getByRole('option', { name: /^Gone/ })).toHaveCount(0);
  await page.getByRole('option', { name: /^Broken/ }).click();
  await page.getByRole('button', { name: 'Open “Broken”' }).click();
  await expect(page.getByRole('banner')).toContainText('Broken');
});

test('without another flow one can be made, and a list that cannot be read says so', async ({ designer, page, application }) => {
  await designer.dragFromPalette('Flow', { x: 420, y: 60 });
  await designer.select('Flow');
  await expect(page.getByText('No other flow is saved that could be brought in.')).toBeVisible();
  await expect(flowSetting(page)).toBeDisabled();
  await expect(page.getByRole('button', { name: 'New flow' })).toBeEnabled();
  await save(application, hall);
  await page.reload();
  await designer.openFlow('Hall');
  await designer.dragFromPalette('Flow', { x: 420, y: 60 });
  await page.route('**/trpc/flows.list*', (route) => route.fulfill({ status: 400, contentType: 'application/json', body: '{}' }));
  await designer.select('Visitor');
  await page.evaluate(() => window.dispatchEvent(new Event('visibilitychange')));
  await designer.select('Flow');
  await expect(page.getByRole('alert')).toContainText('Saved flows cannot be listed');
  await designer.picture('77-saved-flows-cannot-be-listed');
  await page.unroute('**/trpc/flows.list*');
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByRole('alert')).toHaveCount(0);
  await expect(flowSetting(page)).toBeEnabled();
});
