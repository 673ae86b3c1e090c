/** What a key-value store tells of itself, on a real Redis: patterns of keys, bounded on a large one, and what a control node is told of it. */
import type { Flow, KeyCatalogue } from '@switchyard/shared';
import type { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ask, failureOf } from '../../adapters/testing/host-bench.ts';
import { findRedis, startRedis, type RedisServer } from '../../testing/servers/redis-server.ts';
import { RoomBench } from '../../testing/room-bench.ts';
import { scriptedTurns, testRun } from '../../testing/test-run.ts';

if (!findRedis()) process.stderr.write('Redis is not installed: the tests of catalogues of key-value stores are skipped.\n');

describe.skipIf(!findRedis())('on Redis', () => {
  let bench = new RoomBench('keyvalue');
  let server: RedisServer;
  let admin: Redis;
  beforeAll(async () => {
    server = await startRedis();
    admin = server.connect();
  });
  afterAll(async () => {
    admin.disconnect();
    await server.stop();
  });
  beforeEach(async () => {
    await admin.flushall();
    bench.connections.cache = { type: 'redis', url: `redis://127.0.0.1:${server.port}/0` };
  });
  afterEach(async () => {
    await bench.close();
    bench = new RoomBench('keyvalue');
  });

  const catalogue = async (scope: { prefix?: string } = {}) => await ask<KeyCatalogue>(await bench.host(), 'catalogue', { connection: 'cache', ...scope });

  test('tells patterns, how many keys, their types, when they are forgotten and one of them', async () => {
    await admin.hset('session:17', { customer: 'Ada' });
    await admin.expire('session:17', 1_000);
    await admin.hset('session:9', { customer: 'Grace' });
    await admin.expire('session:9', 500);
    await admin.set('user:4:name', 'Ada');
    await admin.set('user:5:name', 'Grace', 'EX', 900);
    await admin.rpush('user:6:name', 'odd');
    await admin.xadd('orders', '1-1', 'n', '1');
    const { patterns, ...rest } = await catalogue();
    expect(rest).toEqual({});
    expect(patterns).toEqual([
      {
        name: 'user:*:name',
        keys: 3,
        types: ['list', 'string'],
        expires: 'sometimes',
        seconds: { least: expect.closeTo(900, -1) as number, most: expect.closeTo(900, -1) as number },
        example: 'user:4:name',
      },
      {
        name: 'session:*',
        keys: 2,
        types: ['hash'],
        expires: 'always',
        seconds: { least: expect.closeTo(500, -1) as number, most: expect.closeTo(1_000, -1) as number },
        example: 'session:17',
      },
      { name: 'orders', keys: 1, types: ['stream'], expires: 'never', example: 'orders' },
    ]);
  });

  test('with a prefix tells no other keys, also where it looks like a pattern', async () => {
    await admin.mset('team:a:1', 'x', 'team:b:1', 'x', 'te*:z', 'x');
    expect((await catalogue({ prefix: 'team:a:' })).patterns.map(({ name, keys }) => [name, keys])).toEqual([['team:a:*', 1]]);
    expect((await catalogue({ prefix: 'te*' })).patterns.map(({ name, keys }) => [name, keys])).toEqual([['te\\*:z', 1]]);
    expect((await catalogue({ prefix: 'none' })).patterns).toEqual([]);
  });

  test('of a large store looks at a part, and reckons the rest', async () => {
    const names = Array.from({ length: 60_000 }, (_, index) => (index % 4 === 0 ? `order:${index}` : `item:${index}:price`));
    for (let start = 0; start < names.length; start += 10_000) await admin.mset(...names.slice(start, start + 10_000).flatMap((name) => [name, 'x']));
    const startedAt = Date.now();
    const { patterns, truncated } = await catalogue();
    expect(Date.now() - startedAt).toBeLessThan(3_000);
    expect(truncated).toBe(true);
    expect(patterns.map(({ name, keysAre }) => [name, keysAre])).toEqual([
      ['item:*:price', 'about'],
      ['order:*', 'about'],
    ]);
    expect(patterns[0]?.keys).toBeGreaterThan(35_000);
    expect(patterns[0]?.keys).toBeLessThan(55_000);
    expect(patterns[1]?.keys).toBeGreaterThan(10_000);
    expect(patterns[1]?.keys).toBeLessThan(20_000);
    expect(JSON.stringify(patterns).length).toBeLessThan(1_000);
  });

  test('many patterns are counted, the fullest are told; keys that are long or no text do no harm', async () => {
    const words = ['ada', 'bo', 'cy', 'di'];
    await admin.mset(...words.flatMap((a) => words.flatMap((b) => words.flatMap((c) => [`${a}:${b}:${c}`, 'x']))), 'many:1', 'x', 'many:2', 'x');
    await admin.set(`long:${'y'.repeat(5_000)}`, 'x');
    await admin.set(Buffer.from([0xff, 0xfe, 0x3a]), 'x');
    const { patterns, morePatterns } = await catalogue();
    expect(patterns).toHaveLength(50);
    expect(patterns[0]).toMatchObject({ name: 'many:*', keys: 2 });
    expect(morePatterns).toBe(17);
    expect(JSON.stringify(patterns)).not.toContain('yyyyy');
  });

  test('fails where the user may not look', async () => {
    await admin.call('ACL', 'SETUSER', 'blind', 'on', '>a-password', '~*', '+get', '+@connection');
    bench.secrets.REDIS_PASSWORD = 'a-password';
    bench.connections.cache = { type: 'redis', url: `redis://127.0.0.1:${server.port}`, username: 'blind', password: { secret: 'REDIS_PASSWORD' } };
    expect((await failureOf(catalogue())).code).toBe('connection-denied');
  });

  test('is read by a call of its own, and a control node is told of it', async () => {
    await admin.mset('session:17', 'x', 'session:9', 'x', 'elsewhere', 'x');
    const model = scriptedTurns([[['cache_scan', { pattern: 'session:*' }]], 'Two.']);
    const real = await bench.host();
    const asked: unknown[] = [];
    const flow: Flow = {
      format: 'switchyard.flow',
      version: 1,
      name: 'test',
      nodes: {
        ask: { kind: 'input', config: { fields: { question: {} } } },
        planner: { kind: 'control', config: { model: 'm' } },
        cache: { kind: 'keyvalue', config: { connection: 'cache', prefix: 'session:' } },
        reply: { kind: 'output', config: { fields: { answer: {} } } },
      },
      links: [
        { from: 'ask.question', to: 'planner.request' },
        { from: 'planner.answer', to: 'reply.answer' },
      ],
      grants: [{ from: 'planner', to: 'cache' }],
    };
    const host = {
      pool: (name: string) => real.pool(name),
      perform(...[call, scope]: Parameters<typeof real.perform>) {
        if (call.kind === 'model') return Promise.resolve({ result: model.answer(call) });
        asked.push({ kind: call.kind, request: call.request });
        return real.perform(call, scope);
      },
    };
    const { result } = await testRun(flow, { host, inputs: { question: 'How many sessions?' } });
    expect(result).toMatchObject({ status: 'done', outputs: { answer: 'Two.' } });
    expect(asked[0]).toEqual({ kind: 'catalogue', request: { connection: 'cache', prefix: 'session:' } });
    const told = model.requests[0]?.messages[0]?.text ?? '';
    expect(told).toContain('"name":"session:*","keys":2,"types":["string"],"expires":"never","example":"session:17"');
    expect(told).not.toContain('elsewhere');
  });
});
