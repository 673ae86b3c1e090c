/**
 * `npm run test:long`: the proofs of docs/proof.md whole, where `npm test` runs a subset of them: every unit and integration test with its full
 * number of tries. Random ones start from another seed each time; `SWITCHYARD_SEED=N npm run test:long -- FILES` tries one again.
 * Buckets are tried on Ceph where Debian's ceph-mon, ceph-osd and radosgw are installed; they are printed as skipped where not.
 * Ends with what was tried, then `N passed, N failed`; exit 1 where something failed or was skipped under CI.
 */
import { spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureInstall } from './ensure-install.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const longestMs = 3 * 60 * 60_000;

await ensureInstall(root);
// The runtimes of models that run within Switchyard are no part of its install; their tests are here alone.
await ensureInstall(join(root, 'packages/engine/local-models'));
const seed = process.env.SWITCHYARD_SEED ?? String(randomInt(2 ** 31));
const report = join(root, 'artifacts/proof.json');
mkdirSync(dirname(report), { recursive: true });
console.log(`seed ${seed}`);
const separator = process.platform === 'win32' ? ';' : ':';
const { status } = spawnSync('vitest', ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
  timeout: longestMs,
  shell: process.platform === 'win32',
  env: {
    ...process.env,
    PATH: `${join(root, 'node_modules/.bin')}${separator}${process.env.PATH}`,
    SWITCHYARD_THOROUGH: '1',
    SWITCHYARD_SEED: seed,
    FORCE_COLOR: process.env.FORCE_COLOR ?? '0',
  },
});
const told = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : { numPassedTests: 0, numFailedTests: 1, numPendingTests: 0, testResults: [] };
const tests = told.testResults.flatMap(({ assertionResults }) => assertionResults);
for (const { fullName, status: outcome } of tests) if (outcome === 'pending' || outcome === 'skipped') console.log(`skipped: ${fullName}`);
const longest = tests.toSorted((a, b) => (b.duration ?? 0) - (a.duration ?? 0)).slice(0, 20);
console.log(`\nseed ${seed}; what took longest:`);
for (const { fullName, duration = 0, status: outcome } of longest) console.log(`${(duration / 1000).toFixed(1).padStart(8)} s  ${outcome}  ${fullName}`);
const isSkippedUnderCi = Boolean(process.env.CI) && told.numPendingTests > 0;
console.log(`${told.numPassedTests} passed, ${told.numFailedTests} failed`);
process.exitCode = status === 0 && !isSkippedUnderCi ? 0 : 1;
