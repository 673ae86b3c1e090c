/**
 * `npm run bench [-- start engine load strategies sandbox canvas] [--quick] [--json]`: measures and prints figures; no figure is a test. Flags are passed on.
 * With `--json` and one benchmark, stdout is that benchmark's alone. Plain JavaScript: the benchmarks run under the pinned Node.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureInstall, pinnedNode } from './ensure-install.mjs';
import { ensureInterface } from './ensure-interface.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const all = ['start', 'engine', 'load', 'strategies', 'sandbox', 'canvas'];
/** Only the peers' own packages stand in bench/, so that the product never depends on them. */
const withPeers = ['engine'];
/** Those that open no page need no interface. */
const withoutInterface = [...withPeers, 'load', 'strategies', 'sandbox'];
const flags = process.argv.slice(2).filter((name) => name.startsWith('-'));
const named = process.argv.slice(2).filter((name) => !name.startsWith('-'));
for (const name of named) if (!existsSync(join(root, 'bench', `${name}.ts`))) throw new Error(`There is no benchmark "${name}". There are: ${all.join(', ')}.`);
const wanted = named.length > 0 ? named : all.filter((name) => existsSync(join(root, 'bench', `${name}.ts`)));

await ensureInstall(root);
const node = pinnedNode(root) ?? process.execPath;
if (wanted.some((name) => withPeers.includes(name))) await ensureInstall(join(root, 'bench'));
if (wanted.some((name) => !withoutInterface.includes(name))) await ensureInterface(root, node);
console.error(`${cpus().length} x ${cpus()[0]?.model}, ${Math.round(totalmem() / 2 ** 30)} GB, ${process.platform}`);
for (const name of wanted) {
  console.error(`\n== ${name}`);
  const { status } = spawnSync(node, [join(root, 'bench', `${name}.ts`), ...flags], { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exitCode = 1;
}
