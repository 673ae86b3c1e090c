/**
 * Encrypted connections to real servers, with certificates made here: what a trusted one reads and writes, and that each other fails by its name before a
 * password is sent. MongoDB's protocol is spoken by a server of the tests.
 */
import { readFileSync } from 'node:fs';
import { connectionSchema, type Connection, type Json } from '@switchyard/shared';
import mysql from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CertificatePair, findOpenssl, TestAuthority } from '../../testing/servers/certificates.ts';
import { findMariadb, startMariadb } from '../../testing/servers/mariadb-server.ts';
import { startDocuments } from '../../testing/servers/mongodb-server.ts';
import { findPostgres, startPostgres } from '../../testing/servers/postgres-server.ts';
import { findRedis, startRedis } from '../../testing/servers/redis-server.ts';
import type { ClosableHost } from '../host.ts';
import { ask, failureOf, HostBench } from '../testing/host-bench.ts';

const names = ['DNS:db.internal', 'DNS:localhost', 'IP:127.0.0.1'];

interface Action {
  kind: string;
  request: Json;
}

interface Started {
  /** An encrypted connection to the server by this name. */
  to(host: string): Connection;
  /** Its certificate is now this one. */
  renew(pair: CertificatePair): Promise<void>;
  write: Action;
  read: Action;
  /** What the read gives after the write. */
  result: Json;
  /** A connection without encryption to where the server wants it, and what is said of it. */
  plain: { connection: Connection; says: RegExp };
  /** An encrypted connection to a port without encryption, of servers that are `isByPort`. */
  toPlainPort?: Connection;
  stop(): Promise<void>;
}

const query = (sql: string, access = 'read'): Action => ({ kind: 'query', request: { connection: 'shop', sql, parameters: {}, access } });
const act = (action: string, args: Json): Action => ({ kind: 'connect', request: { connection: 'shop', action, arguments: args } });

async function postgres(authority: TestAuthority): Promise<Started> {
  const server = await startPostgres();
  const url = await server.createDatabase();
  await server.encrypt(authority.issue('postgres', { names }));
  const admin = await server.connect(url);
  await admin.query('CREATE TABLE notes (id int PRIMARY KEY); CREATE ROLE strict LOGIN');
  await admin.end();
  const { port, pathname } = new URL(url);
  return {
    to: (host) => ({ type: 'postgres', url: `postgres://${host}:${port}${pathname}`, username: 'switchyard', encryption: 'verified' }),
    renew: (pair) => server.encrypt(pair),
    write: query('INSERT INTO notes VALUES (7)', 'write'),
    read: query('SELECT id, (SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()) AS encrypted FROM notes'),
    result: { columns: ['id', 'encrypted'], rows: [{ id: 7, encrypted: true }] },
    plain: {
      connection: { type: 'postgres', url: `postgres://127.0.0.1:${port}${pathname}`, username: 'strict' },
      says: /takes encrypted connections only \(.*no encryption\)\. To encrypt, set the connection's encryption to "verified"/,
    },
    stop: () => server.stop(),
  };
}

async function mariadb(authority: TestAuthority): Promise<Started> {
  const { certificate, key } = authority.issue('mariadb', { names });
  const server = await startMariadb([`--ssl-cert=${certificate}`, `--ssl-key=${key}`]);
  const admin = await mysql.createConnection({ host: '127.0.0.1', port: server.port, user: 'root', multipleStatements: true });
  await admin.query("CREATE DATABASE shop; CREATE TABLE shop.notes (id int PRIMARY KEY); CREATE USER strict@'127.0.0.1' REQUIRE SSL");
  await admin.query('SET GLOBAL require_secure_transport = ON');
  return {
    to: (host) => ({ type: 'mysql', url: `mysql://${host}:${server.port}/shop`, username: 'root', encryption: 'verified' }),
    // Its files are those that it was started with, issued anew.
    async renew() {
      await admin.query('FLUSH SSL');
    },
    write: query('INSERT INTO notes VALUES (7)', 'write'),
    read: query("SELECT id, (SELECT variable_value <> '' FROM information_schema.session_status WHERE variable_name = 'ssl_cipher') AS encrypted FROM notes"),
    result: { columns: ['id', 'encrypted'], rows: [{ id: 7, encrypted: 1 }] },
    plain: {
      connection: { type: 'mysql', url: `mysql://127.0.0.1:${server.port}/shop`, username: 'root' },
      says: /does not let the user in .* if the user may come encrypted only, set the connection's encryption to "verified"/,
    },
    async stop() {
      await admin.end();
      await server.stop();
    },
  };
}

async function redis(authority: TestAuthority): Promise<Started> {
  const { certificate, key } = authority.issue('redis', { names });
  const free = await startRedis();
  const tlsPort = free.port;
  await free.stop();
  const server = await startRedis(['--tls-port', String(tlsPort), '--tls-cert-file', certificate, '--tls-key-file', key, '--tls-auth-clients', 'no']);
  const admin = server.connect();
  return {
    to: (host) => ({ type: 'redis', url: `rediss://${host}:${tlsPort}` }),
    async renew(pair) {
      await admin.config('SET', 'tls-cert-file', pair.certificate, 'tls-key-file', pair.key);
    },
    write: act('set', { key: 'note', value: 'seven' }),
    read: act('get', { key: 'note' }),
    result: { key: 'note', type: 'string', value: 'seven' },
    plain: {
      connection: { type: 'redis', url: `redis://127.0.0.1:${tlsPort}` },
      says: /ended the connection without an answer .* begin the connection's address with rediss:\/\//,
    },
    toPlainPort: { type: 'redis', url: `rediss://db.internal:${server.port}` },
    async stop() {
      admin.disconnect();
      await server.stop();
    },
  };
}

async function documents(authority: TestAuthority): Promise<Started> {
  const pem = ({ certificate, key }: CertificatePair) => ({ cert: readFileSync(certificate, 'utf8'), key: readFileSync(key, 'utf8') });
  let server = await startDocuments(undefined, pem(authority.issue('mongodb', { names })));
  const plain = await startDocuments();
  return {
    to: (host) => ({ type: 'mongodb', url: `mongodb://${host}:${server.port}/shop`, encryption: 'verified' }),
    async renew(pair) {
      await server.stop();
      server = await startDocuments(undefined, pem(pair));
    },
    write: act('insert', { collection: 'notes', documents: [{ _id: 7 }] }),
    read: act('find', { collection: 'notes' }),
    result: { documents: [{ _id: 7 }] },
    plain: {
      connection: { type: 'mongodb', url: `mongodb://127.0.0.1:${server.port}/shop` },
      says: /ended the connection without an answer .* set the connection's encryption to "verified"/,
    },
    toPlainPort: { type: 'mongodb', url: `mongodb://db.internal:${plain.port}/shop`, encryption: 'verified' },
    async stop() {
      await plain.stop();
      await server.stop();
    },
  };
}

const servers = [
  { name: 'PostgreSQL', file: 'postgres', isThere: findPostgres() !== undefined, start: postgres, isByPort: false },
  { name: 'MariaDB', file: 'mariadb', isThere: findMariadb() !== undefined, start: mariadb, isByPort: false },
  { name: 'Redis', file: 'redis', isThere: findRedis() !== undefined, start: redis, isByPort: true },
  { name: "MongoDB's protocol", file: 'mongodb', isThere: true, start: documents, isByPort: true },
];

for (const missing of [...servers.filter(({ isThere }) => !isThere).map(({ name }) => name), ...(findOpenssl() ? [] : ['openssl'])])
  process.stderr.write(`${missing} is not installed: tests of encrypted connections are skipped.\n`);

describe.each(servers)('$name', ({ file, isThere, isByPort, start }) => {
  describe.skipIf(!isThere || !findOpenssl())('over TLS', () => {
    const bench = new HostBench();
    let authority: TestAuthority;
    let stranger: TestAuthority;
    let server: Started;
    let host: ClosableHost;

    beforeAll(async () => {
      authority = new TestAuthority();
      stranger = new TestAuthority();
      server = await start(authority);
      host = await bench.host({ resolve: async () => [{ address: '127.0.0.1', family: 4 }] });
    }, 60_000);
    afterAll(async () => {
      await bench.close();
      await server?.stop();
      authority.remove();
      stranger.remove();
    });

    const perform = async (connection: Connection, { kind, request }: Action, effect: 'read' | 'write' = 'read') => {
      bench.connections.shop = connectionSchema.parse(connection);
      return await ask(host, kind, request, { effect, timeoutMs: 15_000 });
    };
    const refusal = (connection: Connection) => failureOf(perform(connection, server.read));
    const trusting = (name: string, ca = authority.pem) => ({ ...server.to(name), ca }) as Connection;

    test('reads and writes where the authority that the connection gives has signed', async () => {
      await perform(trusting('db.internal'), server.write, 'write');
      expect(await perform(trusting('db.internal'), server.read)).toEqual(server.result);
      // Of several authorities, as managed databases give them, one is enough.
      expect(await perform(trusting('localhost', `${stranger.pem}\n${authority.pem}`), server.read)).toEqual(server.result);
    });

    test('to give an authority is to ask for encryption, on this machine too', async () => {
      const { encryption: _, ...implied } = { encryption: undefined, ...trusting('db.internal') };
      expect(await perform(implied as Connection, server.read)).toEqual(server.result);
    });

    test('an authority that nobody here knows is not trusted', async () => {
      const failure = await refusal(server.to('db.internal'));
      expect(failure).toMatchObject({ code: 'connection-invalid', retry: 'never' });
      expect(failure.message).toMatch(
        /^Connecting to "shop" \(db\.internal:\d+\) failed: no authority that is known here has signed the server's certificate .*\(ca\.pem\)/,
      );
    });

    test('nor is one that has not signed', async () => {
      const failure = await refusal(trusting('db.internal', stranger.pem));
      expect(failure).toMatchObject({ code: 'connection-invalid', retry: 'never' });
      expect(failure.message).toContain("the certificate authority that the connection gives has not signed the server's certificate");
    });

    test('a certificate for another name is told with the name', async () => {
      const failure = await refusal(trusting('other.internal'));
      expect(failure).toMatchObject({ code: 'connection-invalid', retry: 'never' });
      expect(failure.message).toMatch(/made out to another name than that of the address, other\.internal:\d+ \(.*db\.internal/);
    });

    test('the check cannot be switched off by the environment', async () => {
      process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
      try {
        expect((await refusal(server.to('localhost'))).code).toBe('connection-invalid');
      } finally {
        delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
      }
    });

    test('without encryption where the server wants it, the failure says how to encrypt', async () => {
      const failure = await refusal(server.plain.connection);
      expect(failure.message).toMatch(server.plain.says);
      expect(failure.message).toContain('"shop"');
    });

    // The others take both at one port; that they are not used in the clear is told in their own tests.
    if (isByPort)
      test('a port without encryption is not used in the clear', async () => {
        const failure = await refusal(server.toPlainPort as Connection);
        expect(failure.message).toMatch(/did not answer to the beginning of encryption .* It may take no encrypted connections there/);
      });

    test('an authority that cannot be read is told before anything is sent', async () => {
      const broken = '-----BEGIN CERTIFICATE-----\nbm90IG9uZQ==\n-----END CERTIFICATE-----';
      expect(await refusal(trusting('db.internal', broken))).toMatchObject({
        code: 'connection-invalid',
        message: expect.stringContaining('The certificate authority of connection "shop" cannot be read: its certificate 1 of 1 is damaged') as string,
      });
    });

    test('an expired certificate is told as such', async () => {
      await server.renew(authority.issue(file, { names, days: 0 }));
      const failure = await refusal(trusting('localhost'));
      expect(failure).toMatchObject({ code: 'connection-invalid', retry: 'never' });
      expect(failure.message).toContain("the server's certificate, or that of its authority, has expired");
    });
  });
});

test.skipIf(!findRedis() || !findOpenssl())('a Redis that wants a certificate of its clients, as it does unless told otherwise, is told as that', async () => {
  const bench = new HostBench();
  const authority = new TestAuthority();
  const { certificate, key } = authority.issue('redis', { names });
  const server = await startRedis(['--tls-cert-file', certificate, '--tls-key-file', key, '--tls-ca-cert-file', certificate], { isEncrypted: true });
  try {
    bench.connections.shop = { type: 'redis', url: `rediss://localhost:${server.port}`, ca: authority.pem };
    const { kind, request } = act('get', { key: 'note' });
    expect((await failureOf(ask(await bench.host(), kind, request))).message).toMatch(/wants a certificate of its client/);
    bench.connections.shop = { type: 'redis', url: `redis://localhost:${server.port}`, ca: authority.pem };
    expect((await failureOf(ask(await bench.host(), kind, request))).message).toContain('gives a certificate authority, but its address begins with redis://');
  } finally {
    await bench.close();
    await server.stop();
    authority.remove();
  }
});
