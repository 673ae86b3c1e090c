/** A control node that plans first: its plan on the card, over the canvas, beside the run; and what it was told of its data layer. */
import { expect, test } from '../test.ts';

test('a plan is a checklist on the card and in the run, and drawn over the nodes that it calls', async ({ designer, page }) => {
  const inspector = page.getByRole('complementary', { name: 'Inspector' });
  await designer.select('Planner');
  await inspector.getByRole('radio', { name: 'Plan', exact: true }).click();
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
  await expect(inspector.getByText(/^About [\d,]+ tokens/)).toBeVisible();
  await expect(inspector.getByRole('group', { name: 'Catalogue of the data layer' })).toContainText('"orders"');
  await designer.picture('14-plan');
  await designer.select('Answer');
  await expect(page.locator('.ghost-step')).toHaveCount(0);
});
