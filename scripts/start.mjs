/** `npm start -- ARGS`: installs and builds what is missing, then `switchyard start ARGS` under the pinned Node. Plain JavaScript for Node 20 or newer. */
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { followNpm } from '../apps/api/bin/follow-npm.mjs';
import { ensureInstall, pinnedNode } from './ensure-install.mjs';
import { ensureInterface } from './ensure-interface.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const program = join(root, 'apps/api/bin/switchyard.mjs');
const args = ['start', ...process.argv.slice(2)];

try {
  await ensureInstall(root);
  const node = pinnedNode(root) ?? process.execPath;
  if (!args.includes('--help') && !args.includes('-h')) await ensureInterface(root, node);
  if (Number(process.versions.node.split('.')[0]) >= 24) {
    // One process less, and signals need no passing on.
    process.argv = [process.execPath, program, ...args];
    await import(pathToFileURL(program).href);
  } else handOver(node);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}

function handOver(node) {
  const child = spawn(node, [program, ...args], { stdio: 'inherit', shell: process.platform === 'win32' });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  followNpm(() => child.kill('SIGTERM'));
  child.on('error', (error) => {
    console.error(`The Node at ${node} cannot be started: ${error.message}`);
    process.exitCode = 2;
  });
  child.on('exit', (code) => {
    process.exitCode = code ?? 1;
  });
}
