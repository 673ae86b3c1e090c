/** Which ways are encrypted, and what errors of encryption mean that the servers of the tests do not make. */
import { describe, expect, test } from 'vitest';
import { createEgress } from '../egress/index.ts';
import { failureOf } from '../testing/host-bench.ts';
import { encryptionFailure } from './encryption-failure.ts';
import { serverAddress, type ServerConnection } from './server-address.ts';

const egress = createEgress({ resolve: async () => [{ address: '10.1.2.3', family: 4 }] });
const addressOf = (connection: ServerConnection) => serverAddress(connection, { egress, name: 'shop', port: 5432 });

describe('a way is encrypted', () => {
  test.each([
    ['unless the server is on this machine', {}, [false, true, true]],
    ['everywhere, where that is wanted', { encryption: 'verified' }, [true, true, true]],
    ['nowhere, where it is not', { encryption: 'none' }, [false, false, false]],
  ] as const)('%s', async (_, given, expected) => {
    const urls = ['postgres://127.0.0.1/shop', 'postgres://10.0.0.5/shop', 'postgres://db.example.com/shop'];
    const addresses = await Promise.all(urls.map((url) => addressOf({ url, ...given })));
    expect(addresses.map(({ tls }) => tls !== undefined)).toEqual(expected);
    for (const { tls } of addresses) if (tls) expect(tls.rejectUnauthorized).toBe(true);
  });

  test('by the name of the address, though the socket goes to its number', async () => {
    const { host, place, tls } = await addressOf({ url: 'postgres://db.example.com/shop' });
    expect([host, place, tls?.servername]).toEqual(['10.1.2.3', 'db.example.com:5432', 'db.example.com']);
  });

  test('by an authority that can be read', async () => {
    expect((await failureOf(addressOf({ url: 'postgres://db.example.com/shop', ca: 'no PEM' }))).message).toContain('there is no certificate in it');
  });
});

test.each([
  ['no pg_hba.conf entry for host "10.0.0.9", user "reader", database "shop", SSL off', false, 'takes encrypted connections only'],
  ['connection is insecure (try using `sslmode=require`)', false, 'takes encrypted connections only'],
  ['SSL connection is required. Please specify SSL options and retry.', false, 'takes encrypted connections only'],
  ['Connections using insecure transport are prohibited while --require_secure_transport=ON.', false, 'takes encrypted connections only'],
  ['connection requires a valid client certificate', true, 'wants a certificate of its client'],
  ['unsupported protocol', true, 'old versions of TLS'],
  ['certificate is not yet valid', true, 'is not valid yet'],
  ['self-signed certificate', true, 'no authority that is known here'],
  ['password authentication failed for user "tls required"', true, undefined],
  ['password authentication failed for user "no encryption"', false, undefined],
])('%s (encrypted: %s)', (message, isEncrypted, says) => {
  const failure = encryptionFailure(new Error(message), { name: 'shop', address: { place: 'db.example.com:5432', tls: isEncrypted ? {} : undefined } });
  if (says === undefined) expect(failure).toBeUndefined();
  else expect(failure?.message).toMatch(new RegExp(`^Connecting to "shop" \\(db\\.example\\.com:5432\\) failed: .*${says}`));
});
