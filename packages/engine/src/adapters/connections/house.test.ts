/** The recipe's promises: a type of connection is a file in shared, a folder here and a line in the index of each, and nothing else names it. */
import { globSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectionGroups, connectionTypes } from '@switchyard/shared';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { connectors } from './connectors.ts';

const root = join(import.meta.dirname, '../../../../..');
const names = [...connectionTypes.keys()];
const folders = readdirSync(import.meta.dirname, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);

/**
 * Ways in which source text takes a type by its name. Most names are words of other trades too (a URL's `http`, a dialect's `sqlite`), so
 * a quoted word alone is no offence: it is one beside the word type, in a switch over it, as a key of a registry, or in an import.
 */
function offences(text: string, name: string): string[] {
  const quoted = `['"\`]${name}['"\`]`;
  const patterns = [
    `\\btype\\??\\s*(?:===?|!==?)\\s*${quoted}`,
    `${quoted}\\s*(?:===?|!==?)\\s*[\\w.?!\\[\\]]*\\btype\\b(?!\\s*[.(])`,
    `\\btype\\s*:\\s*${quoted}`,
    `\\b(?:connectionTypes|connectors)\\??\\.(?:get|has)\\(\\s*${quoted}`,
    `\\bfield\\.connection\\([^)]*${quoted}`,
    `\\bfrom\\s+['"][^'"]*connections/${name}(?:/|\\.ts)`,
  ];
  const found = patterns.flatMap((pattern) => [...text.matchAll(new RegExp(pattern, 'g'))].map((match) => match[0]));
  const isSwitched = /\bswitch\s*\([^)]*\btype\)/.test(text);
  return isSwitched ? [...found, ...[...text.matchAll(new RegExp(`\\bcase\\s+${quoted}`, 'g'))].map((match) => match[0])] : found;
}

describe('a type of connection', () => {
  it('is a folder of its name with a connector, and every folder is one', () => {
    expect([...folders].sort()).toEqual([...names].sort());
    expect([...connectors.keys()].sort()).toEqual([...names].sort());
  });

  it('is one line in each index, beside its import', () => {
    for (const path of ['packages/shared/src/connections/index.ts', 'packages/engine/src/adapters/connections/connectors.ts']) {
      const index = readFileSync(join(root, path), 'utf8');
      for (const name of names) expect(index.match(new RegExp(`from '\\./${name}(?:/connector)?\\.ts'`, 'g')), `${name} in ${path}`).toHaveLength(1);
    }
  });

  it('is named nowhere else', () => {
    const own = (path: string, name: string) => path.includes(`/connections/${name}/`) || path.endsWith(`shared/src/connections/${name}.ts`);
    const files = globSync(['packages/*/src/**/*.{ts,tsx}', 'apps/*/src/**/*.{ts,tsx}'], { cwd: root }).filter(
      // What an example ships says for which type it stands; models have an HTTP of their own.
      (path) => !/\.test\.tsx?$|\/testing\/|connections\/(?:index|connectors)\.ts$|shared\/src\/example\.ts$/.test(path),
    );
    expect(files.length).toBeGreaterThan(50);
    const found = files.flatMap((path) => {
      const text = readFileSync(join(root, path), 'utf8');
      return names.filter((name) => !own(path, name)).flatMap((name) => offences(text, name).map((offence) => `${path}: ${offence}`));
    });
    expect(found).toEqual([]);
  });

  it.each(names)('%s has what a form needs', (name) => {
    const type = connectionTypes.get(name);
    expect(type?.title).toMatch(/^\S.{1,30}$/);
    expect(type?.description).toMatch(/^[^.]{5,60}$/);
    expect(connectionGroups).toContain(type?.group);
    expect(type?.performs.length).toBeGreaterThan(0);
    const { properties } = z.toJSONSchema((type as NonNullable<typeof type>).schema, { io: 'input' }) as { properties: Record<string, { title?: string }> };
    for (const [field, { title }] of Object.entries(properties)) if (!['type', 'limits'].includes(field)) expect(title, field).toBeTypeOf('string');
  });
});

describe('the rule', () => {
  it.each([
    "if (connection.type === 'sqlite') return;",
    "const is = 'sqlite' === connection.type;",
    "{ type: 'sqlite', url }",
    "connectionTypes.get('sqlite')",
    "field.connection(['sqlite'])",
    "switch (connection.type) { case 'sqlite': break; }",
    "import { sqliteConnector } from './connections/sqlite/connector.ts';",
    "import { sqliteConnection } from './connections/sqlite.ts';",
  ])('sees %s', (text) => expect(offences(text, 'sqlite')).not.toEqual([]));

  it.each(["dialect: 'sqlite'", "engine === 'sqlite'", "from 'node:sqlite'", "sort === 'http'"])('lets %s be', (text) =>
    expect([...offences(text, 'sqlite'), ...offences(text, 'http')]).toEqual([]),
  );
});
