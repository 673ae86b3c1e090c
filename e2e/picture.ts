/** Makes the README's picture from the real application: the demo, just answered, with its trace. `npm run picture` */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, expect } from '@playwright/test';
import { startApplication } from './application.ts';
import { Designer } from './designer.ts';
import { findBrowser } from './find-browser.ts';

const pictures = join(import.meta.dirname, '../docs/pictures');
const folder = mkdtempSync(join(tmpdir(), 'switchyard-picture-'));
const application = await startApplication(folder);
const browser = await chromium.launch({ executablePath: findBrowser(), args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'] });
const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
const designer = new Designer(page);
await designer.open(application.url);
await designer.show('Run');
await designer.samples.first().click();
await designer.run();
await designer.answer();
await designer.select('Planner');
await designer.show('Trace');
await expect(designer.traceRow('carrier.track')).toBeVisible();
for (const theme of ['light', 'dark'] as const) {
  await designer.theme(theme);
  await page.screenshot({ path: join(pictures, `designer-${theme}.png`), animations: 'disabled' });
}
await browser.close();
await application.stop();
rmSync(folder, { recursive: true, force: true });
