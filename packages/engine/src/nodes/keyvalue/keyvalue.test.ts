/** The kind `keyvalue` on a real Redis: every type of value, its bounds, what it refuses, and what a server that is gone looks like. */
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import type { Json, JsonObject } from '@switchyard/shared';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ask, failureOf } from '../../adapters/testing/host-bench.ts';
import { findRedis, startRedis, type RedisServer } from '../../testing/servers/redis-server.ts';
import { RoomBench } from '../../testing/room-bench.ts';

if (!findRedis()) process.stderr.write('Redis is not installed: the tests of key-value stores are skipped.\n');

let bench = new RoomBench('keyvalue');
afterEach(async () => {
  await bench.close();
  bench = new RoomBench('keyvalue');
});

describe.skipIf(!findRedis())('on Redis', () => {
  let server: RedisServer;
  let admin: Redis;
  beforeAll(async () => {
    server = await startRedis();
    admin = new Redis({ port: server.port, host: '127.0.0.1' });
    await admin.call('ACL', 'SETUSER', 'reader', 'on', '>a-password', '~*', '+@read', '+@connection');
    await admin.call('ACL', 'SETUSER', 'default', 'on', '>other-password');
    await admin.auth('other-password');
  });
  afterAll(async () => {
    admin.disconnect();
    await server.stop();
  });
  beforeEach(async () => {
    await admin.flushall();
    bench.secrets.REDIS_PASSWORD = 'other-password';
    bench.connections.cache = { type: 'redis', url: `redis://127.0.0.1:${server.port}/0`, password: { secret: 'REDIS_PASSWORD' } };
  });

  const act = async (action: string, args: JsonObject, effect: 'read' | 'write' = 'read') =>
    await ask<Json>(await bench.host(), 'connect', { connection: 'cache', action, arguments: args }, { effect });

  test('reads a key of every type', async () => {
    await admin.set('text', 'hello');
    await admin.set('bytes', Buffer.from([0xff, 0xfe]));
    await admin.hset('hash', { a: '1', b: 'two' });
    await admin.rpush('list', 'x', 'y');
    await admin.sadd('set', 'one');
    await admin.zadd('scores', 1.5, 'low', 9, 'high');
    await admin.xadd('log', '1-1', 'level', 'warn');
    const host = await bench.host();
    const get = (key: string) => ask<Json>(host, 'connect', { connection: 'cache', action: 'get', arguments: { key } });
    expect(await get('text')).toEqual({ key: 'text', type: 'string', value: 'hello' });
    expect(await get('bytes')).toEqual({ key: 'bytes', type: 'string', value: { base64: '//4=' } });
    expect(await get('hash')).toEqual({ key: 'hash', type: 'hash', value: { a: '1', b: 'two' } });
    expect(await get('list')).toEqual({ key: 'list', type: 'list', value: ['x', 'y'] });
    expect(await get('set')).toEqual({ key: 'set', type: 'set', value: ['one'] });
    expect(await get('scores')).toMatchObject({
      value: [
        { member: 'low', score: 1.5 },
        { member: 'high', score: 9 },
      ],
    });
    expect(await get('log')).toMatchObject({ type: 'stream', value: [{ id: '1-1', fields: { level: 'warn' } }] });
    expect(await get('none')).toEqual({ key: 'none', type: 'none', value: null });
  });

  test('cuts what is long, and says so', async () => {
    await admin.set('long', 'x'.repeat(1_200_000));
    await admin.rpush('list', ...Array.from({ length: 500 }, (_, index) => String(index)));
    const long = (await act('get', { key: 'long' })) as { value: string };
    expect([long.value.length, long]).toEqual([1_000_000, expect.objectContaining({ truncated: true, size: 1_200_000 })]);
    expect(await act('get', { key: 'list', count: 3 })).toEqual({ key: 'list', type: 'list', value: ['0', '1', '2'], truncated: true, size: 500 });
  });

  test('of entries that are very long reads no more than it may, and is well after it', async () => {
    const long = Buffer.alloc(10_000_000, 'x');
    for (const name of ['a', 'b', 'c', 'd']) {
      await admin.rpush('list', long);
      await admin.hset('hash', name, long);
      await admin.xadd('log', '*', name, long);
    }
    const host = await bench.host();
    const warned: string[] = [];
    const note = ({ name }: Error) => void warned.push(name);
    process.on('warning', note);
    const asks: [string, JsonObject][] = [
      ['get', { key: 'list' }],
      ['fields', { key: 'hash', fields: ['a', 'b', 'c'] }],
      ['stream', { key: 'log' }],
    ];
    for (const [action, args] of asks) {
      const told = await failureOf(ask(host, 'connect', { connection: 'cache', action, arguments: args }));
      expect(told).toMatchObject({ code: 'response-too-large', retry: 'never' });
      expect(await ask(host, 'connect', { connection: 'cache', action: 'get', arguments: { key: 'none' } })).toMatchObject({ value: null });
    }
    expect(await ask(host, 'connect', { connection: 'cache', action: 'get', arguments: { key: 'list', count: 1 } })).toMatchObject({
      truncated: true,
      size: 4,
    });
    process.off('warning', note);
    // Each piece that still came would have cut it off anew.
    expect(warned).toEqual([]);
  });

  test('finds keys by pattern, in order and bounded', async () => {
    await admin.mset(Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`session:${String(index).padStart(3, '0')}`, 'x'])));
    await admin.set('other', 'x');
    expect(await act('scan', { pattern: 'session:00?' })).toEqual({ keys: Array.from({ length: 10 }, (_, index) => `session:00${index}`) });
    expect(((await act('scan', { pattern: '*', count: 5 })) as { keys: string[] }).keys).toHaveLength(5);
    expect(await act('scan', { pattern: '*', count: 5 })).toMatchObject({ truncated: true });
  });

  test('reads fields of a hash and entries of a stream after another', async () => {
    await admin.hset('hash', { a: '1', b: '2' });
    await admin.xadd('log', '1-1', 'n', '1');
    await admin.xadd('log', '2-1', 'n', '2');
    expect(await act('fields', { key: 'hash', fields: ['b', 'none'] })).toEqual({ b: '2', none: null });
    expect(await act('stream', { key: 'log', after: '1-1' })).toEqual([{ id: '2-1', fields: { n: '2' } }]);
  });

  test('writes only where the call may write', async () => {
    expect((await failureOf(act('set', { key: 'a', value: 'x' }))).code).toBe('access-read-only');
    expect(await admin.exists('a')).toBe(0);
    await act('set', { key: 'a', value: 'x', seconds: 100 }, 'write');
    await act('set_fields', { key: 'h', fields: { n: 1, ok: true } }, 'write');
    expect(await act('append', { key: 'log', fields: { n: 1 } }, 'write')).toMatchObject({ key: 'log', id: expect.stringMatching(/^\d+-\d+$/) as string });
    expect([await admin.get('a'), await admin.hgetall('h'), (await admin.ttl('a')) > 90]).toEqual(['x', { n: '1', ok: 'true' }, true]);
    expect(await act('remove', { key: 'a' }, 'write')).toEqual({ key: 'a', removed: true });
  });

  test.each([
    ['eval', {}],
    ['flushall', {}],
    ['constructor', {}],
  ])('has no action %s', async (action, args) => {
    expect((await failureOf(act(action, args, 'write'))).code).toBe('action-unknown');
  });

  test('tells what is wrong with a request, a type, a password and a right', async () => {
    await admin.rpush('list', 'x');
    expect((await failureOf(act('get', { key: '' }))).code).toBe('request-invalid');
    expect(await failureOf(act('fields', { key: 'list', fields: ['a'] }))).toMatchObject({
      code: 'key-type',
      message: expect.stringContaining('another type') as string,
    });
    bench.secrets.REDIS_PASSWORD = 'wrong';
    expect((await failureOf(act('get', { key: 'a' }))).code).toBe('connection-denied');
    bench.secrets.REDIS_PASSWORD = 'a-password';
    bench.connections.cache = { type: 'redis', url: `redis://127.0.0.1:${server.port}`, username: 'reader', password: { secret: 'REDIS_PASSWORD' } };
    expect(await failureOf(act('set', { key: 'a', value: 'x' }, 'write'))).toMatchObject({
      code: 'connection-denied',
      message: expect.stringContaining('NOPERM') as string,
    });
  });

  test('as a step fills its key, and cannot leave its prefix', async () => {
    await admin.hset('session:7', { customer: 'Ada' });
    await admin.set('secret', 'x');
    const config = { connection: 'cache', prefix: 'session:', key: '{{ key }}' };
    expect(Object.keys(bench.ports(config).inputs)).toEqual(['key']);
    expect((await bench.runStep(config, { key: 'session:7' })).outputs).toEqual({ value: { customer: 'Ada' }, truncated: false });
    expect((await bench.runStep(config, { key: 'secret' })).failure?.code).toBe('key-not-granted');
    expect((await bench.runStep({ ...config, action: 'scan' }, { key: '*' })).failure?.code).toBe('key-not-granted');
    expect((await bench.runStep({ ...config, action: 'scan' }, { key: 'session:*' })).outputs).toEqual({ value: ['session:7'], truncated: false });
  });

  test('is tried out by the number of its keys', async () => {
    await admin.set('a', 'x');
    const host = await bench.host();
    const check = () => host.checkConnection('cache', { signal: new AbortController().signal, timeoutMs: 5000, onDelta: () => undefined });
    expect(await check()).toBe('It answers and has 1 key.');
    bench.secrets.REDIS_PASSWORD = 'wrong';
    expect((await failureOf(check())).code).toBe('connection-denied');
  });
});

describe('a store that is not well', () => {
  const get = { connection: 'cache', action: 'get', arguments: { key: 'a' } };

  test('that is gone is told as unreachable, and may be tried again', async () => {
    bench.connections.cache = { type: 'redis', url: 'redis://127.0.0.1:1' };
    expect(await failureOf(ask(await bench.host(), 'connect', get))).toMatchObject({ code: 'connection-unreachable', retry: 'policy' });
  });

  test('that never answers is given up in time, and its socket closed', async () => {
    const silent = createServer((socket) => socket.resume());
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const closed = once(silent, 'connection').then(([socket]) => once(socket as NodeJS.EventEmitter, 'close'));
    bench.connections.cache = { type: 'redis', url: `redis://127.0.0.1:${(silent.address() as AddressInfo).port}`, password: { secret: 'P' } };
    bench.secrets.P = 'x';
    expect((await failureOf(ask(await bench.host(), 'connect', get, { timeoutMs: 200 }))).code).toBe('timeout');
    await closed;
    await new Promise((resolve) => silent.close(resolve));
  });

  test('whose name leads to an address that may not be reached is refused', async () => {
    bench.connections.cache = { type: 'redis', url: 'redis://cache.example:6379' };
    const host = await bench.host({ resolve: async () => [{ address: '169.254.169.254', family: 4 }] });
    expect((await failureOf(ask(host, 'connect', get))).code).toBe('egress-refused');
  });
});

describe('keyvalue', () => {
  test('offers what its access allows', () => {
    const names = (access: string) =>
      bench.operations({ connection: 'cache', access }).map(({ name, effect, idempotent }) => [name, effect, idempotent ?? false]);
    expect(names('read')).toEqual(['get', 'scan', 'fields', 'stream'].map((name) => [name, 'read', false]));
    expect(names('write').slice(4)).toEqual([
      ['set', 'write', true],
      ['set_fields', 'write', true],
      ['append', 'write', false],
      ['remove', 'write', true],
    ]);
  });

  test('tells what is wrong with its settings', () => {
    expect(bench.problems({ connection: 'cache', action: 'set' })[0]).toContain('access');
    expect(bench.problems({ connection: 'cache', action: 'fields' })[0]).toContain('more than a key');
    expect(bench.problems({ connection: 'cache', action: 'set', access: 'write' })).toEqual([]);
  });
});
