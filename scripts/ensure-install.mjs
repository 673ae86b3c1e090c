/** Installs the dependencies where they are missing or the lockfile has changed since. Plain JavaScript for Node 20 or newer. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Throws where the install fails. Notes go to stderr. */
export async function ensureInstall(root) {
  const stamp = join(root, 'node_modules/.switchyard-install');
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  // Someone may have run npm by hand.
  if (isInstalled(root)) {
    writeFileSync(stamp, lock);
    return;
  }
  console.error('Installing dependencies (once; a minute or two)…');
  const { status, error } = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (error || status !== 0)
    throw new Error(`The install failed${error ? `: ${error.message}` : ''}. Look at npm's words above; "npm ci" in ${root} tries it again.`);
  writeFileSync(stamp, lock);
}

/** Whether every package of the lockfile that belongs on this machine stands in node_modules in that version. */
function isInstalled(root) {
  const kept = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(kept)) return false;
  const installed = JSON.parse(readFileSync(kept, 'utf8')).packages;
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  return Object.entries(packages).every(
    ([path, { version, optional, link, peer }]) =>
      path === '' || !path.startsWith('node_modules/') || link || optional || peer || installed[path]?.version === version,
  );
}

/** The Node that npm brought, where there is one for this machine. */
export function pinnedNode(root) {
  const file = join(root, 'node_modules/.bin', process.platform === 'win32' ? 'node.cmd' : 'node');
  return existsSync(file) ? file : undefined;
}
