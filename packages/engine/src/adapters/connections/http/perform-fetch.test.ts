/** The fetch performer against real servers on loopback that answer in the many ways servers do. */
import { createServer as createSocketServer, type AddressInfo, type Server as SocketServer } from 'node:net';
import type { IncomingMessage, RequestListener } from 'node:http';
import type { FetchResult } from '@switchyard/shared';
import { afterEach, describe, expect, test } from 'vitest';
import { ask, failureOf, HostBench, type AskOptions } from '../../testing/host-bench.ts';

let bench = new HostBench();
let sockets: SocketServer[] = [];

afterEach(async () => {
  await bench.close();
  await Promise.all(sockets.map((server) => new Promise((resolve) => server.close(resolve))));
  bench = new HostBench();
  sockets = [];
});

/** A host whose connection `api` is this server; gives what asks it. */
async function api(answer: RequestListener, options: { path?: string; headers?: Record<string, string | { secret: string }> } = {}) {
  const seen: IncomingMessage[] = [];
  const baseUrl = await bench.serve((incoming, outgoing) => {
    seen.push(incoming);
    answer(incoming, outgoing);
  });
  bench.connections.api = { type: 'http', baseUrl: baseUrl + (options.path ?? ''), ...(options.headers && { headers: options.headers }) };
  const host = await bench.host();
  const fetch = (request: object = {}, asked: AskOptions = {}) =>
    ask<FetchResult>(host, 'fetch', { connection: 'api', method: 'GET', path: '/x', ...request }, asked);
  return { fetch, seen, baseUrl };
}

async function bodyOf(incoming: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of incoming) text += chunk;
  return text;
}

describe('a request', () => {
  test('goes below the base path, with its query, its headers and the connection’s', async () => {
    bench.secrets.TOKEN = 'Bearer t0ken';
    const { fetch, seen } = await api((_, answer) => answer.setHeader('content-type', 'application/json').end('{"place":"Ghent"}'), {
      path: '/v1/',
      headers: { authorization: { secret: 'TOKEN' }, 'X-Tenant': '7' },
    });
    const result = await fetch({ path: '/parcels/P%201', query: { full: 'yes & no' }, headers: { 'x-trace': 'abc', accept: 'application/json' } });
    expect(result).toEqual({ status: 200, headers: { 'content-type': 'application/json' }, body: { place: 'Ghent' } });
    expect(seen[0]).toMatchObject({ method: 'GET', url: '/v1/parcels/P%201?full=yes+%26+no' });
    expect(seen[0]?.headers).toMatchObject({
      authorization: 'Bearer t0ken',
      'x-tenant': '7',
      'x-trace': 'abc',
      accept: 'application/json',
      'user-agent': 'Switchyard',
    });
    expect(seen[0]?.headers).not.toHaveProperty('idempotency-key');
    expect(seen[0]?.headers).not.toHaveProperty('content-type');
  });

  test('carries a JSON body, or text, and an idempotency key', async () => {
    const bodies: string[] = [];
    const { fetch, seen } = await api((incoming, answer) => void bodyOf(incoming).then((text) => answer.end(bodies.push(text).toString())));
    await fetch({ method: 'post', body: { a: [1, null] } }, { idempotencyKey: 'run/orders' });
    await fetch({ method: 'PUT', body: 'a=1', headers: { 'content-type': 'application/x-www-form-urlencoded' } });
    expect(bodies).toEqual(['{"a":[1,null]}', 'a=1']);
    expect(seen[0]?.headers).toMatchObject({ 'content-type': 'application/json', 'idempotency-key': 'run/orders' });
    expect(seen[1]?.headers).toMatchObject({ 'content-type': 'application/x-www-form-urlencoded' });
  });

  test.each([
    [{ path: '/../x' }],
    [{ path: 'http://127.0.0.1:1/' }],
    [{ headers: { 'x-a': 'b\r\nx-c: d' } }],
    [{ headers: { 'x a': 'b' } }],
    [{ headers: { host: 'evil' } }],
    [{ headers: { 'Transfer-Encoding': 'chunked' } }],
    [{ headers: { 'proxy-authorization': 'x' } }],
    [{ headers: { AUTHORIZATION: 'Bearer other' } }],
    [{ method: 'CONNECT' }],
    [{ method: 'GET /evil HTTP/1.1\r\n' }],
    [{ method: 'HEAD', body: 1 }],
  ])('%j is refused before it leaves', async (request) => {
    const { fetch, seen } = await api((_, answer) => answer.end(), { headers: { authorization: 'Bearer mine' } });
    const failure = await failureOf(fetch(request));
    expect(failure).toMatchObject({ code: 'request-invalid', retry: 'never' });
    expect(failure.message).not.toContain('mine');
    expect(seen).toEqual([]);
  });

  test('a connection that is missing, of another type, or without its secret says so', async () => {
    bench.connections.shop = { type: 'sqlite', url: 'file:shop.db' };
    bench.connections.locked = { type: 'http', baseUrl: 'http://127.0.0.1:1', headers: { authorization: { secret: 'NOWHERE' } } };
    const host = await bench.host();
    const codeOf = async (connection: string) => (await failureOf(ask(host, 'fetch', { connection, method: 'GET', path: '/' }))).code;
    expect(await codeOf('none')).toBe('connection-missing');
    expect(await codeOf('constructor')).toBe('connection-missing');
    expect(await codeOf('shop')).toBe('connection-type');
    expect(await codeOf('locked')).toBe('secret-missing');
  });

  test('a secret that could break a header is refused without being told', async () => {
    bench.secrets.TOKEN = 'line\nbreak';
    const { fetch } = await api((_, answer) => answer.end(), { headers: { authorization: { secret: 'TOKEN' } } });
    const failure = await failureOf(fetch());
    expect(failure.code).toBe('request-invalid');
    expect(failure.message).not.toContain('break\n');
    expect(failure.message).not.toContain('line\n');
  });
});

describe('an answer', () => {
  test.each<[string, string | Buffer, unknown]>([
    ['application/json', '{"a":1}', { a: 1 }],
    ['application/problem+json; charset=utf-8', '[1]', [1]],
    ['application/json', 'not json', 'not json'],
    ['application/json', '', null],
    ['text/html', '<p>é</p>', '<p>é</p>'],
    ['text/plain; charset=iso-8859-1', Buffer.from([0xe9]), 'é'],
    ['text/plain; charset=unheard-of', 'x', 'x'],
    ['', 'plain', 'plain'],
    ['image/png', Buffer.from([1, 2, 3]), { base64: 'AQID' }],
  ])('of %s %j is %j', async (type, body, expected) => {
    const { fetch } = await api((_, answer) => {
      if (type !== '') answer.setHeader('content-type', type);
      answer.end(body);
    });
    expect((await fetch()).body).toEqual(expected);
  });

  test('keeps the headers that mean something to a flow, and no cookie', async () => {
    const { fetch } = await api((_, answer) =>
      answer.writeHead(200, { 'set-cookie': 'a=b', etag: '"1"', 'x-total-count': '7', server: 'secret-server' }).end('x'),
    );
    expect((await fetch()).headers).toEqual({ etag: '"1"', 'x-total-count': '7' });
  });

  test('keys that mean something to JavaScript stay data', async () => {
    const { fetch } = await api((_, answer) => answer.setHeader('content-type', 'application/json').end('{"__proto__":{"polluted":true},"constructor":1}'));
    const body = (await fetch()).body as object;
    expect(Object.keys(body)).toEqual(['__proto__', 'constructor']);
    expect('polluted' in {}).toBe(false);
  });

  test('nested too deeply is refused', async () => {
    const { fetch } = await api((_, answer) => answer.setHeader('content-type', 'application/json').end('['.repeat(100_000)));
    expect(await failureOf(fetch())).toMatchObject({ code: 'response-malformed', retry: 'never' });
  });

  test('compressed without being asked for is refused', async () => {
    const { fetch, seen } = await api((_, answer) => answer.writeHead(200, { 'content-encoding': 'gzip' }).end('x'));
    expect((await failureOf(fetch())).code).toBe('response-malformed');
    expect(seen[0]?.headers).not.toHaveProperty('accept-encoding');
  });

  test('that never ends is cut at its size limit', async () => {
    let isClosed = false;
    const { fetch } = await api((_, answer) => {
      const chunk = Buffer.alloc(65_536, 'x');
      const pour = () => {
        while (answer.write(chunk));
      };
      answer.on('drain', pour).on('close', () => {
        isClosed = true;
      });
      pour();
    });
    expect(await failureOf(fetch())).toMatchObject({ code: 'response-too-large', retry: 'never' });
    await expect.poll(() => isClosed).toBe(true);
  });
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
    const { fetch } = await api((_, answer) => answer.writeHead(status, headers).end('{"error":"no such parcel"}'));
    const failure = await failureOf(fetch({ path: '/parcels/9' }));
    expect(failure).toMatchObject({ code: 'http-status', retry });
    expect(failure.message).toContain(`GET /parcels/9 of connection "api" answered with status ${status}, with the body: {"error":"no such parcel"}`);
  });

  test('shows 500 characters of its body', async () => {
    const { fetch } = await api((_, answer) => answer.writeHead(500).end('y'.repeat(5_000)));
    expect((await failureOf(fetch())).message.match(/y+/g)?.sort().at(-1)).toHaveLength(500);
  });

  test('a date in Retry-After counts from now', async () => {
    const { fetch } = await api((_, answer) => answer.writeHead(503, { 'retry-after': new Date(Date.now() + 60_000).toUTCString() }).end());
    const { retry } = await failureOf(fetch());
    expect((retry as { afterMs: number }).afterMs).toBeGreaterThan(50_000);
    expect((retry as { afterMs: number }).afterMs).toBeLessThanOrEqual(60_000);
  });
});

describe('a redirect', () => {
  test('within the origin is followed; a POST becomes a GET without its body', async () => {
    const { fetch, seen } = await api((incoming, answer) => {
      if (incoming.url === '/x') answer.writeHead(302, { location: '/y?z=1' }).end();
      else void bodyOf(incoming).then((text) => answer.end(`${incoming.method} ${incoming.url} ${text}`));
    });
    expect((await fetch({ method: 'POST', body: { a: 1 } })).body).toBe('GET /y?z=1 ');
    expect(seen[1]?.headers).not.toHaveProperty('content-type');
  });

  test('with status 307 repeats the method and the body', async () => {
    const { fetch } = await api((incoming, answer) => {
      if (incoming.url === '/x') answer.writeHead(307, { location: 'y' }).end();
      else void bodyOf(incoming).then((text) => answer.end(`${incoming.method} ${text}`));
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
      const { fetch } = await api((_, answer) => answer.writeHead(302, { location }).end(), { headers: { authorization: 'Bearer mine' } });
      const { code } = await failureOf(fetch());
      expect(code).toBe('egress-refused');
    }
    expect(wasAsked).toBe(false);
  });

  test('to a URL with credentials is refused', async () => {
    const { fetch, baseUrl } = await api((_, answer) => answer.writeHead(302, { location: `http://u:p@${new URL(baseUrl).host}/` }).end());
    expect((await failureOf(fetch())).code).toBe('http-redirects');
  });

  test('for ever ends after five', async () => {
    const { fetch, seen } = await api((_, answer) => answer.writeHead(302, { location: '/x' }).end());
    expect(await failureOf(fetch())).toMatchObject({ code: 'http-redirects', retry: 'never' });
    expect(seen).toHaveLength(6);
  });
});

describe('a broken service', () => {
  test('that does not listen is unreachable', async () => {
    const { fetch, baseUrl } = await api((_, answer) => answer.end());
    const closed = new HostBench();
    const free = await closed.serve(() => {});
    await closed.close();
    bench.connections.api = { type: 'http', baseUrl: free };
    expect(await failureOf(fetch())).toMatchObject({ code: 'http-unreachable', retry: 'policy' });
    expect(baseUrl).not.toBe(free);
  });

  test('that never answers is given up when the time is up', async () => {
    const { fetch } = await api(() => {});
    expect(await failureOf(fetch({}, { timeoutMs: 150 }))).toMatchObject({ code: 'timeout', retry: 'policy' });
  });

  test('that drips is given up when the time is up, however often it drips', async () => {
    const { fetch } = await api((_, answer) => {
      const timer = setInterval(() => answer.write('.'), 20);
      answer.on('close', () => clearInterval(timer));
    });
    expect(await failureOf(fetch({}, { timeoutMs: 300 }))).toMatchObject({ code: 'timeout', retry: 'policy' });
  });

  test('is left alone when the call is cancelled', async () => {
    const controller = new AbortController();
    let isClosed = false;
    const { fetch } = await api((_, answer) => {
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
    const { fetch } = await api((_, answer) => {
      answer.writeHead(200, { 'content-length': '100' });
      answer.write('half', () => answer.destroy());
    });
    expect(await failureOf(fetch())).toMatchObject({ code: 'http-cut', retry: 'policy' });
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
