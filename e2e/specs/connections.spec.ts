/** Connections: chosen among the types, written, tried out, and what they hold; in forms that follow from the types alone. */
import { join } from 'node:path';
import { findOpenssl, findRedis, startRedis, startToolServer, TestAuthority } from '@switchyard/engine/testing';
import AxeBuilder from '@axe-core/playwright';
import type { Application } from '../application.ts';
import { expect, test } from '../test.ts';

/** The server as the connection `sums`, with its tools accepted as they are. */
async function acceptedServer(application: Application, url: string): Promise<void> {
  await application.mutate('workspace.saveConnection', { name: 'sums', connection: { type: 'mcp', url } });
  const { offer } = (await application.mutate('workspace.testConnection', { name: 'sums' })) as { offer: { hash: string } };
  expect(await application.mutate('workspace.acceptConnection', { name: 'sums', hash: offer.hash })).toEqual({ accepted: true });
}

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

test('an MCP server is added by its address; a test shows its tools, and only a person accepts them', async ({ designer, page }) => {
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
  await expect(dialog.getByRole('status')).toContainText('None is accepted yet.');
  const review = dialog.getByRole('region', { name: 'To accept of sums' });
  await expect(review).toContainText('1 tool to accept');
  await expect(review.getByRole('listitem')).toContainText('It says that it only reads.');
  await designer.picture('24-tools-to-accept');
  await review.getByRole('button', { name: 'Accept' }).click();
  await expect(dialog.getByRole('status')).toContainText('Accepted as it was shown.');
  await expect(review).toHaveCount(0);
  await expect(dialog).toContainText('1 operation');
  await expect(dialog.getByRole('listitem').filter({ hasText: 'add' })).toContainText('reads');
});

test('a connection that was saved and tested is changed from then on, and a new one takes the place of no other', async ({ designer, dataFolder, page }) => {
  await designer.show('Workspace');
  await page.getByRole('button', { name: 'Add a connection' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: /^SQLite/ }).click();
  await dialog.getByLabel(/^Name in flows/).fill('shop');
  await dialog.getByLabel(/^File/).fill(join(dataFolder, 'none.db'));
  await dialog.getByRole('button', { name: 'Save and test' }).click();
  await expect(dialog).toContainText('There is a connection of that name already.');
  await dialog.getByLabel(/^Name in flows/).fill('second');
  await dialog.getByRole('button', { name: 'Save and test' }).click();
  await expect(page.getByRole('dialog', { name: 'Connection second' })).toBeVisible();
  await expect(dialog.getByLabel(/^Name in flows/)).toBeDisabled();
  await expect(dialog.getByRole('button', { name: 'Another type' })).toHaveCount(0);
  await dialog.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(dialog).toHaveCount(0);
});

test('tools that have changed are shown as old and new text, and stay refused until that is accepted', async ({ application, designer, page }) => {
  await using tools = await startToolServer();
  await acceptedServer(application, tools.url);
  tools.change({ description: 'Adds, and **tells** <b>everyone</b>\u202e', argument: 'Any number', other: 'send' });
  await page.reload();
  await designer.show('Workspace');
  const list = page.getByRole('list', { name: 'Connections' });
  const act = async (item: string) => {
    await page.getByRole('button', { name: 'Actions for sums' }).click();
    await page.getByRole('menuitem', { name: item }).click();
  };
  await act('Show what it holds');
  await expect(list).toContainText('2 not accepted');
  await expect(page.getByText('everyone')).toHaveCount(0);
  await act('Test');
  await expect(list.getByRole('status')).toContainText('2 are not as accepted: add, send.');
  await list.getByRole('button', { name: 'Read and accept…' }).click();
  const review = page.getByRole('dialog').getByRole('region', { name: 'To accept of sums' });
  await expect(review).toContainText('was: Adds');
  await expect(review).toContainText('is now: Adds, and **tells** <b>everyone</b>\\u{202e}');
  await expect(review).toContainText('"Any number"');
  const { violations } = await new AxeBuilder({ page }).include('[role=dialog]').analyze();
  expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id }) => id)).toEqual([]);
  await designer.picture('28-changed-tools');
  tools.change({ description: 'Adds, and tells a few' });
  await review.getByRole('button', { name: 'Accept' }).click();
  await expect(review.getByRole('alert').first()).toContainText('nothing was accepted');
  await expect(review).toContainText('is now: Adds, and tells a few');
  await review.getByRole('button', { name: 'Accept' }).click();
  await expect(list.getByRole('status')).toContainText('Accepted as it was shown.');
  await expect(list).toContainText('2 operations');
  await expect(list).not.toContainText('not accepted');
});

test('a connection added from a node is known to its checks at once, also where no panel shows the workspace', async ({ designer, page }) => {
  await designer.show('Flows');
  await designer.select('Carrier');
  const chosen = page.getByRole('complementary', { name: /inspector/i }).getByRole('combobox', { name: /^Connection/ });
  await chosen.click();
  await page.getByRole('option', { name: /^Add a connection/ }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: /^HTTP API/ }).click();
  await dialog.getByLabel(/^Name in flows/).fill('parcels');
  await dialog.getByLabel(/^Base URL/).fill('http://127.0.0.1:9');
  await dialog.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(dialog).toHaveCount(0);
  await expect(chosen).toHaveText(/parcels.*HTTP API/);
  await expect(page.getByText('has no connection "parcels"')).toHaveCount(0);
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

test("a server's certificate is checked: the test says what is wrong with it, and passes with the authority that signed it", async ({ designer, page }) => {
  test.skip(!findRedis() || !findOpenssl(), 'Redis or openssl is not installed.');
  const authority = new TestAuthority();
  const { certificate, key } = authority.issue('redis', { names: ['DNS:localhost'] });
  const files = ['--tls-cert-file', certificate, '--tls-key-file', key, '--tls-auth-clients', 'no'];
  const server = await startRedis(files, { isEncrypted: true });
  try {
    await designer.show('Workspace');
    await page.getByRole('button', { name: 'Add a connection' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: /^Redis/ }).click();
    await dialog.getByLabel(/^Name in flows/).fill('cache');
    await dialog.getByLabel(/^Address/).fill(`rediss://localhost:${server.port}`);
    await dialog.getByRole('button', { name: 'Save and test' }).click();
    await expect(dialog.getByRole('status')).toContainText("no authority that is known here has signed the server's certificate");
    await designer.picture('31-certificate-not-trusted');
    await dialog.getByRole('button', { name: 'More settings' }).click();
    await dialog.getByLabel(/^Certificate authority/).fill('/etc/ssl/ca.pem');
    await dialog.getByRole('button', { name: 'Save', exact: true }).click();
    await expect(dialog).toContainText('Paste the content of the file');
    await dialog.getByLabel(/^Certificate authority/).fill(authority.pem);
    await dialog.getByRole('button', { name: 'Save and test' }).click();
    await expect(dialog.getByRole('status')).toContainText('It answers and has 0 keys.');
    await expect(dialog.getByRole('status')).toBeInViewport();
    await designer.picture('32-certificate-authority');
  } finally {
    await server.stop();
    authority.remove();
  }
});

test('a grant lists what its connection offers, and says when a person is asked', async ({ application, designer, page }) => {
  await using tools = await startToolServer();
  await acceptedServer(application, tools.url);
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

test('an operation is unticked in a grant, and the flow runs without it', async ({ application, designer, page }) => {
  const examples = (await application.query('examples.list')) as { id: string; flow: object }[];
  await application.mutate('flows.create', { flow: { ...examples.find(({ id }) => id === 'rooms')?.flow, name: 'Rooms to look at' } });
  await page.reload();
  await designer.openFlow('Rooms to look at');
  await designer.select('Clerk');
  const grant = page.getByRole('region', { name: 'May call' });
  await grant.getByRole('button', { name: /^Rooms/ }).click();
  const operations = grant.getByRole('list', { name: 'Operations' });
  await operations.getByRole('checkbox', { name: /^book_room/ }).uncheck();
  await expect(grant.getByRole('button', { name: /^Rooms/ })).toContainText('2 of 3 · reads');
  await designer.picture('29-operation-unticked');
  await designer.saved();
  await expect(page.getByRole('button', { name: /problem|error/i })).toHaveCount(0);
  await designer.ask('Find rooms for 8 people on 2026-07-01');
  expect(await designer.answer()).toContain('Loft');
  await designer.show('Trace');
  await expect(designer.traceRow('find_rooms')).toBeVisible();
  await designer.ask('Book the room Garden for 5 people on 2026-07-01');
  await designer.ended();
  await expect(designer.questions).toHaveCount(0);
  await designer.show('Trace');
  await expect(designer.traceRow('Clerk')).toBeVisible();
  await expect(designer.traceRow('book_room')).toHaveCount(0);
});
