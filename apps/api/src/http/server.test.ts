/** The server's edges over real HTTP: logging in, sizes and rates, the interface's files. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, temporaryFolder, testCode, testToken, type TestServer } from '../testing/test-server.ts';
import { mostKeys } from './json-keys.ts';
import { batchLimit } from './trpc-routes.ts';

let server: TestServer;
const started: TestServer[] = [];
const start = async (...args: Parameters<typeof startTestServer>) => {
  const one = await startTestServer(...args);
  started.push(one);
  return one;
};
afterEach(async () => {
  for (const one of started.splice(0)) await one.close();
});

const logIn = (at: TestServer, code: string) =>
  fetch(`${at.url}/login`, { method: 'POST', headers: { 'content-type': 'application/json', 'x-switchyard': '1' }, body: JSON.stringify({ code }) });
const cookieOf = (response: Response) => response.headers.get('set-cookie')?.split(';')[0] ?? '';
const listWith = (at: TestServer, cookie: string) => fetch(`${at.url}/trpc/flows.list`, { headers: { cookie } });

describe('logging in', () => {
  it('exchanges the code for a session once', async () => {
    server = await start();
    const first = await logIn(server, testCode);
    expect(first.status).toBe(200);
    expect(first.headers.get('set-cookie')).toMatch(/^switchyard_\d+=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=\d+$/);
    expect((await listWith(server, cookieOf(first))).status).toBe(200);
    const second = await logIn(server, testCode);
    expect(second.status).toBe(401);
    expect(second.headers.get('set-cookie')).toBeNull();
  });

  it('accepts the token too, and lets a session end', async () => {
    server = await start();
    const cookie = cookieOf(await logIn(server, testToken));
    expect((await listWith(server, cookie)).status).toBe(200);
    const out = await fetch(`${server.url}/logout`, {
      method: 'POST',
      headers: { cookie, 'content-type': 'application/json', 'x-switchyard': '1' },
      body: '{}',
    });
    expect(out.headers.get('set-cookie')).toContain('Max-Age=0');
    expect((await listWith(server, cookie)).status).toBe(401);
  });

  it('keeps a session over a restart of the server', async () => {
    const folder = temporaryFolder();
    const first = await startTestServer({ folder: folder.path });
    const cookie = cookieOf(await logIn(first, testCode));
    const value = cookie.split('=')[1] ?? '';
    await first.close();
    server = await start({ folder: folder.path });
    expect((await listWith(server, `switchyard_${new URL(server.url).port}=${value}`)).status).toBe(200);
    folder.remove();
  });

  it('slows down whoever guesses, even with the right code', async () => {
    server = await start();
    const statuses: number[] = [];
    for (let number = 0; number < 12; number += 1) statuses.push((await logIn(server, `guess-${number}`)).status);
    expect(statuses).toEqual([...Array<number>(10).fill(401), 429, 429]);
    const late = await logIn(server, testCode);
    expect(late.status).toBe(429);
    expect(Number(late.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it('says what a malformed login lacks', async () => {
    server = await start();
    for (const body of ['', '[]', '{"code":1}', '{"code":"x","more":1}', '{']) {
      const response = await fetch(`${server.url}/login`, { method: 'POST', headers: { 'content-type': 'application/json', 'x-switchyard': '1' }, body });
      expect(response.status, body).toBe(400);
    }
  });
});

describe('limits', () => {
  beforeAll(async () => {
    server = await startTestServer();
  });
  afterAll(() => server.close());

  const flowOf = (description: string) => ({ format: 'switchyard.flow', version: 1, name: 'Big', description, nodes: {} });
  const post = (path: string, body: string) => server.fetch(path, { method: 'POST', body });
  const reason = async (response: Response) => ((await response.json()) as { error: { data: { reason?: string; code: string } } }).error.data;

  it('reads 1 MB of most bodies, and 5 MB where a flow is carried', async () => {
    const large = await post('/trpc/workspace.setSecret', JSON.stringify({ name: 'A', value: 'x'.repeat(1_000_001) }));
    expect([large.status, (await reason(large)).reason]).toEqual([413, 'body-too-large']);
    const flow = await post('/trpc/flows.create', JSON.stringify({ flow: flowOf('x'.repeat(4_900_000)) }));
    expect(flow.status).toBe(400);
    expect(JSON.stringify(await flow.json())).toContain('description');
    for (const path of ['flows.create', 'flows.save', 'runs.start'])
      expect((await post(`/trpc/${path}`, JSON.stringify({ flow: flowOf('x'.repeat(5_200_000)) }))).status, path).toBe(413);
  });

  it('keeps a flow of almost 5 MB, and gives it back', async () => {
    const node = { kind: 'template', config: { template: 'x'.repeat(4_800) } };
    const flow = { ...flowOf('Many'), nodes: Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`n${index}`, node])) };
    const created = await server.mutate('flows.create', { flow, id: 'many' });
    expect(created.status).toBe(200);
    expect(Object.keys((await server.query('flows.get', { id: 'many' })).data.flow.nodes)).toHaveLength(1000);
    const tooLarge = { ...flow, nodes: { ...flow.nodes, more: { kind: 'template', config: { template: 'x'.repeat(190_000) } } } };
    expect((await server.mutate('flows.save', { id: 'many', revision: 1, flow: tooLarge })).error?.data.diagnostics).toMatchObject([
      { code: 'document-too-large' },
    ]);
  });

  it('reads as large a flow for every procedure that takes one', async () => {
    for (const path of ['flows.create', 'flows.save', 'flows.preview', 'runs.start'])
      expect((await post(`/trpc/${path}`, JSON.stringify({ flow: flowOf('x'.repeat(4_900_000)) }))).status, path).toBe(400);
  });

  it('counts the depth of JSON before it parses it', async () => {
    const deep = `{"flow":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
    const response = await post('/trpc/flows.create', deep);
    expect([response.status, (await reason(response)).reason]).toEqual([400, 'json-too-deep']);
    const query = await server.fetch(`/trpc/flows.get?input=${encodeURIComponent('['.repeat(70) + ']'.repeat(70))}`);
    expect([query.status, (await reason(query)).reason]).toEqual([400, 'json-too-deep']);
    const asImport = await server.mutate('flows.import', { text: deep });
    expect(asImport.error?.data.diagnostics).toMatchObject([{ code: 'document-too-deep' }]);
  });

  it('counts the keys of a body, and of a document within one, before it is parsed', async () => {
    const keys = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, 1]));
    const flow = { ...flowOf('F'), nodes: { ask: { kind: 'input', config: { fields: { text: { default: keys(mostKeys) } } } } } };
    const response = await post('/trpc/flows.create', JSON.stringify({ flow }));
    expect([response.status, (await reason(response)).reason]).toEqual([413, 'json-too-many-keys']);
    const asImport = await server.mutate('flows.import', { text: JSON.stringify(flow) });
    expect(asImport.error?.data.diagnostics).toMatchObject([{ code: 'document-too-large' }]);
    const inTexts = { ...flowOf('F'), description: '": '.repeat(6000) };
    expect((await server.mutate('flows.import', { text: JSON.stringify(inTexts) })).status).toBe(200);
  });

  it('tells the first of very many mistakes', async () => {
    const unknown = Object.fromEntries(Array.from({ length: 150_000 }, (_, index) => [`k${index}`, 1]));
    const inConfig = { ...flowOf('F'), nodes: { ask: { kind: 'input', config: unknown } } };
    const inSchema = { ...flowOf('F'), nodes: { ask: { kind: 'input', config: { fields: { text: { properties: unknown } } } } } };
    const inFields = { ...flowOf('F'), nodes: { ask: { kind: 'input', config: { fields: unknown } } } };
    for (const flow of [{ ...flowOf('F'), ...unknown }, inConfig, inSchema, inFields]) {
      const { status, error } = await server.mutate('runs.start', { flow, inputs: {} });
      expect(status).toBe(400);
      expect(error?.data.diagnostics.length).toBeGreaterThan(50);
      expect(error?.data.diagnostics.length).toBeLessThan(250);
      expect(JSON.stringify(error).length).toBeLessThan(100_000);
    }
  });

  it('caps the calls of one batch', async () => {
    const batch = (size: number) => server.fetch(`/trpc/${Array(size).fill('flows.list').join(',')}?batch=1&input=%7B%7D`);
    expect((await batch(batchLimit)).status).toBe(200);
    const refused = await batch(batchLimit + 1);
    expect(refused.status).toBe(400);
    expect(JSON.stringify(await refused.json())).toMatch(/batch/i);
  });

  it('refuses unknown fields and malformed JSON with the reason', async () => {
    expect(await server.mutate('flows.remove', { id: 'a', force: true })).toMatchObject({
      status: 400,
      error: { message: expect.stringContaining('force') as string },
    });
    expect((await post('/trpc/flows.remove', '{"id":')).status).toBe(400);
    expect(await server.query('flows.get', { id: '../../etc' })).toMatchObject({ status: 400 });
  });
});

describe('the interface', () => {
  it('says plainly that it is not built', async () => {
    server = await start();
    const response = await fetch(`${server.url}/`);
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(await response.text()).toContain('has not been built');
  });

  it('serves its files with the right cache headers, and its page for any address of a page', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder.path, 'assets'));
    writeFileSync(
      join(folder.path, 'index.html'),
      '<!doctype html><meta property="csp-nonce" nonce="__SWITCHYARD_NONCE__"><script src="/assets/a-1.js"></script>',
    );
    writeFileSync(join(folder.path, 'assets/a-1.js'), 'export {};');
    writeFileSync(join(folder.path, 'icon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
    writeFileSync(join(folder.path, '.hidden'), 'secret');
    server = await start({ interfaceFolder: folder.path });
    const get = (path: string, headers: Record<string, string> = {}) => fetch(`${server.url}${path}`, { headers });

    const page = await get('/');
    const nonce = /nonce="([^"]+)"/.exec(await page.text())?.[1];
    expect(page.headers.get('cache-control')).toBe('no-cache');
    expect(page.headers.get('content-security-policy')).toContain(`style-src 'self' 'nonce-${nonce}'`);
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self';");
    expect((await get('/')).headers.get('content-security-policy')).not.toContain(`nonce-${nonce}'`);

    const asset = await get('/assets/a-1.js');
    expect([asset.status, asset.headers.get('cache-control'), asset.headers.get('content-type')]).toEqual([
      200,
      'public, max-age=31536000, immutable',
      'application/javascript; charset=utf-8',
    ]);
    expect((await get('/icon.svg')).headers.get('cache-control')).toBe('no-cache');
    expect((await get('/flows/order-desk', { accept: 'text/html,*/*' })).status).toBe(200);
    for (const path of ['/assets/no.js', '/.hidden', '/..%2f..%2fetc%2fpasswd', '/assets/..%2f.hidden', '/flows/x'])
      expect((await get(path)).status, path).toBe(401);
    folder.remove();
  });
});
