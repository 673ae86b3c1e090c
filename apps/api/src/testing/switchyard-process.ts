/** The command `switchyard` as a real process, for tests. */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Readable } from 'node:stream';

const program = join(import.meta.dirname, '../../bin/switchyard.mjs');

export interface SwitchyardProcess {
  child: ChildProcessByStdio<null, Readable, Readable>;
  /** All it wrote so far. */
  out(): string;
  errors(): string;
  /** Resolves with the match once stdout matches; rejects when the process ends before. */
  printed(pattern: RegExp): Promise<RegExpExecArray>;
  ended: Promise<{ code: number | null; out: string; errors: string }>;
}

export interface SwitchyardOptions {
  /** Stands in for the home folder, so that nothing of this machine's user is read or written. */
  home: string;
  environment?: Record<string, string>;
}

export function spawnSwitchyard(args: readonly string[], { home, environment = {} }: SwitchyardOptions): SwitchyardProcess {
  const env = { PATH: process.env.PATH, HOME: home, XDG_DATA_HOME: join(home, 'share'), XDG_CACHE_HOME: join(home, 'cache'), ...environment };
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'], env });
  let out = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, out, errors }));
  const printed = (pattern: RegExp) =>
    new Promise<RegExpExecArray>((resolve, reject) => {
      const look = () => {
        const match = pattern.exec(out);
        if (match) resolve(match);
      };
      child.stdout.on('data', look);
      look();
      void ended.then(({ code }) => reject(new Error(`It ended with ${code} before it printed ${String(pattern)}:\n${out}\n${errors}`)));
    });
  return { child, out: () => out, errors: () => errors, printed, ended };
}

/** Runs it to its end. */
export async function switchyard(args: readonly string[], options: SwitchyardOptions): Promise<{ code: number | null; out: string; errors: string }> {
  return await spawnSwitchyard(args, options).ended;
}
