/** Builds the interface where it is missing or one of its sources has changed since. Plain JavaScript for Node 20 or newer. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Everything the build reads: the web's own files, the packages it is made of, the router's types aside, and the versions of what it uses. */
const sources = [
  'apps/web/src',
  'apps/web/public',
  'apps/web/index.html',
  'apps/web/vite.config.ts',
  'apps/web/package.json',
  'packages/shared/src',
  'packages/engine/src',
  'package-lock.json',
  'tsconfig.base.json',
];

/** Throws where the build fails. Notes go to stderr. */
export async function ensureInterface(root, node) {
  const stamp = join(root, 'apps/web/dist/.switchyard-build');
  const now = hashOf(root);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === now) return;
  console.error('Building the interface…');
  const vite = join(root, 'node_modules/vite/bin/vite.js');
  const { status, error } = spawnSync(node, [vite, 'build', '--logLevel', 'warn'], {
    cwd: join(root, 'apps/web'),
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (error || status !== 0)
    throw new Error(`The interface could not be built${error ? `: ${error.message}` : ''}. "npm run build" in ${root} tries it again.`);
  writeFileSync(stamp, now);
}

function hashOf(root) {
  const hash = createHash('sha256');
  for (const source of sources) {
    const path = join(root, source);
    if (!existsSync(path)) continue;
    for (const file of statSync(path).isDirectory() ? filesBelow(path) : [path])
      hash.update(file.slice(root.length)).update('\0').update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}

function filesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return filesBelow(path);
      return /\.test\.tsx?$/.test(entry.name) ? [] : [path];
    })
    .sort();
}
