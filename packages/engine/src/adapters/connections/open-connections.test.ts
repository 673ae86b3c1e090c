/** Connections by name: example parts start once, and files stay where their URL says. */
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { ExampleParts } from '@switchyard/shared';
import { afterEach, describe, expect, test } from 'vitest';
import { ask, failureOf, HostBench } from '../testing/host-bench.ts';

let bench = new HostBench();
afterEach(async () => {
  await bench.close();
  bench = new HostBench();
});

const apiAt = (baseUrl: string) => ({ baseUrl, connection: { type: 'http' as const, baseUrl } });

describe('example parts', () => {
  function parts() {
    const counts = { prepared: 0, started: 0, closed: 0 };
    const examples: ExampleParts = {
      'desk/shop': {
        type: 'sqlite',
        async prepare(directory) {
          counts.prepared += 1;
          await mkdir(directory, { recursive: true });
          const file = join(directory, 'shop.db');
          const database = new DatabaseSync(file);
          database.exec('CREATE TABLE orders (id INTEGER); INSERT INTO orders VALUES (1), (2)');
          database.close();
          return file;
        },
      },
      'desk/carrier': {
        type: 'http',
        async start() {
          counts.started += 1;
          const server = createServer((_, answer) => answer.end('on its way'));
          await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
          return {
            ...apiAt(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
            close() {
              counts.closed += 1;
              server.closeAllConnections();
              return new Promise<void>((resolve) => server.close(() => resolve()));
            },
          };
        },
      },
      'desk/broken': { type: 'sqlite', prepare: () => Promise.reject(new Error('no space left')) },
    };
    bench.connections.shop = { type: 'example', example: 'desk/shop' };
    bench.connections.carrier = { type: 'example', example: 'desk/carrier' };
    bench.connections.broken = { type: 'example', example: 'desk/broken' };
    bench.connections.gone = { type: 'example', example: 'desk/gone' };
    return { counts, examples };
  }
  const query = (connection: string) => ({ connection, sql: 'SELECT count(*) AS n FROM orders', parameters: {}, access: 'read' });
  const fetch = (connection: string) => ({ connection, method: 'GET', path: '/' });

  test('start once, however many ask at the same time, and end with the host', async () => {
    const { counts, examples } = parts();
    const host = await bench.host({ examples });
    const answers = await Promise.all([
      ...[1, 2, 3].map(() => ask(host, 'query', query('shop'))),
      ...[1, 2, 3].map(() => ask(host, 'fetch', fetch('carrier'))),
      ask(host, 'catalogue', { connection: 'shop' }),
    ]);
    expect(answers[0]).toEqual({ columns: ['n'], rows: [{ n: 2 }] });
    expect(answers[3]).toMatchObject({ status: 200, body: 'on its way' });
    expect(counts).toEqual({ prepared: 1, started: 1, closed: 0 });
    expect(existsSync(join(await bench.directory(), 'data', 'examples', 'desk', 'shop', 'shop.db'))).toBe(true);
    await host.close();
    expect(counts.closed).toBe(1);
  });

  test('of the wrong type, unknown, or that fail, say so', async () => {
    const { examples } = parts();
    const host = await bench.host({ examples });
    expect((await failureOf(ask(host, 'query', query('carrier')))).code).toBe('connection-type');
    expect((await failureOf(ask(host, 'fetch', fetch('shop')))).code).toBe('connection-type');
    expect((await failureOf(ask(host, 'query', query('gone')))).code).toBe('connection-missing');
    const failure = await failureOf(ask(host, 'query', query('broken')));
    expect(failure).toMatchObject({ code: 'connection-unreachable', retry: 'policy' });
    expect(failure.message).toContain('no space left');
  });
});

describe('an open connection', () => {
  /** An example part that counts, and answers when it is told to. */
  function counted() {
    const counts = { started: 0, closed: 0 };
    let release = () => {};
    const mayAnswer = new Promise<void>((resolve) => {
      release = resolve;
    });
    let arrived = () => {};
    const hasArrived = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const examples: ExampleParts = {
      'desk/slow': {
        type: 'http',
        async start() {
          counts.started += 1;
          const baseUrl = await bench.serve((_, answer) => {
            arrived();
            void mayAnswer.then(() => answer.end('done'));
          });
          const close = async () => {
            counts.closed += 1;
          };
          return { ...apiAt(baseUrl), close };
        },
      },
    };
    return { counts, examples, release, hasArrived };
  }
  const fetch = { connection: 'slow', method: 'GET', path: '/' };

  test('that is removed stays until its last call has ended, and is then closed', async () => {
    const { counts, examples, release, hasArrived } = counted();
    bench.connections.slow = { type: 'example', example: 'desk/slow' };
    const host = await bench.host({ examples });
    const answer = ask(host, 'fetch', fetch);
    await hasArrived;
    delete bench.connections.slow;
    expect((await failureOf(ask(host, 'fetch', fetch))).code).toBe('connection-missing');
    expect(counts).toEqual({ started: 1, closed: 0 });
    release();
    expect(await answer).toMatchObject({ body: 'done' });
    await expect.poll(() => counts.closed).toBe(1);
  });

  test('is opened anew when it changes, but not when its limits do', async () => {
    const { counts, examples, release } = counted();
    release();
    bench.connections.slow = { type: 'example', example: 'desk/slow' };
    const host = await bench.host({ examples: { ...examples, 'desk/other': examples['desk/slow'] as ExampleParts[string] } });
    await ask(host, 'fetch', fetch);
    bench.connections.slow = { type: 'example', example: 'desk/slow', limits: { concurrency: 3 } };
    await ask(host, 'fetch', fetch);
    expect(counts.started).toBe(1);
    bench.connections.slow = { type: 'example', example: 'desk/other' };
    await ask(host, 'fetch', fetch);
    expect(counts.started).toBe(2);
    await expect.poll(() => counts.closed).toBe(1);
  });

  test('sends a secret that was changed at once', async () => {
    const seen: unknown[] = [];
    const baseUrl = await bench.serve((request, answer) => {
      seen.push(request.headers.authorization);
      answer.end('ok');
    });
    bench.connections.api = { type: 'http', baseUrl, headers: { Authorization: { secret: 'TOKEN' } } };
    const host = await bench.host();
    for (const token of ['one', 'two']) {
      bench.secrets.TOKEN = token;
      await ask(host, 'fetch', { connection: 'api', method: 'GET', path: '/' });
    }
    expect(seen).toEqual(['one', 'two']);
    delete bench.secrets.TOKEN;
    expect((await failureOf(ask(host, 'fetch', { connection: 'api', method: 'GET', path: '/' }))).code).toBe('secret-missing');
  });

  test('performs what its type performs, and says so of all else', async () => {
    await bench.database('shop', 'CREATE TABLE t (a)');
    const host = await bench.host();
    expect(await failureOf(ask(host, 'connect', { connection: 'shop', action: 'read', arguments: {} }))).toMatchObject({
      code: 'connection-type',
      message: expect.stringContaining('"shop" is of type sqlite') as string,
    });
  });

  test('is tried out with one cheap read', async () => {
    await bench.database('shop', 'CREATE TABLE t (a)');
    bench.connections.gone = { type: 'sqlite', url: 'file:gone.db' };
    let status = 404;
    bench.connections.api = { type: 'http', baseUrl: await bench.serve((_, answer) => answer.writeHead(status).end()) };
    const host = await bench.host();
    const check = (name: string) => host.checkConnection(name, { signal: new AbortController().signal, timeoutMs: 5_000, onDelta: () => {} });
    expect(await check('shop')).toBe('It opens and has 1 table.');
    expect((await failureOf(check('gone'))).code).toBe('connection-unreachable');
    expect(await check('api')).toBe('It answers (status 404 for its base path).');
    status = 401;
    expect((await failureOf(check('api'))).message).toContain('credentials');
    status = 503;
    expect((await failureOf(check('api'))).message).toContain('the service itself has a problem');
  });
});

describe('database files', () => {
  const query = (connection: string) => ({ connection, sql: 'SELECT 1 AS one', parameters: {}, access: 'read' });

  test('are found beside the workspace, by relative path, absolute path and URL', async () => {
    const file = await bench.database('a shop', '');
    const directory = await bench.directory();
    const urls = ['file:a shop.db', 'file:a%20shop.db', './a shop.db', `file:${file}`, `file://${file.replaceAll(' ', '%20')}`, file];
    const host = await bench.host();
    for (const url of urls) {
      bench.connections.shop = { type: 'sqlite', url };
      expect(await ask(host, 'query', query('shop')), url).toEqual({ columns: ['one'], rows: [{ one: 1 }] });
    }
    expect(directory).toBeTypeOf('string');
  });

  test.each([
    'file:shop.db?mode=rwc',
    'file:shop.db?immutable=1',
    'file:shop.db#x',
    ':memory:',
    'file:',
    'https://example.com/shop.db',
    'file://elsewhere/shop.db',
    'file:%zz',
  ])('%s is refused', async (url) => {
    await bench.database('shop', '');
    bench.connections.shop = { type: 'sqlite', url };
    expect(await failureOf(ask(await bench.host(), 'query', query('shop')))).toMatchObject({ code: 'connection-invalid', retry: 'never' });
  });

  test('that are missing are never made; what is no database says so', async () => {
    const directory = await bench.directory();
    bench.connections.none = { type: 'sqlite', url: 'file:none.db' };
    bench.connections.folder = { type: 'sqlite', url: 'file:.' };
    bench.connections.text = { type: 'sqlite', url: 'file:text.db' };
    await writeFile(join(directory, 'text.db'), 'no database at all, '.repeat(100));
    const host = await bench.host();
    for (const connection of ['none', 'folder', 'text']) {
      expect((await failureOf(ask(host, 'query', { ...query(connection), sql: 'SELECT * FROM sqlite_master' }))).code, connection).toBe(
        'connection-unreachable',
      );
    }
    expect((await failureOf(ask(host, 'catalogue', { connection: 'none' }))).message).toContain('none.db');
    expect(existsSync(join(directory, 'none.db'))).toBe(false);
  });
});
