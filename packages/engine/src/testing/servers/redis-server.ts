/** Redis for tests: the system's, on a folder and a free loopback port of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { Redis } from 'ioredis';
import { freePort } from './free-port.ts';

/** A server that the test started and stops. */
export interface RedisServer {
  port: number;
  /** A client of its own, for whoever looks from outside; disconnect it. */
  connect(): Redis;
  stop(): Promise<void>;
}

const longestStartMs = 10_000;

/** The server's program, Redis's or Valkey's; undefined where there is none. */
export function findRedis(): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/bin', '/usr/sbin'];
  return ['redis-server', 'valkey-server'].flatMap((program) => folders.map((folder) => join(folder, program))).find((file) => existsSync(file));
}

/** Starts a server; throws where none is installed. `settings` are those of its command line; `isEncrypted`: it takes TLS alone, with the certificate there. */
export async function startRedis(settings: readonly string[] = [], { isEncrypted = false } = {}): Promise<RedisServer> {
  const program = findRedis();
  if (program === undefined) throw new Error('Redis is not installed: see findRedis');
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-redis-'));
  const port = await freePort();
  const ports = isEncrypted ? ['--port', '0', '--tls-port', String(port)] : ['--port', String(port)];
  const own = [...ports, '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'no', '--daemonize', 'no'];
  const child = spawn(program, [...own, ...settings], { stdio: ['ignore', 'pipe', 'ignore'] });
  const ended = once(child, 'exit');
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  const isUp = new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('Redis did not start')), longestStartMs);
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (!said.includes('eady to accept connections')) return;
      clearTimeout(timer);
      resolve();
    });
    void ended.then(() => reject(new Error(`Redis ended before it was up:\n${said}`)));
  });
  try {
    await isUp;
  } catch (error) {
    await stop();
    throw error;
  }
  return { port, connect: () => new Redis({ port, host: '127.0.0.1' }), stop };
}
