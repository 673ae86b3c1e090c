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

test('the table of docs/flow-format.md names every output of a kind whose outputs have fixed names', () => {
  const table = readFileSync(join(import.meta.dirname, '../../../docs/flow-format.md'), 'utf8');
  const rows = new Map([...table.matchAll(/^\| `(\w+)` \|.*\| ([^|]*) \|$/gm)].map(([, kind = '', outputs = '']) => [kind, outputs]));
  const unnamed = [...kinds.values()].flatMap((kind) => {
    const told = rows.get(kind.kind);
    if (told === undefined || told === '' || /one per|one port|those of/.test(told)) return [];
    const written = [...kind.examples.map(({ config }) => config), { ...kind.initial, connection: 'c', access: 'write' }];
    const configs = written.flatMap((config) => kind.config.safeParse(config).data ?? []);
    const outputs = new Set(configs.flatMap((config) => Object.keys(kind.ports(config).outputs)));
    return [...outputs].filter((port) => !told.includes(`\`${port}\``)).map((port) => `${kind.kind}.${port}`);
  });
  expect(rows.size).toBeGreaterThan(15);
  expect(unnamed).toEqual([]);
});
