import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

/** Each import rule is seen to fail once, on a tree of the same shape with one broken import a rule. */
const broken: Record<string, [file: string, source: string]> = {
  'no-cycles': ['packages/engine/src/compile/a.ts', `import { b } from './b.ts'; export const a = b;`],
  'shared-stands-alone': ['packages/shared/src/bad.ts', `import { node } from '../../engine/src/node.ts'; export const x = node;`],
  'rooms-touch-only-their-contract': [
    'packages/engine/src/nodes/sql/sql.ts',
    `import { h } from '../../host.ts'; import { c } from '../../adapters/x.ts'; export const s = [h, c];`,
  ],
  'rooms-do-not-visit': ['packages/engine/src/nodes/http/http.ts', `import { s } from '../sql/sql.ts'; export const h = s;`],
  'compile-is-pure': ['packages/engine/src/compile/impure.ts', `import { x } from '../adapters/x.ts'; export const y = x;`],
  'run-knows-no-kind': ['packages/engine/src/run/bad.ts', `import { s } from '../nodes/sql/sql.ts'; export const y = s;`],
  'adapters-know-contracts-only': ['packages/engine/src/adapters/bad.ts', `import { y } from '../run/bad.ts'; export const z = y;`],
  'only-adapters-know-node': ['packages/engine/src/run/node.ts', `import { readFileSync } from 'node:fs'; export const r = readFileSync;`],
  'only-adapters-know-vendors': ['packages/engine/src/run/vendor.ts', `import { request } from 'undici'; export const r = request;`],
  'web-stays-in-the-browser': ['apps/web/src/app/bad.ts', `import { x } from '../../../../packages/engine/src/adapters/x.ts'; export const y = x;`],
  'editor-has-no-react': ['apps/web/src/editor/bad.ts', `import { useState } from 'react'; export const u = useState;`],
  'panels-do-not-meet': ['apps/web/src/canvas/bad.ts', `import { t } from '../trace/t.ts'; export const u = t;`],
  'ui-knows-nothing': ['apps/web/src/ui/bad.ts', `import { t } from '../trace/t.ts'; export const u = t;`],
  'tests-are-not-shipped': ['apps/api/src/bad.ts', `import { t } from '../../../packages/engine/src/testing.ts'; export const u = t;`],
};
const standing: [file: string, source: string][] = [
  ['packages/engine/src/compile/b.ts', `import { a } from './a.ts'; export const b = () => a;`],
  ['packages/engine/src/node.ts', 'export const node = 1;'],
  ['packages/engine/src/host.ts', 'export const h = 1;'],
  ['packages/engine/src/testing.ts', 'export const t = 1;'],
  ['packages/engine/src/adapters/x.ts', 'export const x = 1;'],
  ['apps/web/src/trace/t.ts', 'export const t = 1;'],
  ['node_modules/react/index.js', 'exports.useState = 1;'],
  ['node_modules/react/package.json', '{ "name": "react", "version": "1.0.0", "main": "index.js" }'],
  ['node_modules/undici/index.js', 'exports.request = 1;'],
  ['node_modules/undici/package.json', '{ "name": "undici", "version": "1.0.0", "main": "index.js" }'],
  ['package.json', '{ "dependencies": { "react": "1.0.0", "undici": "1.0.0" } }'],
  ['tsconfig.base.json', '{}'],
];

const root = join(import.meta.dirname, '..');
const config = createRequire(import.meta.url)('../.dependency-cruiser.cjs') as { forbidden: { name: string }[] };
let folder: string;
let output: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'switchyard-rules-'));
  for (const [file, source] of [...standing, ...Object.values(broken)]) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), source);
  }
  const { stdout } = spawnSync(
    join(root, 'node_modules/.bin/depcruise'),
    ['packages', 'apps', '--config', join(root, '.dependency-cruiser.cjs'), '--output-type', 'json'],
    { cwd: folder, encoding: 'utf8' },
  );
  output = stdout;
});

afterAll(() => rmSync(folder, { recursive: true }));

describe('the import rules', () => {
  test('each has a broken import here', () => {
    expect(Object.keys(broken).sort()).toEqual(config.forbidden.map(({ name }) => name).sort());
  });

  test.each(Object.entries(broken))('%s is seen', (rule, [file]) => {
    const { summary } = JSON.parse(output) as { summary: { violations: { from: string; rule: { name: string } }[] } };
    const found = summary.violations.filter((violation) => violation.rule.name === rule).map(({ from }) => from);
    expect(found).toContain(file);
  });
});
