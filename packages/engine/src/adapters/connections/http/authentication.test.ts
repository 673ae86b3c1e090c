/** Who asks: bearer, basic and OAuth 2 with client credentials, against real servers on loopback. */
import { text } from 'node:stream/consumers';
import type { Connection } from '@switchyard/shared';
import { afterEach, expect, test } from 'vitest';
import { ask, failureOf, HostBench } from '../../testing/host-bench.ts';

let bench = new HostBench();
afterEach(async () => {
  await bench.close();
  bench = new HostBench();
});

const get = { connection: 'api', method: 'GET', path: '/x' };

/** A connection to an API that records who asked and answers with `statusOf` what came. */
async function api(fields: object, statusOf: (authorization: string) => number = () => 200): Promise<string[]> {
  const seen: string[] = [];
  const baseUrl = await bench.serve((incoming, answer) => {
    seen.push(incoming.headers.authorization ?? '');
    answer.writeHead(statusOf(incoming.headers.authorization ?? '')).end();
  });
  bench.secrets.KEY = 'k3y:é';
  bench.connections.api = { type: 'http', baseUrl, ...fields } as Connection;
  return seen;
}

/** A token service that numbers its tokens. */
async function tokenService(options: { seconds?: number; status?: number; body?: string } = {}) {
  const asked: { authorization: string | undefined; body: string }[] = [];
  const url = await bench.serve((incoming, answer) => {
    void text(incoming).then((body) => {
      asked.push({ authorization: incoming.headers.authorization, body });
      const token = { access_token: `token-${asked.length}`, token_type: 'Bearer', expires_in: options.seconds ?? 3600 };
      answer.writeHead(options.status ?? 200, { 'content-type': 'application/json', location: '/elsewhere' }).end(options.body ?? JSON.stringify(token));
    });
  });
  return { asked, fields: { tokenUrl: `${url}/token`, clientId: 'desk', clientSecret: { secret: 'KEY' }, scope: 'orders:read' } };
}

test('a bearer token, and a user with a password', async () => {
  const seen = await api({ bearer: { secret: 'KEY' } });
  bench.secrets.KEY = 'abc';
  await ask(await bench.host(), 'fetch', get);
  expect(seen).toEqual(['Bearer abc']);
  const basic = await api({ username: 'ada', password: { secret: 'KEY' } });
  await ask(await bench.host(), 'fetch', get);
  expect(basic).toEqual([`Basic ${Buffer.from('ada:k3y:é').toString('base64')}`]);
});

test.each([
  [{ bearer: { secret: 'KEY' }, headers: { Authorization: 'x' } }],
  [{ bearer: { secret: 'KEY' }, username: 'ada' }],
  [{ password: { secret: 'KEY' } }],
  [{ username: 'a:b' }],
  [{ tokenUrl: 'http://127.0.0.1:1/', clientId: 'x' }],
])('%j is refused, and no secret is told', async (fields) => {
  const seen = await api(fields);
  const failure = await failureOf(ask(await bench.host(), 'fetch', get));
  expect(failure.code).toBe('connection-invalid');
  expect(failure.message).not.toContain('k3y');
  expect(seen).toEqual([]);
});

test('a token is asked for once, kept, and renewed once when it is refused', async () => {
  const { asked, fields } = await tokenService();
  const seen = await api(fields, (authorization) => (authorization === 'Bearer token-1' && seen.length > 3 ? 401 : 200));
  const host = await bench.host();
  await Promise.all([ask(host, 'fetch', get), ask(host, 'fetch', get), ask(host, 'fetch', get)]);
  expect(asked).toEqual([
    { authorization: `Basic ${Buffer.from('desk:k3y%3A%C3%A9').toString('base64')}`, body: 'grant_type=client_credentials&scope=orders%3Aread' },
  ]);
  await ask(host, 'fetch', get);
  expect(asked).toHaveLength(2);
  expect(seen).toEqual(['Bearer token-1', 'Bearer token-1', 'Bearer token-1', 'Bearer token-1', 'Bearer token-2']);
});

test('an API that echoes a token does not put it into the trace, whether it answers or refuses', async () => {
  const { fields } = await tokenService();
  const earlier: string[] = [];
  const baseUrl = await bench.serve((incoming, answer) => {
    earlier.push(incoming.headers.authorization ?? '');
    const status = incoming.url === '/bad' ? 400 : 200;
    const encoded = Buffer.from(incoming.headers.authorization ?? '').toString('base64');
    answer
      .writeHead(status, { 'content-type': 'application/json', 'x-request-id': earlier.at(-1) as string })
      .end(JSON.stringify({ said: 'größer', echo: earlier, encoded }));
  });
  bench.connections.api = { type: 'http', baseUrl, ...fields } as Connection;
  bench.secrets.KEY = 'k3y:é';
  const host = await bench.host();
  const told = (await ask(host, 'fetch', get)) as { body: { said: string; echo: string[] } };
  expect(told.body).toMatchObject({ said: 'größer', echo: ['Bearer [secret]'] });
  expect(JSON.stringify(told)).not.toContain('token-1');
  expect(JSON.stringify(told)).not.toContain(Buffer.from('token-1').toString('base64').slice(0, 8));
  expect((await failureOf(ask(host, 'fetch', { ...get, path: '/bad' }))).message).not.toContain('token-1');
});

test('an API that refuses every token is asked twice and no more', async () => {
  const { asked, fields } = await tokenService();
  const seen = await api(fields, () => 401);
  expect(await failureOf(ask(await bench.host(), 'fetch', get))).toMatchObject({ code: 'http-status', retry: 'never' });
  expect([seen.length, asked.length]).toEqual([2, 2]);
});

test('a token that has ended is asked for anew', async () => {
  const { asked, fields } = await tokenService({ seconds: 0 });
  await api(fields);
  const host = await bench.host();
  await ask(host, 'fetch', get);
  await ask(host, 'fetch', get);
  expect(asked).toHaveLength(2);
});

test.each<[{ status?: number; body?: string }, string]>([
  [{ status: 302 }, 'http-status'],
  [{ status: 500, body: 'down' }, 'http-status'],
  [{ body: '{"access_token":""}' }, 'response-malformed'],
  [{ body: '{"access_token":"s3cret","token_type":"mac"}' }, 'response-malformed'],
  [{ body: '[]' }, 'response-malformed'],
  [{ body: 'x'.repeat(200_000) }, 'response-too-large'],
])('a token service that answers %# fails without a request to the API', async (answer, code) => {
  const { asked, fields } = await tokenService(answer);
  const seen = await api(fields);
  const failure = await failureOf(ask(await bench.host(), 'fetch', get));
  expect(failure.code).toBe(code);
  expect(failure.message).not.toContain('s3cret');
  expect([seen.length, asked.length]).toEqual([0, 1]);
});

test('waits for a token no longer than its call may', async () => {
  const url = await bench.serve(() => {});
  await api({ tokenUrl: url, clientId: 'desk', clientSecret: { secret: 'KEY' } });
  expect((await failureOf(ask(await bench.host(), 'fetch', get, { timeoutMs: 100 }))).code).toBe('timeout');
});

test('the key of a write goes into the header that the connection names', async () => {
  let key: unknown;
  const baseUrl = await bench.serve((incoming, answer) => {
    key = incoming.headers['x-request-key'];
    answer.end();
  });
  bench.connections.api = { type: 'http', baseUrl, idempotencyHeader: 'X-Request-Key' };
  await ask(await bench.host(), 'fetch', { ...get, method: 'POST' }, { effect: 'write', idempotencyKey: 'run/k' });
  expect(key).toBe('run/k');
});
