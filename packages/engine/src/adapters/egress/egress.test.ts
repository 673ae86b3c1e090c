/** The one way out: against real servers on loopback, with names resolved by the test. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FailureError } from '@switchyard/shared';
import { request } from 'undici';
import { afterEach, describe, expect, test } from 'vitest';
import { createEgress, type Egress, type Resolve } from './index.ts';

const open: { close(): Promise<unknown> }[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

async function serve(): Promise<{ port: number; sockets: Set<unknown>; hosts: string[] }> {
  const sockets = new Set<unknown>();
  const hosts: string[] = [];
  const server: Server = createServer((incoming, answer) => {
    hosts.push(incoming.headers.host ?? '');
    answer.end('here');
  });
  server.on('connection', (socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push({
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  });
  return { port: (server.address() as AddressInfo).port, sockets, hosts };
}

function egressWith(resolve?: Resolve): Egress {
  const egress = createEgress(resolve ? { resolve } : {});
  open.push(egress);
  return egress;
}

async function get(egress: Egress, permitted: readonly string[], url: string): Promise<string> {
  const { body } = await request(url, { dispatcher: egress.dispatcher(permitted) });
  return body.text();
}

async function refusal(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof FailureError)) throw new Error(`Expected a refusal, but got ${String(error)}`);
  expect(error.failure).toMatchObject({ code: 'egress-refused', retry: 'never' });
  return error.failure.message;
}

describe('origins', () => {
  test('a permitted origin is reached', async () => {
    const { port } = await serve();
    expect(await get(egressWith(), [`http://127.0.0.1:${port}`], `http://127.0.0.1:${port}/x`)).toBe('here');
  });

  test('another port, host or scheme is another origin, and is not asked', async () => {
    const { port, sockets } = await serve();
    const other = await serve();
    const permitted = [`http://127.0.0.1:${port}/base/path`];
    const egress = egressWith();
    for (const url of [`http://127.0.0.1:${other.port}/`, `http://localhost:${port}/`, `https://127.0.0.1:${port}/`, `http://[::1]:${port}/`]) {
      expect(await refusal(get(egress, permitted, url))).toContain('was not sent');
    }
    expect(sockets.size + other.sockets.size).toBe(0);
  });

  test('nothing is permitted by an empty list', async () => {
    const { port } = await serve();
    expect(await refusal(get(egressWith(), [], `http://127.0.0.1:${port}/`))).toContain('nothing may be reached');
  });

  test('other spellings of a permitted address are the same origin', async () => {
    const { port } = await serve();
    const egress = egressWith();
    for (const host of ['2130706433', '0x7f.1', '127.1']) expect(await get(egress, [`http://127.0.0.1:${port}`], `http://${host}:${port}/`)).toBe('here');
  });

  test.each(['file:///etc/passwd', 'ftp://127.0.0.1/', 'no url', ''])('%j cannot be permitted', (url) => {
    expect(() => egressWith().dispatcher([url])).toThrow(FailureError);
  });

  test('sockets are shared and kept alive', async () => {
    const { port, sockets } = await serve();
    const egress = egressWith();
    const origin = `http://127.0.0.1:${port}`;
    for (let count = 0; count < 10; count += 1) await get(egress, count % 2 ? [origin] : [origin, 'https://example.com'], origin);
    // A socket is free again a moment after its answer was read, so that a second one may be opened; never a third.
    expect(sockets.size).toBeLessThanOrEqual(2);
  });
});

describe('names', () => {
  test.each(['http://api.example.com', 'https://api.example.com'])('a public name that leads to this machine is refused: %s', async (origin) => {
    const { port, sockets } = await serve();
    const egress = egressWith(async () => [{ address: '127.0.0.1', family: 4 }]);
    const url = `${origin}:${port}`;
    expect(await refusal(get(egress, [url], url))).toContain('127.0.0.1');
    expect(sockets.size).toBe(0);
  });

  test('one refused address among good ones refuses all', async () => {
    const { port, sockets } = await serve();
    const egress = egressWith(async () => [
      { address: '127.0.0.1', family: 4 },
      { address: '169.254.169.254', family: 4 },
    ]);
    expect(await refusal(get(egress, [`http://box:${port}`], `http://box:${port}`))).toContain('metadata');
    expect(sockets.size).toBe(0);
  });

  test('a name is resolved once per connection, and the socket goes to what was checked', async () => {
    const { port, hosts } = await serve();
    const asked: string[] = [];
    // The second answer would be refused: were the name resolved again to connect, the request would fail.
    const egress = egressWith(async (name) => {
      asked.push(name);
      return [{ address: asked.length === 1 ? '127.0.0.1' : '169.254.169.254', family: 4 }];
    });
    expect(await get(egress, [`http://box:${port}`], `http://box:${port}/`)).toBe('here');
    expect(asked).toEqual(['box']);
    expect(hosts).toEqual([`box:${port}`]);
  });

  test('a name without an address is refused; one that does not resolve says so', async () => {
    expect(
      await refusal(
        get(
          egressWith(async () => []),
          ['http://box'],
          'http://box/',
        ),
      ),
    ).toContain('no address');
    const failing = egressWith(() => Promise.reject(Object.assign(new Error('not found'), { code: 'ENOTFOUND' })));
    await expect(get(failing, ['http://box'], 'http://box/')).rejects.toMatchObject({ code: 'ENOTFOUND' });
  });

  test('the next address is tried where the first does not answer', async () => {
    const { port } = await serve();
    const egress = egressWith(async () => [
      { address: '::1', family: 6 },
      { address: '127.0.0.1', family: 4 },
    ]);
    expect(await get(egress, [`http://localhost:${port}`], `http://localhost:${port}/`)).toBe('here');
  });
});

describe("an address for a driver's own socket", () => {
  const found =
    (...addresses: string[]): Resolve =>
    () =>
      Promise.resolve(addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })));

  test('is a checked one, with the name for its certificate', async () => {
    const egress = egressWith(found('2001:db9::1', '93.184.216.34'));
    expect(await egress.connectAddress('db.example.com', 5432, 'shop')).toEqual({ host: '93.184.216.34', port: 5432, servername: 'db.example.com' });
    expect(await egressWith(found('10.1.2.3')).connectAddress('db.example.com', 5432, 'shop')).toMatchObject({ host: '10.1.2.3' });
    expect(await egressWith(found('127.0.0.1')).connectAddress('localhost', 5432, 'shop')).toMatchObject({ host: '127.0.0.1' });
  });

  test('written out is meant, and needs no name', async () => {
    const egress = egressWith(() => Promise.reject(new Error('no name is asked for')));
    expect(await egress.connectAddress('127.0.0.1', 5432, 'shop')).toEqual({ host: '127.0.0.1', port: 5432, servername: undefined });
    expect(await refusal(egress.connectAddress('0x7f000001', 5432, 'shop'))).toContain('unusual spelling');
  });

  test.each([
    ['db.example.com', '169.254.169.254'],
    ['db.example.com', 'fe80::1'],
    ['db.example.com', '127.0.0.1'],
    ['database', '169.254.169.254'],
    ['localhost', '10.0.0.1'],
  ])('%s may not lead to %s, even beside a good one', async (host, address) => {
    expect(await refusal(egressWith(found('93.184.216.34', address)).connectAddress(host, 5432, 'shop'))).toContain('the name leads to');
  });
});
