/** MariaDB for tests: the system's, on a folder and a free loopback port of its own. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import mysql from 'mysql2/promise';
import { freePort } from './free-port.ts';

/** A server that the test started and stops. */
export interface MariadbServer {
  port: number;
  stop(): Promise<void>;
}

/** The server's program and the one that makes its folder; undefined where they are not installed. */
export function findMariadb(): { server: string; install: string } | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/bin'];
  const find = (program: string) => folders.map((folder) => join(folder, program)).find((file) => existsSync(file));
  const server = find('mariadbd');
  const install = find('mariadb-install-db');
  return server !== undefined && install !== undefined ? { server, install } : undefined;
}

/** Starts a server that lets `root` in without a password; throws where none is installed. `more` are settings of its command line. */
export async function startMariadb(more: readonly string[] = []): Promise<MariadbServer> {
  const programs = findMariadb();
  if (programs === undefined) throw new Error('MariaDB is not installed: see findMariadb');
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-mariadb-'));
  const data = join(folder, 'data');
  const user = process.getuid?.() === 0 ? ['--user=root'] : [];
  // As it starts, a server removes what it takes for temporary tables left behind: in a folder that others use, theirs.
  const env = { ...process.env, TMPDIR: folder };
  execFileSync(programs.install, ['--no-defaults', `--datadir=${data}`, '--auth-root-authentication-method=normal', '--skip-test-db', ...user], {
    stdio: 'ignore',
    env,
  });
  const port = await freePort();
  const settings = [
    `--datadir=${data}`,
    `--port=${port}`,
    '--bind-address=127.0.0.1',
    `--socket=${join(folder, 'socket')}`,
    `--pid-file=${join(folder, 'pid')}`,
  ];
  const child = spawn(programs.server, ['--no-defaults', ...settings, '--innodb-flush-log-at-trx-commit=0', '--skip-log-bin', ...more, ...user], {
    stdio: 'ignore',
    env,
  });
  const ended = once(child, 'exit');
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  for (let tries = 0; tries < 400 && child.exitCode === null; tries += 1) {
    try {
      const client = await mysql.createConnection({ host: '127.0.0.1', port, user: 'root' });
      await client.end();
      return { port, stop };
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  await stop();
  throw new Error('MariaDB did not answer within 20 s');
}
