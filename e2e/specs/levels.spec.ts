/** Flows within a document, opened and edited where they are used: in, out, undo, mistakes, and what a run did there. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from '../test.ts';

const inbox = JSON.parse(readFileSync(join(import.meta.dirname, '../../examples/inbox/flow.json'), 'utf8')) as { flows: Record<string, unknown> };

const crumbs = (page: Page) => page.getByRole('navigation', { name: 'Open flow' });

/** What keeps somebody from using the window as it is now. */
async function barriers(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
}

test('probe', async ({ designer, page, application }) => {
  await application.mutate('flows.create', { flow: { ...inbox, name: 'Letters' } });
  await page.reload();
  await designer.openFlow('Letters');
  await designer.picture('80-levels-outer');
  await designer.card('Each message').dblclick();
  await expect(crumbs(page)).toContainText('sort');
  await designer.picture('81-levels-inner');
  await designer.run();
  await designer.ended();
  await designer.picture('82-levels-inner-run');
  await designer.show('Trace');
  await designer.picture('83-levels-trace');
  await designer.select('Topic');
  await designer.picture('84-levels-selected');
  console.log(await barriers(page));
});
