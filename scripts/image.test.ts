/** The image is built from the whole folder, and pushed to registries: what people wrote beside the manifests stays out of it, and out of git. A browser finds its servers. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { isAllowedHost } from '../apps/api/src/http/allowed-hosts.ts';

const root = dirname(import.meta.dirname);
const secrets = 'deploy/kubernetes/secrets.env';
const linesOf = (file: string) => readFileSync(join(root, file), 'utf8').split('\n');

test('secrets of the manifests are in no image and in no commit', () => {
  expect(linesOf('.dockerignore')).toEqual(expect.arrayContaining(['.git', '**/node_modules', 'deploy', '**/*.env']));
  expect(linesOf('.gitignore')).toContain(`/${secrets}`);
  expect(linesOf('docs/scale.md').join('\n')).toContain(secrets);
});

test('the servers of the Compose file answer to the names by which a browser reaches them', () => {
  const text = linesOf('deploy/compose.yaml').join('\n');
  const names = /SWITCHYARD_HOSTNAMES: (\S+)/.exec(text)?.[1]?.split(',') ?? [];
  const ports = [...text.matchAll(/"127\.0\.0\.1:(\d+):4680"/g)].map(([, port]) => port);
  const hosts = ports.flatMap((port) => [`localhost:${port}`, `127.0.0.1:${port}`]);
  expect(hosts).toHaveLength(4);
  expect(hosts.filter((host) => !isAllowedHost(host, { port: () => 4680, names }))).toEqual([]);
});
