/** The guard, over real HTTP: every procedure and every route refuses the unknown caller, the wrong host and the foreign page. */
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appRouter } from '../router.ts';
import { startTestServer, testToken, type TestServer } from '../testing/test-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ names: ['flows.example.com', 'localhost:5173'] });
});
afterAll(() => server.close());

interface Answer {
  status: number;
  reason: string | undefined;
  headers: NodeJS.Dict<string | string[]>;
}

/** Sends exactly these headers, Host included, which fetch does not let one choose. */
function send(method: string, path: string, headers: Record<string, string> = {}, body?: string): Promise<Answer> {
  const { hostname, port, host } = new URL(server.url);
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, method, path, headers: { host, ...headers }, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (piece: string) => {
        text += piece;
      });
      // An event stream does not end by itself: its head is enough.
      if (String(response.headers['content-type']).startsWith('text/event-stream')) {
        response.destroy();
        resolve({ status: response.statusCode ?? 0, reason: undefined, headers: response.headers });
      }
      response.on('end', () => resolve({ status: response.statusCode ?? 0, reason: reasonOf(text), headers: response.headers }));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

function reasonOf(text: string): string | undefined {
  try {
    return (JSON.parse(text) as { error?: { data?: { reason?: string } } }).error?.data?.reason;
  } catch {
    return undefined;
  }
}

const procedures = Object.entries(appRouter._def.procedures as unknown as Record<string, { _def: { type: 'query' | 'mutation' | 'subscription' } }>).map(
  ([path, { _def }]) => ({ path: `/trpc/${path}`, method: _def.type === 'mutation' ? 'POST' : 'GET' }),
);
const withCredentials = { authorization: `Bearer ${testToken}`, 'x-switchyard': '1', 'content-type': 'application/json' };
const others = [
  { method: 'POST', path: '/logout' },
  { method: 'GET', path: '/no-such-route' },
  { method: 'POST', path: '/no-such-route' },
  { method: 'GET', path: '/trpc' },
  { method: 'GET', path: '/trpc/flows.list,runs.list?batch=1' },
  { method: 'POST', path: '/trpc/runs.start?batch=1' },
  { method: 'GET', path: '/trpc/%66lows.list' },
];
const protectedRoutes = [...procedures, ...others];
const publicRoutes = [
  { method: 'GET', path: '/health' },
  { method: 'HEAD', path: '/health' },
  { method: 'GET', path: '/health/ready' },
  { method: 'HEAD', path: '/health/ready' },
  { method: 'GET', path: '/' },
  { method: 'GET', path: '/index.html' },
  { method: 'POST', path: '/login' },
];

describe('the guard', () => {
  it('knows every procedure', () => {
    expect(procedures.length).toBeGreaterThanOrEqual(25);
    expect(procedures.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['/trpc/runs.watch', '/trpc/runs.answer', '/trpc/runs.questions', '/trpc/runs.replay']),
    );
  });

  it.each(protectedRoutes)('refuses an unknown caller of $method $path', async ({ method, path }) => {
    for (const headers of [
      {},
      { authorization: 'Bearer wrong' },
      { cookie: `switchyard_${new URL(server.url).port}=wrong` },
      { authorization: `Basic ${testToken}` },
    ]) {
      expect(await send(method, path, { ...withCredentials, authorization: '', ...headers }, method === 'POST' ? '{}' : undefined)).toMatchObject({
        status: 401,
        reason: 'not-logged-in',
      });
    }
  });

  it.each([...protectedRoutes, ...publicRoutes])('refuses a wrong host, a foreign origin and a foreign site of $method $path', async ({ method, path }) => {
    const { port } = new URL(server.url);
    const sendWith = (headers: Record<string, string>) => send(method, path, { ...withCredentials, ...headers }, method === 'POST' ? '{}' : undefined);
    for (const host of [
      `evil.example:${port}`,
      `127.0.0.1:${Number(port) + 1}`,
      '127.0.0.1',
      `localhost.evil.example:${port}`,
      `127.0.0.1.:${port}`,
      `0.0.0.0:${port}`,
    ]) {
      expect(await sendWith({ host }), host).toMatchObject({ status: 421 });
    }
    for (const origin of [
      'https://evil.example',
      'null',
      `http://127.0.0.1:${Number(port) + 1}`,
      `http://localhost:${port}`,
      `http://127.0.0.1:${port}.evil.example`,
    ]) {
      expect(await sendWith({ origin }), origin).toMatchObject({ status: 403 });
    }
    for (const site of ['cross-site', 'same-site']) expect(await sendWith({ 'sec-fetch-site': site }), site).toMatchObject({ status: 403 });
  });

  it('lets the public routes answer without credentials, and no others', async () => {
    const open: string[] = [];
    for (const { method, path } of [...protectedRoutes, ...publicRoutes]) {
      const { status, reason } = await send(
        method,
        path,
        { 'x-switchyard': '1', 'content-type': 'application/json' },
        method === 'POST' ? '{"code":"wrong"}' : undefined,
      );
      if (reason !== 'not-logged-in') open.push(`${method} ${path} ${status}`);
    }
    expect(open).toEqual([
      'GET /health 200',
      'HEAD /health 200',
      'GET /health/ready 200',
      'HEAD /health/ready 200',
      'GET / 200',
      'GET /index.html 200',
      'POST /login 401',
    ]);
  });

  it('answers under each of its names, from its own pages', async () => {
    const { port } = new URL(server.url);
    for (const host of [
      `127.0.0.1:${port}`,
      `localhost:${port}`,
      `LOCALHOST:${port}`,
      `[::1]:${port}`,
      'flows.example.com',
      `flows.example.com:${port}`,
      'localhost:5173',
    ]) {
      expect(
        await send('GET', '/trpc/flows.list', { ...withCredentials, host, origin: `http://${host.toLowerCase()}`, 'sec-fetch-site': 'same-origin' }),
        host,
      ).toMatchObject({ status: 200 });
    }
  });

  it('asks a change for its header and for JSON, and refuses other methods', async () => {
    const { 'x-switchyard': _header, ...noHeader } = withCredentials;
    expect(await send('POST', '/trpc/flows.remove', noHeader, '{"id":"x"}')).toMatchObject({ status: 403, reason: 'header-missing' });
    expect(await send('POST', '/trpc/flows.remove', { ...withCredentials, 'content-type': 'text/plain' }, '{"id":"x"}')).toMatchObject({
      status: 415,
      reason: 'not-json',
    });
    expect(await send('GET', '/trpc/flows.remove?input=%7B%22id%22%3A%22order-desk%22%7D', withCredentials)).toMatchObject({ status: 405 });
    for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS'])
      expect(await send(method, '/trpc/flows.list', withCredentials), method).toMatchObject({ status: 405 });
  });

  it('refuses before it reads a body', async () => {
    const { hostname, port } = new URL(server.url);
    const answer = await new Promise<number>((resolve, reject) => {
      const sent = request(
        {
          hostname,
          port,
          method: 'POST',
          path: '/trpc/flows.import',
          headers: { 'content-type': 'application/json', 'content-length': 4_000_000 },
          agent: false,
        },
        (response) => {
          resolve(response.statusCode ?? 0);
          sent.destroy();
        },
      );
      sent.on('error', reject);
      // Only the head is sent: whoever waits for the body waits for ever.
      sent.flushHeaders();
    });
    expect(answer).toBe(401);
  });

  it('sends its headers with refusals and answers alike', async () => {
    for (const [path, headers] of [
      ['/health', {}],
      ['/trpc/flows.list', {}],
      ['/trpc/flows.list', withCredentials],
      ['/', { host: 'evil.example' }],
      ['/%zz', {}],
    ] as const) {
      const answer = await send('GET', path, headers);
      expect(answer.headers['content-security-policy'], path).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self'/);
      expect(answer.headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
      });
      expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
    }
  });
});
