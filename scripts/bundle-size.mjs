/** What the browser loads before it shows the application: the scripts of index.html with all they import statically, gzipped. At most 300 kB. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const limitBytes = 300_000;
const dist = join(dirname(dirname(fileURLToPath(import.meta.url))), 'apps/web/dist');
if (!existsSync(join(dist, 'index.html'))) throw new Error('apps/web/dist is missing. Build the web first: npm run build');

const html = readFileSync(join(dist, 'index.html'), 'utf8');
const first = new Set();
const queue = [...html.matchAll(/(?:src|href)="\/([^"]+\.js)"/g)].map(([, path]) => path);
while (queue.length > 0) {
  const path = queue.pop();
  if (first.has(path)) continue;
  first.add(path);
  // Static imports and re-exports only: import() is loaded when needed.
  for (const [, name] of readFileSync(join(dist, path), 'utf8').matchAll(/(?:\bfrom|\bimport)\s*"\.\/([^"]+\.js)"/g)) queue.push(join(dirname(path), name));
}
const sizes = [...first].map((path) => ({ path, bytes: gzipSync(readFileSync(join(dist, path))).length })).sort((a, b) => b.bytes - a.bytes);
const total = sizes.reduce((sum, { bytes }) => sum + bytes, 0);
const later = readdirSync(join(dist, 'assets')).filter((name) => name.endsWith('.js') && !first.has(`assets/${name}`)).length;
for (const { path, bytes } of sizes) console.log(`${(bytes / 1000).toFixed(1).padStart(7)} kB  ${path}`);
console.log(`${(total / 1000).toFixed(1).padStart(7)} kB gzip at first (limit ${limitBytes / 1000} kB); ${later} more scripts are loaded when needed`);
if (total > limitBytes) process.exitCode = 1;
