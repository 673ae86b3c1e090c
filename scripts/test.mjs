/**
 * `npm test`: all set-up, then types, lint, format, import rules, unused code, unit and integration tests, the web bundle's size, and the browser tests.
 * `--quick` leaves out the browser and the bundle. Plain JavaScript: it starts under whatever Node is there, and runs the rest under the pinned one.
 * Ends with `N passed, N failed`; exit 1 where something failed.
 */
import { execFile, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureInstall } from './ensure-install.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const isQuick = process.argv.includes('--quick');
const isCi = Boolean(process.env.CI);
const reports = join(root, 'artifacts');
/** A step that takes longer hangs. */
const longestStepMs = 15 * 60_000;
const total = { passed: 0, failed: 0 };
const failures = [];
const skipped = [];

await ensureInstall(root);
rmSync(reports, { recursive: true, force: true });
mkdirSync(reports, { recursive: true });
const environment = {
  ...process.env,
  PATH: `${join(root, 'node_modules/.bin')}${process.platform === 'win32' ? ';' : ':'}${process.env.PATH}`,
  FORCE_COLOR: process.env.FORCE_COLOR ?? '0',
};

// Each of them keeps one core busy: the longest beside all others.
await Promise.all([
  checks(['lint', 'eslint', ['--max-warnings', '0', 'packages', 'apps', 'examples', 'e2e']]),
  checks(
    ['types', 'tsc', ['-b']],
    ['style', 'biome', ['ci', '--colors=off', '.']],
    ['imports', 'depcruise', ['packages', 'apps', 'examples', 'e2e', '--config', '.dependency-cruiser.cjs']],
    ['unused code', 'knip', ['--no-progress']],
  ),
]);
suite(
  'unit and integration tests',
  'vitest',
  ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${join(reports, 'vitest.json')}`],
  countVitest,
);
if (!isQuick) {
  const isBuilt = check('web build', 'vite', ['build', '--logLevel', 'warn'], join(root, 'apps/web'));
  if (isBuilt) {
    check('bundle size', 'node', ['scripts/bundle-size.mjs']);
    suite('browser tests', 'playwright', ['test', '--config', 'e2e/playwright.config.ts'], countPlaywright);
  }
}

for (const name of skipped) console.log(`skipped: ${name}`);
if (failures.length > 0) console.log(`\nfailed: ${failures.join(', ')}`);
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed > 0 ? 1 : 0;

/** A check counts as one test. */
function check(name, command, args, cwd = root) {
  return countCheck(name, run(name, command, args, cwd));
}

function countCheck(name, isDone) {
  if (isDone) total.passed += 1;
  else {
    total.failed += 1;
    failures.push(name);
  }
  return isDone;
}

/** One after the other, beside whatever else runs: what each prints is told when it has ended. */
async function checks(...list) {
  for (const [name, command, args] of list) countCheck(name, await runAside(name, command, args));
}

function runAside(name, command, args) {
  const begin = Date.now();
  const how = { cwd: root, env: environment, maxBuffer: Infinity, timeout: longestStepMs, killSignal: 'SIGKILL', shell: process.platform === 'win32' };
  return new Promise((resolve) => {
    execFile(command, args, how, (error, stdout, stderr) => {
      const why = error && typeof error.code !== 'number' ? `${error.message}\n` : '';
      console.log(`\n== ${name}\n${stdout}${stderr}${why}${endLine(name, !error, begin)}`);
      resolve(!error);
    });
  });
}

function endLine(name, isDone, begin) {
  return `== ${name}: ${isDone ? 'ok' : 'FAILED'} (${((Date.now() - begin) / 1000).toFixed(1)} s)`;
}

/** A suite counts its own tests; one that ends badly without a failed test counts as one failure. */
function suite(name, command, args, count) {
  const isDone = run(name, command, args, root);
  const counted = count();
  total.passed += counted.passed;
  total.failed += counted.failed;
  for (const one of counted.skipped) {
    skipped.push(`${name}: ${one}`);
    // What is missing on a developer's machine may be skipped; where all was to be installed, it is a failure.
    if (isCi) total.failed += 1;
  }
  if (isDone && counted.passed > 0 && !(isCi && counted.skipped.length > 0)) return;
  failures.push(name);
  if (counted.failed === 0) total.failed += 1;
}

function run(name, command, args, cwd) {
  const begin = Date.now();
  console.log(`\n== ${name}`);
  const { status, error } = spawnSync(command, args, {
    cwd,
    env: environment,
    stdio: 'inherit',
    timeout: longestStepMs,
    killSignal: 'SIGKILL',
    shell: process.platform === 'win32',
  });
  if (error) console.error(error.message);
  console.log(endLine(name, status === 0, begin));
  return status === 0;
}

function countVitest() {
  const report = readReport('vitest.json');
  if (!report) return { passed: 0, failed: 0, skipped: [] };
  const names = report.testResults.flatMap((file) =>
    file.assertionResults.filter(({ status }) => status === 'pending' || status === 'skipped').map(({ fullName }) => fullName),
  );
  const brokenFiles = report.testResults.filter((file) => file.status === 'failed' && file.assertionResults.every(({ status }) => status !== 'failed')).length;
  return { passed: report.numPassedTests, failed: report.numFailedTests + brokenFiles, skipped: names };
}

function countPlaywright() {
  const report = readReport('playwright.json');
  if (!report) return { passed: 0, failed: 0, skipped: [] };
  const { expected, unexpected, flaky, skipped: left } = report.stats;
  return { passed: expected, failed: unexpected + flaky, skipped: left > 0 ? [`${left} tests`] : [] };
}

function readReport(name) {
  const file = join(reports, name);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}
