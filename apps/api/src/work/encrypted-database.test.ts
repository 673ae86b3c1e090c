/** The distributed engine on a database that takes encrypted connections only. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { kinds } from '@switchyard/engine/nodes';
import {
  createHandSettledHost,
  findOpenssl,
  findPostgres,
  planOf,
  postingFlow,
  startPostgres,
  TestAuthority,
  type PostgresServer,
} from '@switchyard/engine/testing';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { temporaryFolder } from '../testing/test-server.ts';
import { openDistributedRunner } from './distributed-runner.ts';

const isThere = findPostgres() !== undefined && findOpenssl() !== undefined;
if (!isThere) process.stderr.write('PostgreSQL or openssl is not installed: the tests of the engine on an encrypted database are skipped.\n');

describe.skipIf(!isThere)('on an encrypted database', () => {
  const folder = temporaryFolder();
  let server: PostgresServer;
  let authority: TestAuthority;
  let host: string;
  let name: string;

  beforeAll(async () => {
    authority = new TestAuthority();
    writeFileSync(join(folder.path, 'ca.pem'), authority.pem);
    server = await startPostgres();
    await server.encrypt(authority.issue('server', { names: ['DNS:localhost'] }));
    const url = new URL(await server.createDatabase());
    host = `localhost:${url.port}`;
    name = url.pathname;
    const admin = await server.connect(url.href);
    await admin.query(`CREATE ROLE strict LOGIN SUPERUSER`);
    await admin.end();
  }, 60_000);
  afterAll(async () => {
    await server?.stop();
    authority?.remove();
    folder.remove();
  });

  const open = (settings: string, at = host) =>
    openDistributedRunner({
      databaseUrl: `postgresql://strict@${at}${name}${settings}`,
      registry: kinds,
      host: createHandSettledHost(),
      redactor: () => (value) => value,
      log: { info: () => {}, warn: () => {} },
    });

  test.each([
    ['', /no encryption.*write sslmode=verify-full into the address/],
    ['?sslmode=verify-full', /sslrootcert=FILE/],
    ['?sslmode=require', /sslrootcert=FILE/],
  ])('with the settings "%s" it says what to do', async (settings, said) => {
    await expect(open(settings)).rejects.toMatchObject({ failure: { code: 'database-unusable', message: expect.stringMatching(said) as string } });
  });

  test('with a name that the certificate does not bear it says so', async () => {
    const settings = `?sslmode=verify-full&sslrootcert=${join(folder.path, 'ca.pem')}`;
    await expect(open(settings, host.replace('localhost', '127.0.0.1'))).rejects.toMatchObject({
      failure: { message: expect.stringContaining('Name the server in the address as its certificate does.') as string },
    });
  });

  test('runs are made there, every connection of theirs encrypted and the certificate checked, without a warning', async () => {
    const warnings = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
    const runner = await open(`?sslmode=require&sslrootcert=${join(folder.path, 'ca.pem')}`);
    const admin = await server.connect(`postgresql://switchyard@${host}${name}`);
    try {
      const { run } = await runner.start({ flow: postingFlow, plan: planOf(postingFlow), inputs: { q: 'x' } });
      await expect.poll(async () => (await runner.events(run, -1, 100)).some(({ type }) => type === 'call-start'), { timeout: 15_000 }).toBe(true);
      const { rows } = await admin.query(
        "SELECT ssl, count(*)::int AS n FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE usename = 'strict' GROUP BY ssl",
      );
      expect(rows).toMatchObject([{ ssl: true }]);
      expect(rows[0].n).toBeGreaterThan(2);
      await runner.cancel(run);
      expect(await runner.result(run)).toMatchObject({ status: 'cancelled' });
      expect(warnings.mock.calls).toEqual([]);
    } finally {
      warnings.mockRestore();
      await admin.end();
      await runner.close();
    }
  }, 60_000);
});
