/** Ending a query of an encrypted connection: the server is told over TLS, so that the key of the client is not seen on the way. */
import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findOpenssl, TestAuthority } from '../../../testing/certificates.ts';
import { findPostgres, startPostgres, type PostgresServer } from '../../../testing/postgres-server.ts';
import { ask, failureOf, HostBench } from '../../testing/host-bench.ts';

const isThere = findPostgres() !== undefined && findOpenssl() !== undefined;
if (!isThere) process.stderr.write('PostgreSQL or openssl is not installed: the test of ending its encrypted queries is skipped.\n');

const bench = new HostBench();
let server: PostgresServer;
let authority: TestAuthority;
let proxy: Server;
/** What clients sent, by connection. */
const sent: Buffer[][] = [];

beforeAll(async () => {
  if (!isThere) return;
  authority = new TestAuthority();
  server = await startPostgres();
  await server.encrypt(authority.issue('postgres', { names: ['DNS:localhost'] }));
  const { port } = new URL(await server.createDatabase());
  proxy = createServer((client) => {
    const pieces: Buffer[] = [];
    sent.push(pieces);
    const way = connect(Number(port), '127.0.0.1');
    client.on('data', (piece) => pieces.push(piece));
    for (const socket of [client, way]) socket.on('error', () => undefined);
    client.on('close', () => way.destroy());
    client.pipe(way).pipe(client);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
}, 60_000);
afterAll(async () => {
  await bench.close();
  if (!isThere) return;
  proxy.close();
  await server.stop();
  authority.remove();
});

test.skipIf(!isThere)('the server ends the query, and nothing of that was sent in the clear', async () => {
  const url = `postgres://localhost:${(proxy.address() as AddressInfo).port}/test1`;
  bench.connections.shop = { type: 'postgres', url, username: 'switchyard', ca: authority.pem };
  const endless = 'SELECT count(*) FROM generate_series(1, 1000000000) a, generate_series(1, 1000000000) b';
  const controller = new AbortController();
  const ended = failureOf(
    ask(await bench.host(), 'query', { connection: 'shop', sql: endless, parameters: {}, access: 'read' }, { signal: controller.signal, timeoutMs: 60_000 }),
  );
  const admin = await server.connect((await server.createDatabase()).replace(/test\d+$/, 'test1'));
  // Of some age: by then it is being carried out.
  const active = "SELECT 1 FROM pg_stat_activity WHERE query LIKE '%generate_series(1, 10%' AND pid <> pg_backend_pid() AND state = 'active'";
  const running = async (more = '') => (await admin.query(`${active} ${more}`)).rows.length;
  await expect.poll(() => running("AND clock_timestamp() - query_start > '200 ms'"), { timeout: 10_000 }).toBeGreaterThan(0);
  controller.abort();
  expect((await ended).code).toBe('cancelled');
  await expect.poll(() => running(), { timeout: 5_000 }).toBe(0);
  await admin.end();
  expect(sent.length).toBeGreaterThan(1);
  const cancelCode = Buffer.from([4, 210, 22, 46]);
  for (const pieces of sent) expect(Buffer.concat(pieces).includes(cancelCode)).toBe(false);
});
