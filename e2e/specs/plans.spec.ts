/** A control node that plans first: its plan on the card, over the canvas, beside the run; and what it was told of its data layer. */
import { startScriptedModel, type ScriptedModel } from '@switchyard/engine/testing';
import type { Application } from '../application.ts';
import type { Designer } from '../designer.ts';
import { expect, test } from '../test.ts';

/** The order desk with a planner that is asked by a script, opened. */
async function openPlanned(model: ScriptedModel, { application, designer }: { application: Application; designer: Designer }, config = {}): Promise<void> {
  await application.mutate('workspace.saveModel', { name: 'own', model: model.model });
  const [example] = (await application.query('examples.list')) as { flow: { nodes: { planner: { config: object } } } }[];
  const flow = structuredClone(example?.flow) as NonNullable<typeof example>['flow'];
  Object.assign(flow.nodes.planner.config, { model: 'own', strategy: 'plan', ...config });
  await application.mutate('flows.create', { flow: { ...flow, name: 'Planned desk' } });
  await designer.page.reload();
  await designer.openFlow('Planned desk');
}

test('a plan is a checklist on the card and in the run, and drawn over the nodes that it calls', async ({ designer, page }) => {
  const inspector = page.getByRole('complementary', { name: 'Inspector' });
  await designer.select('Planner');
  await inspector.getByRole('radio', { name: 'Plan', exact: true }).click();
  const preview = inspector.getByRole('region', { name: 'What the model would see of its data layer' });
  await preview.getByRole('button', { name: 'What the model would see' }).click();
  await expect(preview.getByText(/^Catalogue: about [\d,]+ tokens/)).toBeVisible();
  await expect(preview.getByRole('group', { name: 'Tools that it is given' })).toContainText('make-plan');
  await preview.getByRole('button', { name: 'Refresh' }).click();
  await expect(preview.getByRole('group', { name: 'Catalogue of the data layer' })).toContainText('"orders"');
  await preview.scrollIntoViewIfNeeded();
  await designer.picture('14-preview');
  // What the panel holds below its edge, also for screen readers alone, scrolls within it.
  expect(await page.evaluate(() => document.documentElement.scrollHeight - innerHeight)).toBe(0);
  await designer.show('Run');
  await designer.samples.first().click();
  await designer.run();
  await designer.ended();
  const plan = page.getByRole('tabpanel', { name: 'Run' }).getByRole('region', { name: 'Plan of Planner' });
  const steps = plan.getByRole('listitem');
  await expect(steps).not.toHaveCount(0);
  const count = await steps.count();
  await expect(steps.getByRole('img', { name: 'Done' })).toHaveCount(count);
  await expect(designer.card('Planner').getByRole('listitem').last()).toContainText('Answer');
  await expect(page.locator('.ghost-step')).toHaveCount(count);
  await expect(page.locator('.ghost-step').first()).toContainText('1');
  await inspector.getByRole('tab', { name: 'Last run' }).click();
  await expect(inspector.getByRole('region', { name: 'Plan of Planner' }).getByRole('listitem')).toHaveCount(count);
  await inspector.getByRole('button', { name: 'What the model saw of its data layer' }).click();
  await expect(inspector.getByText(/^Catalogue: about [\d,]+ tokens/)).toBeVisible();
  await expect(inspector.getByRole('group', { name: 'Catalogue of the data layer' })).toContainText('"orders"');
  await designer.picture('14-plan');
  await designer.select('Answer');
  await expect(page.locator('.ghost-step')).toHaveCount(0);
});

test('while a plan is carried out its steps stand over the canvas, with lines to what builds on them', async ({ designer, application, page }) => {
  const steps = [
    { id: 'find', title: 'Find a parcel', operation: 'orders_query', arguments: { sql: 'SELECT parcel FROM shipments LIMIT 1' } },
    { id: 'feel', title: 'Judge the mood', operation: 'mood_ask', arguments: { text: 'third delay, I give up' } },
    { id: 'where', title: 'Ask where it is', operation: 'carrier_track', arguments: { parcel: { $from: 'find', path: 'rows[0].parcel' } } },
  ];
  const model = await startScriptedModel([
    { toolCalls: [{ name: 'make-plan', arguments: { steps } }] },
    { text: 'It is on its way, and the customer is upset.', delayMs: 6000 },
  ]);
  try {
    await openPlanned(model, { application, designer });
    await designer.ask('Where is it?');
    await expect(page.locator('.ghost-step')).toHaveCount(3);
    await expect(page.locator('.ghost-step[data-status="done"]')).toHaveCount(3);
    await expect(page.locator('.ghost-line')).toHaveCount(1);
    await designer.ended();
    await expect(page.locator('.ghost-step')).toHaveCount(0);
    await expect(page.getByRole('tabpanel', { name: 'Run' }).getByRole('region', { name: 'Plan of Planner' })).toContainText('after 1');
  } finally {
    await model.close();
  }
});

test.describe('a plan that a person is asked about first', () => {
  const steps = [
    { id: 'find', title: 'Find a parcel', operation: 'orders_query', arguments: { sql: 'SELECT parcel FROM shipments LIMIT 1' } },
    { id: 'where', title: 'Ask where it is', operation: 'carrier_track', arguments: { parcel: { $from: 'find', path: 'rows[0].parcel' } } },
  ];
  let model: ScriptedModel;

  test.beforeEach(async ({ application, designer, page }) => {
    model = await startScriptedModel([{ toolCalls: [{ name: 'make-plan', arguments: { steps } }] }, { text: 'That is all.' }]);
    await openPlanned(model, { application, designer }, { approvePlan: true });
    await designer.ask('Where is it?');
    await expect(designer.questions).toContainText('Find a parcel');
    await expect(page.locator('.ghost-step')).toHaveCount(2);
    await expect(page.locator('.ghost-step[data-status="done"]')).toHaveCount(0);
    expect(model.requests).toHaveLength(1);
  });

  test.afterEach(() => model.close());

  test('is drawn while it waits, and carried out once it is approved', async ({ designer, page }) => {
    await designer.picture('28-plan-approval');
    await designer.questions.getByRole('button', { name: 'Approve' }).click();
    expect(await designer.answer()).toContain('That is all.');
    const plan = page.getByRole('tabpanel', { name: 'Run' }).getByRole('region', { name: 'Plan of Planner' });
    await expect(plan.getByRole('img', { name: 'Done' })).toHaveCount(2);
    await designer.show('Trace');
    await expect(designer.traceRow('carrier.track')).toBeVisible();
  });

  test('is not carried out where it is rejected, and the model is told why', async ({ designer, page }) => {
    await designer.questions.getByRole('button', { name: 'Reject' }).click();
    await page.getByLabel(/^Why not/).fill('Ask the warehouse instead.');
    await designer.questions.getByRole('button', { name: 'Reject' }).click();
    expect(await designer.answer()).toContain('That is all.');
    expect(JSON.stringify(model.requests.at(-1)?.body)).toContain('Ask the warehouse instead.');
    await designer.show('Trace');
    await expect(designer.traceRow('planner')).toBeVisible();
    await expect(designer.traceRow('carrier.track')).toHaveCount(0);
    await expect(designer.traceRow('orders.query')).toHaveCount(0);
  });
});
