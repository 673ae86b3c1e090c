/** Servers that fail, redirect, hang, drip, break off or speak no HTTP: each ends in a failure that says whether to try again. */
import { createServer as createSocketServer, type AddressInfo, type Server as SocketServer } from 'node:net';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, test } from 'vitest';
import { ApiBench } from '../../testing/api-bench.ts';
import { ask, failureOf, HostBench } from '../../testing/host-bench.ts';

let bench = new ApiBench();
let sockets: SocketServer[] = [];

afterEach(async () => {
  await bench.close();
  await Promise.all(sockets.map((server) => new Promise((resolve) => server.close(resolve))));
  bench = new ApiBench();
  sockets = [];
});

describe('a failing answer', () => {
  test.each<[number, Record<string, string>, unknown]>([
    [400, {}, 'never'],
    [401, {}, 'never'],
    [404, {}, 'never'],
    [408, {}, 'policy'],
    [429, {}, 'policy'],
    [429, { 'retry-after': '7' }, { afterMs: 7_000 }],
    [500, {}, 'policy'],
    [500, { 'retry-after': '7' }, 'policy'],
    [503, { 'retry-after': '0' }, { afterMs: 0 }],
    [503, { 'retry-after': 'soon' }, 'policy'],
  ])('status %i %j is retried %j', async (status, headers, retry) => {
    const { fetch } = await bench.api((_, answer) => answer.writeHead(status, headers).end('{"error":"no such parcel"}'));
    const failure = await failureOf(fetch({ path: '/parcels/9' }));
    expect(failure).toMatchObject({ code: 'http-status', retry });
    expect(failure.message).toContain(`Status ${status} from GET /parcels/9 of connection "api", with the body: {"error":"no such parcel"}`);
  });

  test('shows 500 characters of its body', async () => {
    const { fetch } = await bench.api((_, answer) => answer.writeHead(500).end('y'.repeat(5_000)));
    expect((await failureOf(fetch())).message.match(/y+/g)?.sort().at(-1)).toHaveLength(500);
  });

  test('a date in Retry-After counts from now', async () => {
    const { fetch } = await bench.api((_, answer) => answer.writeHead(503, { 'retry-after': new Date(Date.now() + 60_000).toUTCString() }).end());
    const { retry } = await failureOf(fetch());
    expect((retry as { afterMs: number }).afterMs).toBeGreaterThan(50_000);
    expect((retry as { afterMs: number }).afterMs).toBeLessThanOrEqual(60_000);
  });
});

describe('a redirect', () => {
  test('within the origin is followed; a POST becomes a GET without its body', async () => {
    const { fetch, seen } = await bench.api((incoming, answer) => {
      if (incoming.url === '/x') answer.writeHead(302, { location: '/y?z=1' }).end();
      else void text(incoming).then((body) => answer.end(`${incoming.method} ${incoming.url} ${body}`));
    });
    expect((await fetch({ method: 'POST', body: { a: 1 } })).body).toBe('GET /y?z=1 ');
    expect(seen[1]?.headers).not.toHaveProperty('content-type');
  });

  test('with status 307 repeats the method and the body', async () => {
    const { fetch } = await bench.api((incoming, answer) => {
      if (incoming.url === '/x') answer.writeHead(307, { location: 'y' }).end();
      else void text(incoming).then((body) => answer.end(`${incoming.method} ${body}`));
    });
    expect((await fetch({ method: 'PUT', body: { a: 1 } })).body).toBe('PUT {"a":1}');
  });

  test('to another origin is refused, and that origin is not asked', async () => {
    let wasAsked = false;
    const other = await bench.serve((_, answer) => {
      wasAsked = true;
      answer.end();
    });
    for (const location of [
      other,
      `//${new URL(other).host}/`,
      other.replace('127.0.0.1', 'localhost'),
      'http://169.254.169.254/latest',
      'https://127.0.0.1/',
      'file:///etc/passwd',
    ]) {
      const { fetch } = await bench.api((_, answer) => answer.writeHead(302, { location }).end(), { headers: { authorization: 'Bearer mine' } });
      const { code } = await failureOf(fetch());
      expect(code).toBe('egress-refused');
    }
    expect(wasAsked).toBe(false);
  });

  test('out of the base path is refused, within it followed', async () => {
    const to = (location: string) => (incoming: IncomingMessage, answer: ServerResponse) => {
      if (incoming.url === '/v1/x') answer.writeHead(302, { location }).end();
      else answer.end(incoming.url);
    };
    for (const location of ['/admin', '/v1/../admin', '/v10/x', '../admin', '/']) {
      const { fetch, seen } = await bench.api(to(location), { path: '/v1' });
      expect((await failureOf(fetch())).code, location).toBe('egress-refused');
      expect(seen).toHaveLength(1);
    }
    const { fetch } = await bench.api(to('/v1/y'), { path: '/v1' });
    expect((await fetch()).body).toBe('/v1/y');
  });

  test('to a URL with credentials is refused', async () => {
    const { fetch, baseUrl } = await bench.api((_, answer) => answer.writeHead(302, { location: `http://u:p@${new URL(baseUrl).host}/` }).end());
    expect((await failureOf(fetch())).code).toBe('http-redirects');
  });

  test('for ever ends after five', async () => {
    const { fetch, seen } = await bench.api((_, answer) => answer.writeHead(302, { location: '/x' }).end());
    expect(await failureOf(fetch())).toMatchObject({ code: 'http-redirects', retry: 'never' });
    expect(seen).toHaveLength(6);
  });
});

describe('a broken service', () => {
  test('that does not listen is unreachable', async () => {
    const { fetch, baseUrl } = await bench.api((_, answer) => answer.end());
    const closed = new HostBench();
    const free = await closed.serve(() => {});
    await closed.close();
    bench.connections.api = { type: 'http', baseUrl: free };
    expect(await failureOf(fetch())).toMatchObject({ code: 'http-unreachable', retry: 'policy' });
    expect(baseUrl).not.toBe(free);
  });

  test('that never answers is given up when the time is up', async () => {
    const { fetch } = await bench.api(() => {});
    expect(await failureOf(fetch({}, { timeoutMs: 150 }))).toMatchObject({ code: 'timeout', retry: 'policy' });
  });

  test('that drips is given up when the time is up, however often it drips', async () => {
    const { fetch } = await bench.api((_, answer) => {
      const timer = setInterval(() => answer.write('.'), 20);
      answer.on('close', () => clearInterval(timer));
    });
    expect(await failureOf(fetch({}, { timeoutMs: 300 }))).toMatchObject({ code: 'timeout', retry: 'policy' });
  });

  test('is left alone when the call is cancelled', async () => {
    const controller = new AbortController();
    let isClosed = false;
    const { fetch } = await bench.api((_, answer) => {
      answer.on('close', () => {
        isClosed = true;
      });
      controller.abort();
    });
    expect((await failureOf(fetch({}, { signal: controller.signal }))).code).toBe('cancelled');
    await expect.poll(() => isClosed).toBe(true);
    expect((await failureOf(fetch({}, { signal: AbortSignal.abort() }))).code).toBe('cancelled');
  });

  test('that breaks off in its answer is cut', async () => {
    const { fetch } = await bench.api((_, answer) => {
      answer.writeHead(200, { 'content-length': '100' });
      answer.write('half', () => answer.destroy());
    });
    expect(await failureOf(fetch())).toMatchObject({ code: 'http-cut', retry: 'policy' });
  });

  test('leaves a write in doubt, unless it never left or may be repeated', async () => {
    const { fetch } = await bench.api((_, answer) => answer.destroy());
    const doubt = 'not known whether the request was carried out';
    expect((await failureOf(fetch({ method: 'POST' }, { effect: 'write' }))).message).toContain(doubt);
    expect((await failureOf(fetch({ method: 'POST' }, { effect: 'write', idempotencyKey: 'k' }))).message).not.toContain(doubt);
    expect((await failureOf(fetch())).message).not.toContain(doubt);
    const closed = new HostBench();
    bench.connections.api = { type: 'http', baseUrl: await closed.serve(() => {}) };
    await closed.close();
    expect((await failureOf(fetch({ method: 'POST' }, { effect: 'write' }))).message).not.toContain(doubt);
  });

  async function raw(answer: string) {
    const server = createSocketServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', () => socket.end(answer));
    });
    sockets.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    bench.connections.api = { type: 'http', baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
    return failureOf(ask(await bench.host(), 'fetch', { connection: 'api', method: 'GET', path: '/' }));
  }

  test.each<[string, string]>([
    ['220 mail.example.com ESMTP\r\n', 'response-malformed'],
    ['', 'http-unreachable'],
    [`HTTP/1.1 200 OK\r\nx-long: ${'x'.repeat(40_000)}\r\n\r\n`, 'response-too-large'],
    ['HTTP/1.1 abc OK\r\n\r\n', 'response-malformed'],
  ])('that speaks no HTTP, or too much of it: %#', async (answer, code) => {
    expect((await raw(answer)).code).toBe(code);
  });
});
