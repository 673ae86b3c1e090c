/** PostgreSQL for tests: the system's, on a folder and a free loopback port of its own. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, copyFileSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import pg from 'pg';
import type { CertificatePair } from './certificates.ts';
import { freePort } from './free-port.ts';

/** A server that the test started and stops. */
export interface PostgresServer {
  /** Makes a new database; gives its address. */
  createDatabase(): Promise<string>;
  /** A client of the database at this address, for whoever looks from outside; end it. */
  connect(url: string): Promise<pg.Client>;
  /** Ends at once, as where its machine breaks down, and starts again. */
  breakDown(): Promise<void>;
  /** Starts again, and from now on takes encrypted connections with this certificate as well; of the user `strict` no others. */
  encrypt(pair: CertificatePair): Promise<void>;
  stop(): Promise<void>;
}

/** The folder of the system's PostgreSQL programs: that of Debian's newest, or the first on PATH; undefined where there is none. */
export function findPostgres(): string | undefined {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [...versions.map((version) => join(debian, version, 'bin')), ...(process.env.PATH ?? '').split(delimiter)];
  return folders.find((folder) => ['initdb', 'postgres'].every((program) => existsSync(join(folder, program))));
}

/** Starts a server with `isDurable` as one in use would be; else without waiting for the disk. Throws where PostgreSQL is not installed. */
export async function startPostgres({ isDurable = false } = {}): Promise<PostgresServer> {
  const programs = findPostgres();
  if (programs === undefined) throw new Error('PostgreSQL is not installed: see findPostgres');
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-postgres-'));
  // PostgreSQL refuses to run as root.
  const user = process.getuid?.() === 0 ? { uid: idOf('-u'), gid: idOf('-g') } : {};
  if (user.uid !== undefined) chownSync(folder, user.uid, user.gid);
  const data = join(folder, 'data');
  const environment = { PATH: process.env.PATH, LC_ALL: 'C', HOME: folder };
  execFileSync(join(programs, 'initdb'), ['-D', data, '-U', 'switchyard', '-A', 'trust', '--no-sync', '-E', 'UTF8'], {
    ...user,
    cwd: folder,
    stdio: 'ignore',
    env: environment,
  });
  const port = await freePort();
  const settings = [
    'listen_addresses=127.0.0.1',
    `port=${port}`,
    'unix_socket_directories=',
    'max_connections=200',
    `fsync=${isDurable ? 'on' : 'off'}`,
    `synchronous_commit=${isDurable ? 'on' : 'off'}`,
  ];
  const start = () =>
    spawn(join(programs, 'postgres'), ['-D', data, ...settings.flatMap((setting) => ['-c', setting])], {
      ...user,
      cwd: folder,
      stdio: 'ignore',
      env: environment,
    });
  let child = start();
  const urlOf = (database: string) => `postgresql://switchyard@127.0.0.1:${port}/${database}`;
  const stop = async () => {
    await stopChild(child);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await untilAnswers(urlOf('postgres'), child);
  } catch (error) {
    await stop();
    throw error;
  }
  const breakDown = async () => {
    await stopChild(child);
    child = start();
    await untilAnswers(urlOf('postgres'), child);
  };
  let count = 0;
  return {
    async createDatabase() {
      count += 1;
      await query(urlOf('postgres'), `CREATE DATABASE test${count}`);
      return urlOf(`test${count}`);
    },
    async connect(url) {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      return client;
    },
    breakDown,
    async encrypt(pair) {
      useCertificate(data, pair, user);
      if (!settings.includes('ssl=on')) settings.push('ssl=on');
      await breakDown();
    },
    stop,
  };
}

/** Copies of its own, since it refuses keys that belong to others. */
function useCertificate(data: string, { certificate, key }: CertificatePair, { uid, gid }: { uid?: number; gid?: number }): void {
  for (const [from, name] of [
    [certificate, 'server.crt'],
    [key, 'server.key'],
  ] as const) {
    const file = join(data, name);
    copyFileSync(from, file);
    chmodSync(file, 0o600);
    if (uid !== undefined && gid !== undefined) chownSync(file, uid, gid);
  }
  writeFileSync(join(data, 'pg_hba.conf'), 'hostssl all strict 127.0.0.1/32 trust\nhost all switchyard 127.0.0.1/32 trust\n');
}

/** The user that Debian's package makes, or else the one without rights. */
function idOf(flag: '-u' | '-g'): number {
  for (const name of ['postgres', 'nobody'])
    try {
      return Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
    } catch {
      // The next one.
    }
  throw new Error('There is neither a user "postgres" nor "nobody" to run PostgreSQL as');
}

async function untilAnswers(url: string, child: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    if (child.exitCode !== null) throw new Error(`PostgreSQL ended with ${child.exitCode} before it answered`);
    try {
      await query(url, 'SELECT 1');
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  throw new Error('PostgreSQL did not answer within 10 s');
}

async function query(url: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  // At once: what a test wrote is not needed again.
  child.kill('SIGQUIT');
  await ended;
}
