/** Runs that wait for an event from outside: told by hand in the designer, or by a program. */
import AxeBuilder from '@axe-core/playwright';
import type { Application } from '../application.ts';
import type { Designer } from '../designer.ts';
import { expect, test } from '../test.ts';

const flow = {
  format: 'switchyard.flow',
  version: 1,
  name: 'Paid first',
  nodes: {
    ask: { kind: 'input', title: 'Invoice', config: { fields: { invoice: { type: 'string' } } } },
    hold: { kind: 'wait', title: 'Until paid', config: { event: 'paid', seconds: 600 } },
    reply: { kind: 'output', title: 'Answer', config: { fields: { answer: { type: 'string' }, payment: {} } } },
  },
  links: [
    { from: 'ask.invoice', to: 'hold.value' },
    { from: 'hold.value', to: 'reply.answer' },
    { from: 'hold.payload', to: 'reply.payment' },
  ],
};

/** A run that waits for its money. */
async function askForMoney(application: Application, designer: Designer): Promise<void> {
  await application.mutate('flows.create', { flow });
  await designer.page.reload();
  await designer.openFlow('Paid first');
  await designer.ask('invoice 12');
}

test('the event that a run waits for is told in the designer, with what comes with it', async ({ application, designer, page }) => {
  await askForMoney(application, designer);
  const event = page.getByRole('region', { name: 'Event: paid' });
  await expect(event).toContainText('Until paid waits for the event paid');
  await expect(designer.card('Until paid')).toContainText('Waiting');
  await expect(designer.page.getByText('Waiting for a person')).toHaveCount(0);
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id }) => id)).toEqual([]);
  const tell = event.getByRole('button', { name: 'It has come' });
  const payload = event.getByRole('textbox', { name: 'What comes with paid' });
  await payload.fill('{ "sum": ');
  await expect(tell).toBeDisabled();
  await payload.fill('{ "sum": 120.5 }');
  await designer.picture('20-event');
  await tell.click();
  await designer.ended();
  await expect(event).toHaveCount(0);
  await expect(page.getByRole('region', { name: 'payment' })).toContainText('120.5');
});

test('an event that a program tells lets the run go on, and takes the offer away', async ({ application, designer, page }) => {
  await askForMoney(application, designer);
  const event = page.getByRole('region', { name: 'Event: paid' });
  await expect(event).toBeVisible();
  const [run] = (await application.query('runs.list')) as { run: string }[];
  await application.mutate('runs.signal', { run: run?.run, name: 'paid', payload: { by: 'bank' } });
  await expect(event).toHaveCount(0);
  await expect(page.getByRole('region', { name: 'payment' })).toContainText('bank');
});
