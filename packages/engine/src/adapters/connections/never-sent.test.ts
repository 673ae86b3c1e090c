/** A write to a service that is not there: that nothing of it was sent is told as data, so that nobody is asked what became of it. Where anything may have left, it is not. */
import { type AddressInfo, createServer, type Server } from 'node:net';
import type { Connection } from '@switchyard/shared';
import { afterEach, describe, expect, test } from 'vitest';
import { freePort } from '../../testing/servers/free-port.ts';
import { wasNeverSent } from './http/http-failures.ts';
import { ask, failureOf, HostBench } from '../testing/host-bench.ts';

const bench = new HostBench();
let server: Server | undefined;
afterEach(async () => {
  await bench.close();
  await new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve()));
  server = undefined;
});

const query = { sql: 'INSERT INTO orders VALUES (1)', parameters: {}, access: 'write' };
const set = { action: 'set', arguments: { key: 'a', value: 'b' } };

interface Case {
  connection(port: number): Connection;
  kind: string;
  request: object;
}

const cases: Record<string, Case> = {
  PostgreSQL: { connection: (port) => ({ type: 'postgres', url: `postgres://127.0.0.1:${port}/shop`, username: 'me' }), kind: 'query', request: query },
  MySQL: { connection: (port) => ({ type: 'mysql', url: `mysql://127.0.0.1:${port}/shop`, username: 'me' }), kind: 'query', request: query },
  Redis: { connection: (port) => ({ type: 'redis', url: `redis://127.0.0.1:${port}` }), kind: 'connect', request: set },
  MongoDB: {
    connection: (port) => ({ type: 'mongodb', url: `mongodb://127.0.0.1:${port}/shop` }),
    kind: 'connect',
    request: { action: 'insert', arguments: { collection: 'orders', documents: [{ a: 1 }] } },
  },
  S3: {
    connection: (port) => ({
      type: 's3',
      bucket: 'kept',
      prefix: '',
      region: 'eu-central-1',
      endpoint: `http://127.0.0.1:${port}`,
      accessKeyId: 'id',
      secretAccessKey: { secret: 'key' },
      forcePathStyle: true,
    }),
    kind: 'connect',
    request: { action: 'remove', arguments: { key: 'a' } },
  },
  MCP: {
    connection: (port) => ({ type: 'mcp', url: `http://127.0.0.1:${port}/mcp` }),
    kind: 'connect',
    request: { action: 'call-tool', arguments: { tool: 'order', arguments: {} } },
  },
};

const written = async (each: Case, port: number, more: { effect?: 'read' | 'write'; idempotencyKey?: string } = { effect: 'write' }) => {
  bench.secrets.key = 'secret of the bucket';
  bench.connections.source = each.connection(port);
  return await failureOf(ask(await bench.host(), each.kind, { connection: 'source', ...each.request }, { timeoutMs: 15_000, ...more }));
};

describe.each(Object.entries(cases))('%s', (_name, each) => {
  test('tells that nothing was sent where nobody listens', async () => {
    expect(await written(each, await freePort())).toMatchObject({ code: 'connection-unreachable', retry: 'policy', cause: { code: 'not-sent' } });
  });

  test('tells nothing of the kind of a write that may have been sent by an attempt before', async () => {
    const told = await written(each, await freePort(), { effect: 'write', idempotencyKey: 'run/key' });
    expect(told).toMatchObject({ code: 'connection-unreachable' });
    expect(told.cause).toBeUndefined();
  });
});

/** Speaks as much of the protocol of Redis as a client needs, and hangs up once it is asked to write. */
async function hangsUpAtWrites(): Promise<number> {
  const listening = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', (data) => {
      if (data.toString().includes('set')) socket.destroy();
      else socket.write('+OK\r\n'.repeat(data.toString().split('*').length - 1));
    });
  });
  server = listening;
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  return (listening.address() as AddressInfo).port;
}

test('a write whose connection broke once it was open may have been made', async () => {
  const told = await written(cases.Redis as Case, await hangsUpAtWrites());
  expect(told).toMatchObject({ code: 'connection-unreachable' });
  expect(told.cause).toBeUndefined();
});

test('no way to a host says that nothing was sent where it is of connecting, not of a connection that was open', () => {
  const error = (code: string, syscall: string) => Object.assign(new Error(code), { code, syscall });
  expect(wasNeverSent(error('EHOSTUNREACH', 'connect'))).toBe(true);
  expect(wasNeverSent(error('EHOSTUNREACH', 'read'))).toBe(false);
  expect(wasNeverSent(Object.assign(new AggregateError([error('ENETUNREACH', 'connect')]), { code: 'ENETUNREACH' }))).toBe(true);
  expect(wasNeverSent(error('ECONNRESET', 'read'))).toBe(false);
});
