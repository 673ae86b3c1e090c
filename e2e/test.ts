/** The test of every spec: the real application with a data folder of its own, and a designer that is logged in. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base } from '@playwright/test';
import { startApplication, type Application } from './application.ts';
import { Designer } from './designer.ts';

interface Fixtures {
  dataFolder: string;
  application: Application;
  designer: Designer;
  /** What the browser complained of; a spec that ends with any fails. */
  complaints: string[];
}

export const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: the fixture signature asks for a destructured first argument.
  dataFolder: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'switchyard-e2e-'));
    await use(folder);
    rmSync(folder, { recursive: true, force: true });
  },
  application: async ({ dataFolder }, use) => {
    const application = await startApplication(dataFolder);
    await use(application);
    await application.stop();
  },
  complaints: [
    async ({ page }, use) => {
      const complaints: string[] = [];
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('console', (message) => {
        if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) complaints.push(message.text());
      });
      await use(complaints);
      if (complaints.length > 0) throw new Error(`The browser complained:\n${complaints.join('\n')}`);
    },
    { auto: true },
  ],
  designer: async ({ page, application }, use) => {
    const designer = new Designer(page);
    await designer.open(application.url);
    await use(designer);
  },
});

export { expect } from '@playwright/test';
