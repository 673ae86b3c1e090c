/** docs/kinds.md is what the kinds say of themselves now. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { examples, examplesOnServers, readExampleFlow } from '@switchyard/examples';
import { expect, test } from 'vitest';
import { currentKindsPage } from './kinds-page.ts';
import { kinds } from './nodes/index.ts';

const page = readFileSync(join(import.meta.dirname, '../../../docs/kinds.md'), 'utf8');

test('the page is fresh: else run `node scripts/write-kinds.mjs`', () => {
  expect(page).toBe(currentKindsPage());
});

test('every kind stands on it with an example', () => {
  for (const kind of kinds.values()) {
    const [, section = ''] = page.split(`\n## ${kind.kind}\n`);
    expect(section.split('\n## ')[0], kind.kind).toContain('```json');
  }
});

test('every kind is in a flow that ships and runs', () => {
  const shown = new Set([...examples, ...examplesOnServers].flatMap((example) => Object.values(readExampleFlow(example).nodes).map(({ kind }) => kind)));
  expect([...kinds.keys()].filter((kind) => !shown.has(kind))).toEqual([]);
});
