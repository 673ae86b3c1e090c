/**
 * Reads through a network that is slow, breaks off in the middle of an answer, resets or says nothing more: each ends in time, as the right answer or
 * as a failure that says what it is, never as a part of the answer; and the connection serves the next read.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Json } from '@switchyard/shared';
import mysql from 'mysql2/promise';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startFaultProxy, type FaultProxy } from '../../testing/servers/fault-proxy.ts';
import { findMariadb, startMariadb } from '../../testing/servers/mariadb-server.ts';
import { findPostgres, startPostgres } from '../../testing/servers/postgres-server.ts';
import { findRedis, startRedis } from '../../testing/servers/redis-server.ts';
import type { ClosableHost } from '../host.ts';
import { ask, failureOf, HostBench } from '../testing/host-bench.ts';

const count = 900;
const words = Array.from({ length: count }, (_, index) => `word ${index} ${'x'.repeat(40)}`);

/** A server with all the words, and the read that gives them. */
interface Source {
  name: string;
  isThere: boolean;
  start(bench: HostBench): Promise<{ port: number; stop(): Promise<void> }>;
  /** Names the connection `source`, by the proxy's port. */
  connect(bench: HostBench, port: number): void;
  kind: string;
  request: Json;
  /** The words of its result. */
  read(result: unknown): unknown;
}

const query = { connection: 'source', sql: 'SELECT word FROM words ORDER BY id', parameters: {}, access: 'read' };
const rowsOf = (result: unknown) => (result as { rows: { word: string }[] }).rows.map(({ word }) => word);
const values = words.map((word, index) => `(${index}, '${word}')`).join(', ');

let database = '';
const sources: readonly Source[] = [
  {
    name: 'PostgreSQL',
    isThere: findPostgres() !== undefined,
    async start() {
      const server = await startPostgres();
      const url = new URL(await server.createDatabase());
      const admin = new pg.Client({ connectionString: url.href });
      await admin.connect();
      await admin.query(`CREATE TABLE words (id int PRIMARY KEY, word text); INSERT INTO words VALUES ${values}`);
      await admin.end();
      database = url.pathname;
      return { port: Number(url.port), stop: () => server.stop() };
    },
    connect(bench, port) {
      bench.connections.source = { type: 'postgres', url: `postgres://127.0.0.1:${port}${database}`, username: 'switchyard' };
    },
    kind: 'query',
    request: query,
    read: rowsOf,
  },
  {
    name: 'MariaDB',
    isThere: findMariadb() !== undefined,
    async start() {
      const server = await startMariadb();
      const admin = await mysql.createConnection({ host: '127.0.0.1', port: server.port, user: 'root', multipleStatements: true });
      await admin.query(`CREATE DATABASE shop; USE shop; CREATE TABLE words (id int PRIMARY KEY, word text); INSERT INTO words VALUES ${values}`);
      await admin.end();
      return server;
    },
    connect(bench, port) {
      bench.connections.source = { type: 'mysql', url: `mysql://127.0.0.1:${port}/shop`, username: 'root' };
    },
    kind: 'query',
    request: query,
    read: rowsOf,
  },
  {
    name: 'Redis',
    isThere: findRedis() !== undefined,
    async start() {
      const server = await startRedis();
      const admin = server.connect();
      await admin.rpush('words', ...words);
      admin.disconnect();
      return server;
    },
    connect(bench, port) {
      bench.connections.source = { type: 'redis', url: `redis://127.0.0.1:${port}` };
    },
    kind: 'connect',
    request: { connection: 'source', action: 'get', arguments: { key: 'words', count: 1_000 } },
    read: (result) => (result as { value: unknown }).value,
  },
  ...(['with its length', 'in chunks'] as const).map(
    (how): Source => ({
      name: `HTTP, ${how}`,
      isThere: true,
      async start() {
        const text = JSON.stringify(words);
        const server: Server = createServer((_, answer) => {
          answer.writeHead(200, { 'content-type': 'application/json', ...(how === 'with its length' && { 'content-length': Buffer.byteLength(text) }) });
          for (let start = 0; start < text.length; start += 5_000) answer.write(text.slice(start, start + 5_000));
          answer.end();
        });
        await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
        const stop = async () => {
          server.closeAllConnections();
          await new Promise((resolve) => server.close(resolve));
        };
        return { port: (server.address() as AddressInfo).port, stop };
      },
      connect(bench, port) {
        bench.connections.source = { type: 'http', baseUrl: `http://127.0.0.1:${port}` };
      },
      kind: 'fetch',
      request: { connection: 'source', method: 'GET', path: '/words' },
      read: (result) => (result as { body: unknown }).body,
    }),
  ),
];

for (const { name, isThere } of sources) if (!isThere) process.stderr.write(`${name} is not installed: its tests on a bad network are skipped.\n`);

describe.each(sources.filter(({ isThere }) => isThere).map((source) => [source.name, source] as const))('%s', (_, source) => {
  const bench = new HostBench();
  let server: Awaited<ReturnType<Source['start']>>;
  let proxy: FaultProxy;
  let host: ClosableHost;

  beforeAll(async () => {
    server = await source.start(bench);
    proxy = await startFaultProxy(server.port);
    source.connect(bench, proxy.port);
    host = await bench.host();
  }, 60_000);
  afterAll(async () => {
    await bench.close();
    await proxy?.stop();
    await server?.stop();
  });

  const read = async (timeoutMs = 5_000) => source.read(await ask(host, source.kind, source.request, { timeoutMs }));

  /** What the read fails with, and in which time; then a good network, on which it succeeds. */
  async function failing(timeoutMs: number) {
    const startedAt = Date.now();
    const failure = await failureOf(read(timeoutMs));
    const took = Date.now() - startedAt;
    proxy.set({ kind: 'none' });
    expect(await read()).toEqual(words);
    return { ...failure, took };
  }

  test('gives all of its words, also slowly', async () => {
    expect(await read()).toEqual(words);
    proxy.set({ kind: 'delay', ms: 30 });
    expect(await read()).toEqual(words);
    proxy.set({ kind: 'none' });
  });

  // At once, within the first words, and shortly before the end, which is at over 45,000 bytes.
  describe.each([0, 1, 700, 20_000, 44_000])('after %i bytes', (afterBytes) => {
    test.each(['cut', 'reset'] as const)('%s, it fails at once and may be tried again', async (kind) => {
      expect(await read()).toEqual(words);
      proxy.set({ kind, afterBytes });
      const failure = await failing(5_000);
      expect(failure).toMatchObject({ retry: 'policy', code: expect.stringMatching(/^(?:connection-unreachable|http-unreachable|http-cut)$/) as string });
      expect(failure.message).toContain('"source"');
      expect(failure.took).toBeLessThan(2_000);
    });

    test('silent, it is given up when its time ends', async () => {
      expect(await read()).toEqual(words);
      proxy.set({ kind: 'stall', afterBytes });
      const failure = await failing(400);
      expect(failure).toMatchObject({ code: 'timeout', retry: 'policy' });
      expect(failure.took).toBeLessThan(1_500);
    });

    test('broken while it connects, it fails and says so', async () => {
      bench.connections.source = { ...bench.connections.source, limits: { concurrency: afterBytes + 1 } } as never;
      proxy.set({ kind: 'cut', afterBytes: Math.min(afterBytes, 30) });
      expect((await failing(5_000)).took).toBeLessThan(2_000);
    });
  });

  test('too slow for its time is given up, and what comes late disturbs no other', async () => {
    proxy.set({ kind: 'delay', ms: 600 });
    const failure = await failureOf(read(300));
    expect(failure.code).toBe('timeout');
    proxy.set({ kind: 'none' });
    expect(await Promise.all([read(), read(), read()])).toEqual([words, words, words]);
  });

  test('of many at once on a network that breaks, none has a wrong answer', async () => {
    proxy.set({ kind: 'reset', afterBytes: 150_000 });
    const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => read(3_000)));
    for (const outcome of outcomes) if (outcome.status === 'fulfilled') expect(outcome.value).toEqual(words);
    expect(outcomes.some(({ status }) => status === 'rejected')).toBe(true);
    proxy.set({ kind: 'none' });
    expect(await read()).toEqual(words);
  });

  test('once a connection is given up, its socket is closed', async () => {
    proxy.set({ kind: 'stall', afterBytes: 700 });
    expect((await failureOf(read(300))).code).toBe('timeout');
    proxy.set({ kind: 'none' });
    await host.close();
    await expect.poll(() => proxy.open(), { timeout: 5_000 }).toBe(0);
  });
});
