/** Runs that ask a person: the exact call is seen, approved, edited or rejected here, or answered elsewhere; nothing is called before. */
import AxeBuilder from '@axe-core/playwright';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startScriptedModel, type ScriptedModel } from '@switchyard/engine/testing';
import type { Application } from '../application.ts';
import { Designer } from '../designer.ts';
import { expect, test } from '../test.ts';

let model: ScriptedModel;
let shop: Server;
/** What the shop was asked. */
let asked: string[];

test.beforeEach(async () => {
  asked = [];
  model = await startScriptedModel([{ toolCalls: [{ name: 'desk_refund', arguments: { order: 'O-17' } }] }, { text: 'That is settled.' }]);
  shop = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.setHeader('content-type', 'application/json').end('{"refunded":true}');
  }).listen(0, '127.0.0.1');
  await once(shop, 'listening');
});

test.afterEach(async () => {
  await model.close();
  shop.close();
});

/** A planner that may refund orders, which is a write; opened and asked. */
async function askForRefund(application: Application, designer: Designer): Promise<void> {
  await application.mutate('workspace.saveModel', { name: 'own', model: model.model });
  const { port } = shop.address() as AddressInfo;
  await application.mutate('workspace.saveConnection', { name: 'desk', connection: { type: 'http', baseUrl: `http://127.0.0.1:${port}` } });
  const refund = {
    name: 'refund',
    description: 'Pays an order back.',
    method: 'POST',
    path: '/refunds/{{order}}',
    params: { order: { type: 'string', pattern: '^O-[0-9]+$' } },
  };
  const flow = {
    format: 'switchyard.flow',
    version: 1,
    name: 'Refunds',
    nodes: {
      ask: { kind: 'input', title: 'Question', config: { fields: { question: { type: 'string', title: 'Question' } } } },
      planner: { kind: 'control', title: 'Planner', config: { model: 'own' } },
      desk: { kind: 'http', title: 'Refund desk', config: { connection: 'desk', operations: [refund] } },
      reply: { kind: 'output', title: 'Answer', config: { fields: { answer: { type: 'string' } } } },
    },
    links: [
      { from: 'ask.question', to: 'planner.request' },
      { from: 'planner.answer', to: 'reply.answer' },
    ],
    grants: [{ from: 'planner', to: 'desk' }],
  };
  await application.mutate('flows.create', { flow });
  await designer.page.reload();
  await designer.openFlow('Refunds');
  await designer.ask('Pay order O-17 back.');
  await expect(designer.questions).toHaveCount(1);
  expect(asked).toEqual([]);
}

test('a write waits for a person, who sees exactly what would be called and approves it', async ({ application, designer, page }) => {
  await askForRefund(application, designer);
  await expect(designer.questions).toContainText('desk.refund');
  await expect(designer.questions).toContainText('"order": "O-17"');
  await expect(designer.card('Planner').getByRole('img', { name: 'Waiting for a person' })).toBeVisible();
  await designer.card('Planner').getByRole('button', { name: 'Decide' }).click();
  await designer.picture('15-approval');
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id }) => id)).toEqual([]);
  await designer.questions.getByRole('button', { name: 'Approve', exact: true }).click();
  expect(await designer.answer()).toContain('That is settled.');
  expect(asked).toEqual(['POST /refunds/O-17']);
  await expect(designer.questions).toHaveCount(0);
  await designer.show('Trace');
  await designer.traceRow(/desk\.refund: asks/).click();
  await expect(designer.details).toContainText('approve');
});

test('what is edited is called as it was edited, once it fits', async ({ application, designer }) => {
  await askForRefund(application, designer);
  await designer.questions.getByRole('button', { name: 'Edit' }).click();
  const editor = designer.questions.getByRole('textbox', { name: 'Edited arguments' });
  const approve = designer.questions.getByRole('button', { name: 'Approve as edited' });
  await editor.fill('{ "order": "all of them" }');
  await expect(designer.questions.getByRole('status')).toContainText('does not fit');
  await expect(approve).toBeDisabled();
  await designer.picture('16-edit');
  await editor.fill('{ "order": "O-18" }');
  await approve.click();
  await designer.answer();
  expect(asked).toEqual(['POST /refunds/O-18']);
});

test('a rejection is never called, and its reason goes back to the model', async ({ application, designer, page }) => {
  await askForRefund(application, designer);
  await designer.questions.getByRole('button', { name: 'Reject' }).click();
  await page.getByLabel(/^Why not/).fill('It was paid back on Monday.');
  await designer.questions.getByRole('button', { name: 'Reject' }).click();
  await designer.answer();
  expect(asked).toEqual([]);
  expect(JSON.stringify(model.requests.at(-1)?.body)).toContain('It was paid back on Monday.');
});

test('open questions of all runs stand in the top bar, lead to their run, and go when they are answered elsewhere', async ({ application, designer, page }) => {
  await askForRefund(application, designer);
  await designer.openFlow('Order desk');
  await expect(designer.questions).toHaveCount(0);
  await page.getByRole('banner').getByRole('button', { name: '1 open question' }).click();
  await page.getByRole('list', { name: 'Open questions' }).getByRole('button').click();
  await expect(designer.questions).toContainText('"order": "O-17"');
  await expect(designer.card('Refund desk')).toBeVisible();
  await designer.picture('17-inbox');
  const [open] = (await application.query('runs.questions')) as { run: string; key: string; ask: { hash?: string } }[];
  const { run, key, ask } = open as NonNullable<typeof open>;
  await application.mutate('runs.answer', { run, key, answer: { choice: 'approve', ...(ask.hash && { hash: ask.hash }) } });
  await expect(designer.questions).toHaveCount(0);
  expect(await designer.answer()).toContain('That is settled.');
  await expect(page.getByRole('banner').getByRole('button', { name: /open question/ })).toHaveCount(0, { timeout: 15_000 });
});

test('earlier runs show what another window started, and how it ended', async ({ application, context, designer }) => {
  await askForRefund(application, designer);
  const other = new Designer(await context.newPage());
  await other.open(application.origin);
  await other.page.getByRole('button', { name: 'Earlier runs' }).click();
  const runs = other.page.getByRole('dialog').getByRole('list', { name: 'Earlier runs' }).getByRole('listitem');
  await expect(runs).toHaveCount(1);
  await expect(runs.getByLabel('Waiting')).toBeVisible();
  await designer.questions.getByRole('button', { name: 'Approve' }).click();
  await expect(runs.getByLabel('Done')).toBeVisible();
  await other.page.keyboard.press('Escape');
  await designer.ask('And once more?');
  await designer.ended();
  await other.page.getByRole('button', { name: 'Earlier runs' }).click();
  await expect(runs).toHaveCount(2);
});

test('a step of the flow asks for values, and goes on with them', async ({ application, designer }) => {
  const flow = {
    format: 'switchyard.flow',
    version: 1,
    name: 'Payment',
    nodes: {
      ask: { kind: 'input', title: 'Invoice', config: { fields: { invoice: { type: 'string' } } } },
      pay: {
        kind: 'approve',
        title: 'Release',
        config: {
          title: 'Pay {{ value }}?',
          text: 'The **goods** have arrived.',
          who: 'the finance team',
          fields: { amount: { type: 'number', title: 'Amount' } },
        },
      },
      reply: { kind: 'output', title: 'Answer', config: { fields: { answer: { type: 'string' }, values: {} } } },
    },
    links: [
      { from: 'ask.invoice', to: 'pay.value' },
      { from: 'pay.approved', to: 'reply.answer' },
      { from: 'pay.values', to: 'reply.values' },
    ],
  };
  await application.mutate('flows.create', { flow });
  await designer.page.reload();
  await designer.openFlow('Payment');
  await designer.ask('invoice 12');
  await expect(designer.questions).toContainText('Pay invoice 12?');
  await expect(designer.questions).toContainText('for the finance team');
  await expect(designer.card('Release')).toContainText('Pay invoice 12?');
  // The run rests: what it waits for is drawn no longer than the run, however late somebody looks.
  await expect.poll(async () => ((await application.query('runs.list', {})) as { status: string }[])[0]?.status).toBe('waiting');
  await designer.show('Trace');
  const trace = designer.page.getByRole('treegrid');
  await expect(trace).toContainText('Release');
  expect(await trace.evaluate((grid) => grid.scrollWidth - grid.clientWidth)).toBe(0);
  await designer.show('Run');
  await designer.questions.getByRole('button', { name: 'Approve' }).click();
  await expect(designer.questions).toContainText('Fill in "Amount" first.');
  await designer.questions.getByLabel('Amount').fill('120.5');
  await designer.picture('19-step');
  await designer.questions.getByRole('button', { name: 'Approve' }).click();
  expect(await designer.answer()).toContain('invoice 12');
  await expect(designer.page.getByRole('region', { name: 'values' })).toContainText('120.5');
});

test('when a person is asked, and for how long, is set at the grant', async ({ application, designer, page }) => {
  await askForRefund(application, designer);
  await designer.stop();
  await designer.ended();
  await designer.select('Planner');
  const grant = page.getByRole('region', { name: 'May call' });
  await grant.getByRole('button', { name: /^Refund desk/ }).click();
  await grant.getByLabel(/^Seconds to answer/).fill('60');
  await grant.getByRole('radio', { name: 'Always' }).click();
  await expect(grant).toContainText('always asks');
  const { text } = await designer.exported();
  expect(JSON.parse(text)).toMatchObject({ grants: [{ from: 'planner', to: 'desk', approval: 'always', approvalSeconds: 60 }] });
});
