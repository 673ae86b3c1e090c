#!/usr/bin/env node
/** The command `switchyard`. Plain JavaScript that an older Node can read: with one older than 24 it hands over to the Node that npm brought. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import * as nodeModule from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { followNpm } from './follow-npm.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');
const pinned = join(root, 'node_modules/.bin', process.platform === 'win32' ? 'node.cmd' : 'node');

if (Number(process.versions.node.split('.')[0]) >= 24) await runHere();
else if (existsSync(pinned) && !process.env.SWITCHYARD_HANDED_OVER) handOver();
else {
  console.error(`Switchyard needs Node 24 or newer, and this is ${process.version}. Run "npm ci" in ${root}, which brings it.`);
  process.exitCode = 2;
}

async function runHere() {
  nodeModule.enableCompileCache?.(join(root, 'node_modules/.cache/switchyard-compile'));
  // A reader that stops reading, such as head, ends the command.
  process.stdout.on('error', (error) => process.exit(error.code === 'EPIPE' ? 0 : 1));
  followNpm(() => process.kill(process.pid, 'SIGTERM'));
  const { main } = await import('../src/main.ts');
  const code = await main(process.argv.slice(2));
  await Promise.all([process.stdout, process.stderr].map((stream) => new Promise((done) => stream.write('', done))));
  process.exit(code);
}

function handOver() {
  const child = spawn(pinned, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: { ...process.env, SWITCHYARD_HANDED_OVER: '1' },
    shell: process.platform === 'win32',
  });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  followNpm(() => child.kill('SIGTERM'));
  child.on('error', (error) => {
    console.error(`The Node at ${pinned} cannot be started: ${error.message}. Run "npm ci" in ${root}.`);
    process.exitCode = 2;
  });
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 1);
  });
}
