/** Connections: chosen among the types, written, tried out, and what they hold; in forms that follow from the types alone. */
import { startToolServer } from '@switchyard/engine/testing';
import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '../test.ts';

test('each type of connection has a form that asks for a name, and says what is missing', async ({ designer, page }) => {
  await designer.show('Workspace');
  await page.getByRole('button', { name: 'Add a connection' }).click();
  const dialog = page.getByRole('dialog');
  await designer.picture('23-connection-types');
  const types = dialog.getByRole('listitem').getByRole('button');
  const count = await types.count();
  expect(count).toBeGreaterThan(8);
  for (let index = 0; index < count; index += 1) {
    await types.nth(index).click();
    await dialog.getByRole('button', { name: 'Save', exact: true }).click();
    await expect(dialog).toContainText('Give it a name.');
    await dialog.getByRole('button', { name: 'Another type' }).click();
  }
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id }) => id)).toEqual([]);
});

test('an MCP server is added by its address, and a test shows the tools that it accepts', async ({ designer, page }) => {
  await using tools = await startToolServer();
  await designer.show('Workspace');
  await page.getByRole('button', { name: 'Add a connection' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Find a type of connection' }).fill('mcp');
  await designer.press('Enter');
  await dialog.getByLabel(/^Name in flows/).fill('sums');
  await dialog.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(dialog).toContainText('Address is needed.');
  await dialog.getByLabel(/^Address/).fill(tools.url);
  await dialog.getByRole('button', { name: 'Save and test' }).click();
  await expect(dialog.getByRole('status')).toContainText('Accepted as it is now.');
  await expect(dialog).toContainText('1 operation');
  await expect(dialog.getByRole('listitem').filter({ hasText: 'add' })).toContainText('reads');
  await designer.picture('24-accepted-tools');
  await designer.press('Escape');
  tools.describe('Adds, and tells everyone');
  await page.reload();
  await designer.show('Workspace');
  await page.getByRole('button', { name: 'Actions for sums' }).click();
  await page.getByRole('menuitem', { name: 'Show what it holds' }).click();
  await expect(page.getByRole('list', { name: 'Connections' })).toContainText('not accepted');
  await expect(page.getByText('tells everyone')).toHaveCount(0);
});

test('a server that does not answer is told plainly, and nothing is shown of it', async ({ designer, page }) => {
  await designer.show('Workspace');
  await page.getByRole('button', { name: 'Add a connection' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: /^PostgreSQL/ }).click();
  await dialog.getByLabel(/^Name in flows/).fill('far');
  await dialog.getByLabel(/^Address/).fill('postgres://127.0.0.1:9/none');
  await dialog.getByRole('button', { name: 'Save and test' }).click();
  await expect(dialog.getByRole('status')).toContainText('far');
  await expect(dialog.getByRole('button', { name: 'What it holds' })).toHaveCount(0);
});

test('a grant lists what its connection offers, and says when a person is asked', async ({ application, designer, page }) => {
  await using tools = await startToolServer();
  await application.mutate('workspace.saveConnection', { name: 'sums', connection: { type: 'mcp', url: tools.url } });
  await application.mutate('workspace.testConnection', { name: 'sums' });
  const flow = {
    format: 'switchyard.flow',
    version: 1,
    name: 'Sums',
    nodes: {
      ask: { kind: 'input', title: 'Question', config: { fields: { question: { type: 'string' } } } },
      planner: { kind: 'control', title: 'Planner', config: { model: 'planner' } },
      sums: { kind: 'mcp', title: 'Calculator', config: { connection: 'sums', access: 'write' } },
      reply: { kind: 'output', title: 'Answer', config: { fields: { answer: { type: 'string' } } } },
    },
    links: [
      { from: 'ask.question', to: 'planner.request' },
      { from: 'planner.answer', to: 'reply.answer' },
    ],
    grants: [{ from: 'planner', to: 'sums' }],
  };
  await application.mutate('flows.create', { flow });
  await page.reload();
  await designer.openFlow('Sums');
  await designer.select('Planner');
  const grant = page.getByRole('region', { name: 'May call' });
  await expect(grant).toContainText('asks before writes');
  await grant.getByRole('button', { name: /^Calculator/ }).click();
  await expect(grant.getByRole('list', { name: 'Operations' })).toContainText('add');
  await expect(grant.getByRole('button', { name: /^Calculator/ })).toContainText('reads');
  await grant.getByRole('radio', { name: 'Always' }).click();
  await expect(grant).toContainText('always asks');
  await designer.picture('27-grant');
});
