/** The image is built from the whole folder, and pushed to registries: what people wrote beside the manifests stays out of it, and out of git. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';

const root = dirname(import.meta.dirname);
const secrets = 'deploy/kubernetes/secrets.env';

test('secrets of the manifests are in no image and in no commit', () => {
  const linesOf = (file: string) => readFileSync(join(root, file), 'utf8').split('\n');
  expect(linesOf('.dockerignore')).toEqual(expect.arrayContaining(['.git', '**/node_modules', 'deploy', '**/*.env']));
  expect(linesOf('.gitignore')).toContain(`/${secrets}`);
  expect(linesOf('docs/scale.md').join('\n')).toContain(secrets);
});
