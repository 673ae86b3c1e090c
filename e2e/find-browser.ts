/** Finds a Chromium for the browser tests: Playwright's own, then the system's; else installs one where that is possible, else says how. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from '@playwright/test';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const elsewhere = ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', 'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe'];

/** The path of a Chromium. Throws with what to do where none can be had. */
export function findBrowser(): string {
  const found = look();
  if (found) return found;
  install();
  const installed = look();
  if (installed) return installed;
  throw new Error(
    'No Chromium was found and none could be installed. Install one (Debian: apt-get install chromium; elsewhere: npx playwright install chromium) and run npm test again.',
  );
}

function look(): string | undefined {
  const named = process.env.SWITCHYARD_CHROMIUM;
  if (named && existsSync(named)) return named;
  const own = chromium.executablePath();
  if (own && existsSync(own)) return own;
  const folders = (process.env.PATH ?? '').split(delimiter);
  return [...names.flatMap((name) => folders.map((folder) => join(folder, name))), ...elsewhere].find((path) => existsSync(path));
}

/** Bounded in time: a machine without a way out answers late. */
function install(): void {
  console.error('No Chromium found; trying to install one…');
  const isDebianRoot = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
  if (isDebianRoot) {
    spawnSync('sh', ['-c', 'apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium'], {
      stdio: 'inherit',
      timeout: 300_000,
    });
    if (look()) return;
  }
  spawnSync('npx', ['playwright', 'install', 'chromium'], { stdio: 'inherit', timeout: 180_000 });
}
