/** A real host for tests, with a folder of its own and HTTP servers on loopback; all is closed together. */
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { emptyWorkspace, type Connection, type Failure, FailureError, type Json } from '@switchyard/shared';
import type { Call } from '../../port.ts';
import { type ClosableHost, createHost, type HostOptions } from '../host.ts';

export interface AskOptions {
  timeoutMs?: number;
  signal?: AbortSignal;
  idempotencyKey?: string;
  effect?: 'read' | 'write';
}

export class HostBench {
  readonly connections: Record<string, Connection> = {};
  readonly secrets: Record<string, string> = {};
  #directory: string | undefined;
  #servers: Server[] = [];
  #hosts: ClosableHost[] = [];

  /** The folder that relative files are relative to. */
  async directory(): Promise<string> {
    this.#directory ??= await mkdtemp(join(tmpdir(), 'switchyard-host-'));
    return this.#directory;
  }

  async host(options: Partial<HostOptions> = {}): Promise<ClosableHost> {
    const directory = await this.directory();
    const host = createHost({
      workspace: () => ({ ...emptyWorkspace(), connections: this.connections }),
      baseDirectory: directory,
      dataDirectory: join(directory, 'data'),
      secrets: { get: (name) => this.secrets[name], values: () => Object.values(this.secrets) },
      examples: {},
      ...options,
    });
    this.#hosts.push(host);
    return host;
  }

  /** A server on a free loopback port; gives its base URL. */
  async serve(answer: RequestListener): Promise<string> {
    const server = createServer(answer);
    this.#servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  /** Makes a database file in the folder by running SQL, and names it as a connection. */
  async database(name: string, sql: string): Promise<string> {
    const file = join(await this.directory(), `${name}.db`);
    const database = new DatabaseSync(file);
    database.exec(sql);
    database.close();
    this.connections[name] = { type: 'sqlite', url: `file:${name}.db` };
    return file;
  }

  async close(): Promise<void> {
    await Promise.all(this.#hosts.map((host) => host.close()));
    for (const server of this.#servers) server.closeAllConnections();
    await Promise.all(this.#servers.map((server) => new Promise((resolve) => server.close(resolve))));
    if (this.#directory) await rm(this.#directory, { recursive: true, force: true });
    this.#hosts = [];
    this.#servers = [];
    this.#directory = undefined;
  }
}

/** Makes one call of a host and gives its result. */
export async function ask<T = Json>(host: ClosableHost, kind: string, request: unknown, options: AskOptions = {}): Promise<T> {
  const { timeoutMs = 18_000, signal = new AbortController().signal, idempotencyKey, effect = 'read' } = options;
  const call: Call = {
    kind,
    pool: kind,
    request: request as Json,
    effect,
    timeoutMs,
    retry: { attempts: 1, baseMs: 0, maxMs: 0 },
    task: 'test',
    target: { node: 'test' },
    ...(idempotencyKey !== undefined && { idempotencyKey }),
  };
  return (await host.perform(call, { signal, onDelta: () => {} })).result as T;
}

/** The Failure that a promise is rejected with; anything else fails the test. */
export async function failureOf(promise: Promise<unknown>): Promise<Failure> {
  let value: unknown;
  try {
    value = await promise;
  } catch (error) {
    if (error instanceof FailureError) return error.failure;
    throw error;
  }
  throw new Error(`Expected a failure, but got ${JSON.stringify(value)?.slice(0, 200)}`);
}
