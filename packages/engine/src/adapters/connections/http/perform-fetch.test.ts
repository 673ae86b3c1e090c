/** The fetch performer against real servers on loopback: what it sends, and what it makes of their answers. */
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, test } from 'vitest';
import { ApiBench } from '../../testing/api-bench.ts';
import { ask, failureOf } from '../../testing/host-bench.ts';

let bench = new ApiBench();
afterEach(async () => {
  await bench.close();
  bench = new ApiBench();
});

describe('a request', () => {
  test('goes below the base path, with its query, its headers and the connection’s', async () => {
    bench.secrets.TOKEN = 'Bearer t0ken';
    const { fetch, seen } = await bench.api((_, answer) => answer.setHeader('content-type', 'application/json').end('{"place":"Ghent"}'), {
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
    const { fetch, seen } = await bench.api((incoming, answer) => void text(incoming).then((body) => answer.end(bodies.push(body).toString())));
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
    const { fetch, seen } = await bench.api((_, answer) => answer.end(), { headers: { authorization: 'Bearer mine' } });
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
    const { fetch } = await bench.api((_, answer) => answer.end(), { headers: { authorization: { secret: 'TOKEN' } } });
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
    const { fetch } = await bench.api((_, answer) => {
      if (type !== '') answer.setHeader('content-type', type);
      answer.end(body);
    });
    expect((await fetch()).body).toEqual(expected);
  });

  test('keeps the headers that mean something to a flow, and no cookie', async () => {
    const { fetch } = await bench.api((_, answer) =>
      answer.writeHead(200, { 'set-cookie': 'a=b', etag: '"1"', 'x-total-count': '7', server: 'secret-server' }).end('x'),
    );
    expect((await fetch()).headers).toEqual({ etag: '"1"', 'x-total-count': '7' });
  });

  test('keys that mean something to JavaScript stay data', async () => {
    const { fetch } = await bench.api((_, answer) =>
      answer.setHeader('content-type', 'application/json').end('{"__proto__":{"polluted":true},"constructor":1}'),
    );
    const body = (await fetch()).body as object;
    expect(Object.keys(body)).toEqual(['__proto__', 'constructor']);
    expect('polluted' in {}).toBe(false);
  });

  test('with a number that JSON would write as null is given as text', async () => {
    const { fetch } = await bench.api((_, answer) => answer.setHeader('content-type', 'application/json').end('{"n":1e999}'));
    expect((await fetch()).body).toBe('{"n":1e999}');
  });

  test('nested too deeply is refused', async () => {
    const { fetch } = await bench.api((_, answer) => answer.setHeader('content-type', 'application/json').end('['.repeat(100_000)));
    expect(await failureOf(fetch())).toMatchObject({ code: 'response-malformed', retry: 'never' });
  });

  test('compressed without being asked for is refused', async () => {
    const { fetch, seen } = await bench.api((_, answer) => answer.writeHead(200, { 'content-encoding': 'gzip' }).end('x'));
    expect((await failureOf(fetch())).code).toBe('response-malformed');
    expect(seen[0]?.headers).not.toHaveProperty('accept-encoding');
  });

  test('that never ends is cut at its size limit', async () => {
    let isClosed = false;
    const { fetch } = await bench.api((_, answer) => {
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
