/** What is long or many stays in its place: nothing hangs out of a card, and nothing scrolls that should not. */
import { boxOf } from '../designer.ts';
import { expect, test } from '../test.ts';

const word = 'Averylongwordwithoutanyspaceinit'.repeat(4);
const fields = {
  about: { type: 'string', title: word },
  city: { enum: ['Lyon', 'Nice'], default: 'Lyon' },
  days: { type: 'integer', default: 7 },
  isOpen: { type: 'boolean', default: true },
  level: { enum: ['low', 'high'], default: 'low' },
  tags: { type: 'array', default: [] },
};

test('many fields with long titles: the card holds its ports, and the form scrolls by itself and only downwards', async ({ application, designer, page }) => {
  await application.mutate('flows.create', {
    flow: {
      format: 'switchyard.flow',
      version: 1,
      name: 'Many fields',
      nodes: { ask: { kind: 'input', title: 'Question', config: { fields } }, reply: { kind: 'output', title: 'Answer', config: { fields: { about: {} } } } },
      links: [{ from: 'ask.about', to: 'reply.about' }],
    },
  });
  await page.reload();
  await designer.openFlow('Many fields');
  const card = await boxOf(designer.card('Question'));
  for (const name of Object.keys(fields)) {
    const port = await boxOf(designer.port('Question', `out:${name}`));
    expect(port.y + port.height, name).toBeLessThanOrEqual(card.y + card.height);
  }
  await designer.show('Run');
  const form = page.getByRole('form', { name: 'Inputs of the next run' });
  await expect(form.getByText(word)).toBeVisible();
  const overflow = (of: typeof form) => of.evaluate((element) => [element.scrollWidth - element.clientWidth, element.scrollHeight - element.clientHeight]);
  expect((await overflow(form.locator('> div').first()))[0]).toBe(0);
  expect(await overflow(page.getByRole('tabpanel', { name: 'Run' }))).toEqual([0, 0]);
  await designer.picture('90-many-fields');
});

test('a filter that nothing fits leaves the trace its width, and says how to see every row', async ({ designer, page }) => {
  await designer.show('Run');
  await designer.samples.first().click();
  await designer.run();
  await designer.answer();
  await designer.show('Trace');
  const filter = page.getByRole('searchbox', { name: 'Filter the trace by words' });
  const { width } = await boxOf(filter);
  await filter.fill('no such word');
  const all = page.getByRole('tabpanel', { name: 'Trace' }).getByRole('button', { name: 'Show every row' });
  await expect(page.getByText('No row fits the filter.')).toBeVisible();
  expect((await boxOf(filter)).width).toBeGreaterThan(width * 0.75);
  await designer.picture('91-no-row');
  await all.last().click();
  await expect(designer.traceRows.first()).toBeVisible();
});

test('in a narrow window the bar of the dock keeps to its place, and the figures that fit are whole', async ({ designer, page }) => {
  await designer.show('Run');
  await designer.samples.first().click();
  await designer.run();
  await designer.answer();
  await page.setViewportSize({ width: 1024, height: 768 });
  const dock = await boxOf(page.getByRole('region', { name: 'Dock' }));
  const fold = await boxOf(page.getByRole('button', { name: 'Fold the dock' }));
  expect(fold.x + fold.width).toBeLessThanOrEqual(dock.x + dock.width);
  const figures = page.getByLabel('Figures of the run');
  const { x, width, y, height } = await boxOf(figures);
  const first = await boxOf(figures.locator('> div').first());
  expect(first.x).toBeGreaterThanOrEqual(x);
  expect(first.x + first.width).toBeLessThanOrEqual(x + width);
  expect((await boxOf(figures.locator('> div').last())).y).toBeGreaterThanOrEqual(y + height);
});
