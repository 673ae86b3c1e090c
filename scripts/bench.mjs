/** `npm run bench [-- start engine canvas]`: measures and prints figures; no figure is a test. Plain JavaScript: the benchmarks run under the pinned Node. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureInstall, pinnedNode } from './ensure-install.mjs';
import { ensureInterface } from './ensure-interface.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const all = ['start', 'engine', 'canvas'];
const wanted = process.argv.slice(2).filter((name) => !name.startsWith('-'));
for (const name of wanted)
  if (!existsSync(join(root, 'bench', `${name}.ts`))) throw new Error(`There is no benchmark "${name}". There are: ${all.join(', ')}.`);

await ensureInstall(root);
const node = pinnedNode(root) ?? process.execPath;
await ensureInterface(root, node);
console.log(`${cpus().length} x ${cpus()[0]?.model}, ${Math.round(totalmem() / 2 ** 30)} GB, ${process.platform}`);
for (const name of wanted.length > 0 ? wanted : all) {
  console.log(`\n== ${name}`);
  const { status } = spawnSync(node, [join(root, 'bench', `${name}.ts`)], { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exitCode = 1;
}
