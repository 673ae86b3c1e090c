/** Ending a query at the server: over TLS where the connection is encrypted, and again where the first request came to nothing. */
import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import type pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { findOpenssl, TestAuthority } from '../../../testing/servers/certificates.ts';
import { findPostgres, startPostgres, type PostgresServer } from '../../../testing/servers/postgres-server.ts';
import { ask, failureOf, HostBench } from '../../testing/host-bench.ts';

const isThere = findPostgres() !== undefined;
const isEncrypted = isThere && findOpenssl() !== undefined;
if (!isThere) process.stderr.write('PostgreSQL is not installed: the tests of ending its queries are skipped.\n');
else if (!isEncrypted) process.stderr.write('openssl is not installed: the test of ending encrypted queries is skipped.\n');

const bench = new HostBench();
const endless = 'SELECT count(*) FROM generate_series(1, 1000000000) a, generate_series(1, 1000000000) b';
const cancelCode = Buffer.from([4, 210, 22, 46]);
let server: PostgresServer;
let authority: TestAuthority | undefined;
let admin: pg.Client;
let proxy: Server;
/** What clients sent, by connection. */
let sent: Buffer[][] = [];
/** So many cancel requests come to nothing, as those that the server gets between two statements. */
let ignored = 0;

beforeAll(async () => {
  if (!isThere) return;
  server = await startPostgres();
  if (isEncrypted) {
    authority = new TestAuthority();
    await server.encrypt(authority.issue('postgres', { names: ['DNS:localhost'] }));
  }
  const url = await server.createDatabase();
  admin = await server.connect(url);
  proxy = createServer((client) => {
    const pieces: Buffer[] = [];
    sent.push(pieces);
    const way = connect(Number(new URL(url).port), '127.0.0.1');
    for (const socket of [client, way]) socket.on('error', () => undefined);
    client.on('close', () => way.destroy());
    client.on('data', (piece) => {
      pieces.push(piece);
      if (piece.includes(cancelCode) && ignored-- > 0) client.destroy();
      else way.write(piece);
    });
    way.pipe(client);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
}, 60_000);
beforeEach(() => {
  sent = [];
});
afterAll(async () => {
  await bench.close();
  if (!isThere) return;
  proxy.close();
  await admin.end();
  await server.stop();
  authority?.remove();
});

/** Cancels a call whose query the server carries out, and waits until it no longer does. */
async function cancelWith(settings: { encryption?: 'none'; ca?: string }) {
  const url = `postgres://localhost:${(proxy.address() as AddressInfo).port}/test1`;
  bench.connections.shop = { type: 'postgres', url, username: 'switchyard', ...settings };
  const controller = new AbortController();
  const ended = failureOf(
    ask(await bench.host(), 'query', { connection: 'shop', sql: endless, parameters: {}, access: 'read' }, { signal: controller.signal, timeoutMs: 60_000 }),
  );
  const running = async () => {
    const { rows } = await admin.query(
      "SELECT 1 FROM pg_stat_activity WHERE query LIKE '%generate_series(1, 10%' AND pid <> pg_backend_pid() AND state = 'active'",
    );
    return rows.length;
  };
  await expect.poll(running, { timeout: 10_000 }).toBeGreaterThan(0);
  controller.abort();
  expect((await ended).code).toBe('cancelled');
  await expect.poll(running, { timeout: 10_000 }).toBe(0);
}

test.skipIf(!isEncrypted)('the server ends an encrypted query, and nothing of that was sent in the clear', async () => {
  await cancelWith({ ca: authority?.pem ?? '' });
  expect(sent.length).toBeGreaterThan(1);
  for (const pieces of sent) expect(Buffer.concat(pieces).includes(cancelCode)).toBe(false);
});

// Found by a query that went on for as long as it was allowed to, on a busy machine.
test.skipIf(!isThere)('a request that came to nothing is sent again', async () => {
  ignored = 2;
  await cancelWith({ encryption: 'none' });
  expect(ignored).toBe(-1);
});
