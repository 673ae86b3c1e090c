/**
 * Ceph's gateway for tests, a real server of S3: the system's, with a cluster of its own of one monitor and one store in memory. All of it is in a folder
 * of its own and on free loopback ports, and asks nobody within the cluster who he is; users of the gateway have keys.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, openSync, closeSync, readFileSync, rmSync, writeFileSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import type { BucketServer } from './bucket-server.ts';
import { freePort } from './free-port.ts';

export interface CephGateway extends BucketServer {
  /** The domain whose names one level below are buckets, with the port. */
  domain: string;
  /** Runs `radosgw-admin` with these arguments; gives what it says. */
  admin(...args: string[]): Promise<string>;
  stop(): Promise<void>;
}

/** Debian's packages that bring the programs. */
export const cephPackages = ['ceph-mon', 'ceph-osd', 'radosgw'] as const;

const programs = ['ceph', 'ceph-mon', 'ceph-osd', 'monmaptool', 'radosgw', 'radosgw-admin'] as const;
const longestStepMs = 15_000;
const longestWaitMs = 30_000;

/** The folder of the system's Ceph programs; undefined where one of them is missing. */
export function findCeph(): string | undefined {
  return [...(process.env.PATH ?? '').split(delimiter), '/usr/bin'].find((folder) => programs.every((program) => existsSync(join(folder, program))));
}

/** Starts a gateway with one user, or throws within 105 s; throws where Ceph is not installed. */
export async function startCeph(): Promise<CephGateway> {
  const found = findCeph();
  if (found === undefined) throw new Error(`Ceph is not installed: on Debian, "apt-get install --no-install-recommends ${cephPackages.join(' ')}" brings it`);
  const cluster = new Cluster(found, { monitor: await freePort(), gateway: await freePort() });
  const user = { accessKeyId: 'SWITCHYARD', secretAccessKey: 'only/for+tests' };
  try {
    await cluster.start();
    await cluster.run('radosgw-admin', [
      'user',
      'create',
      '--uid=owner',
      '--display-name=Owner',
      `--access-key=${user.accessKeyId}`,
      `--secret-key=${user.secretAccessKey}`,
    ]);
    await cluster.startGateway();
  } catch (error) {
    const why = cluster.lastWords();
    await cluster.stop();
    throw new Error(`Ceph did not start: ${String(error)}\n${why}`, { cause: error });
  }
  return {
    ...user,
    endpoint: cluster.endpoint,
    domain: `${domain}:${new URL(cluster.endpoint).port}`,
    admin: (...args) => cluster.run('radosgw-admin', args),
    stop: () => cluster.stop(),
  };
}

/** A name that no one can register may lead to this machine; see `host-rule.ts`. */
const domain = 's3.internal';

/** The daemons of one cluster. */
class Cluster {
  readonly endpoint: string;
  readonly #programs: string;
  readonly #folder = mkdtempSync(join(tmpdir(), 'switchyard-ceph-'));
  readonly #monitor: string;
  readonly #id = randomUUID();
  readonly #daemons = new Map<string, ChildProcess>();

  constructor(folder: string, ports: { monitor: number; gateway: number }) {
    this.#programs = folder;
    this.#monitor = `[v2:127.0.0.1:${ports.monitor}]`;
    this.endpoint = `http://127.0.0.1:${ports.gateway}`;
  }

  async start(): Promise<void> {
    for (const name of ['mon', 'osd', 'rgw']) mkdirSync(join(this.#folder, name));
    writeFileSync(join(this.#folder, 'ceph.conf'), settingsText(this.#folder, this.#id, this.#monitor, this.endpoint));
    const map = join(this.#folder, 'monmap');
    await this.run('monmaptool', ['--create', '--addv', 'a', this.#monitor, '--fsid', this.#id, map]);
    await this.run('ceph-mon', ['-i', 'a', '--mkfs', '--monmap', map]);
    this.#spawn('ceph-mon', ['-i', 'a']);
    const store = randomUUID();
    await this.run('ceph', ['osd', 'new', store]);
    await this.run('ceph-osd', ['-i', '0', '--mkfs', '--osd-uuid', store]);
    this.#spawn('ceph-osd', ['-i', '0']);
  }

  /** Resolves once it answers. */
  async startGateway(): Promise<void> {
    const gateway = this.#spawn('radosgw', ['-n', 'client.rgw']);
    for (const until = Date.now() + longestWaitMs; Date.now() < until; await new Promise((resolve) => setTimeout(resolve, 50))) {
      if (gateway.exitCode !== null) throw new Error(`radosgw ended with ${gateway.exitCode} before it answered`);
      const answer = await fetch(this.endpoint, { signal: AbortSignal.timeout(2000) }).catch(() => undefined);
      if (answer?.ok) return;
    }
    throw new Error(`radosgw did not answer within ${longestWaitMs / 1000} s`);
  }

  /** Runs a program to its end; gives what it says. */
  async run(program: (typeof programs)[number], args: readonly string[]): Promise<string> {
    const asAdministrator = program === 'radosgw-admin' ? ['-n', 'client.rgw'] : [];
    const { stdout } = await promisify(execFile)(join(this.#programs, program), [...asAdministrator, ...args], {
      ...this.#surroundings(),
      timeout: longestStepMs,
      killSignal: 'SIGKILL',
    });
    return stdout;
  }

  /** The end of what each daemon wrote down. */
  lastWords(): string {
    return [...this.#daemons.keys()].map((program) => `${program}:\n${readFileSync(this.#log(program), 'utf8').slice(-1500)}`).join('\n');
  }

  async stop(): Promise<void> {
    // At once: what a test stored is not needed again.
    for (const daemon of this.#daemons.values()) {
      if (daemon.exitCode !== null || daemon.signalCode !== null || daemon.pid === undefined) continue;
      const ended = once(daemon, 'exit');
      daemon.kill('SIGKILL');
      await ended;
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #spawn(program: (typeof programs)[number], args: readonly string[]): ChildProcess {
    const log = openSync(this.#log(program), 'w');
    const child = spawn(join(this.#programs, program), [...args, '-f'], { ...this.#surroundings(), stdio: ['ignore', log, log] });
    closeSync(log);
    // A program that cannot be run is told by the step that waits for it.
    child.on('error', () => undefined);
    this.#daemons.set(program, child);
    return child;
  }

  #log(program: string): string {
    return join(this.#folder, `${program}.log`);
  }

  /** Nothing of the machine's own Ceph, where it has one. */
  #surroundings() {
    return { cwd: this.#folder, env: { PATH: process.env.PATH, LC_ALL: 'C.UTF-8', HOME: this.#folder, CEPH_CONF: join(this.#folder, 'ceph.conf') } };
  }
}

function settingsText(folder: string, id: string, monitor: string, endpoint: string): string {
  return `[global]
fsid = ${id}
mon host = ${monitor}
public addr = 127.0.0.1
cluster addr = 127.0.0.1
ms bind msgr1 = false
auth cluster required = none
auth service required = none
auth client required = none
# The gateway wants its talk with the monitor encrypted, which cannot be had without keys.
ms mon client mode = crc
# Each pool is a proposal, and the gateway makes several before it answers.
paxos propose interval = 0.05
mon allow pool size one = true
mon data avail crit = 0
mon max pg per osd = 1000
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 1
osd pool default pgp num = 1
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
osd objectstore = memstore
mon data = ${folder}/mon
osd data = ${folder}/osd
rgw data = ${folder}/rgw
keyring = ${folder}/keyring
run dir = ${folder}
crash dir = ${folder}
admin socket =
pid file =
log file =
log to stderr = true
err to stderr = true
mon cluster log to file = false
rgw frontends = beast endpoint=${new URL(endpoint).host}
rgw dns name = ${domain}
`;
}
