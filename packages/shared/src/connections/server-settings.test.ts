/** Addresses of servers: settings in them that would weaken TLS, or name files of the server's machine, are refused and never passed over. */
import { expect, test } from 'vitest';
import { connectionSchema } from './index.ts';

const addresses = [
  ['postgres', 'postgres://db.example.com/shop?sslmode=no-verify'],
  ['postgres', 'postgres://db.example.com/shop?sslmode=disable'],
  ['postgres', 'postgres://db.example.com/shop?sslrootcert=/etc/passwd'],
  ['postgres', 'postgres://db.example.com/shop?sslcert=/etc/passwd&sslkey=/etc/passwd'],
  ['mysql', 'mysql://db.example.com/shop?ssl-mode=DISABLED'],
  ['mysql', 'mysql://db.example.com/shop?ssl={"rejectUnauthorized":false}'],
  ['mongodb', 'mongodb://db.example.com/shop?tls=true&tlsAllowInvalidCertificates=true'],
  ['mongodb', 'mongodb://db.example.com/shop?tlsCAFile=/etc/passwd'],
  ['redis', 'rediss://cache.example.com?rejectUnauthorized=false'],
  ['redis', 'redis://cache.example.com/0#tls'],
] as const;

test.each(addresses)('%s: %s', (type, url) => {
  expect(connectionSchema.safeParse({ type, url: url.replace(/[?#].*/, '') }).success).toBe(true);
  const { error } = connectionSchema.safeParse({ type, url });
  expect(error?.issues.map(({ path, message }) => [path, message])).toEqual([
    [['url'], expect.stringContaining('settings after a question mark are not taken')],
  ]);
});

test.each(['postgres', 'mysql', 'mongodb', 'redis'])('%s takes the text of an authority, and neither its path nor a private key', (type) => {
  const reasons = (ca: string) => connectionSchema.safeParse({ type, url: `${type}://db.example.com/0`, ca }).error?.issues.map(({ message }) => message);
  expect(reasons('-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n')).toBeUndefined();
  expect(reasons('/etc/ssl/ca.pem')).toEqual([expect.stringContaining('paste the content of the file')]);
  expect(reasons('-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n-----BEGIN PRIVATE KEY-----')).toEqual([
    expect.stringContaining('a private key'),
  ]);
});

test.each(['postgres', 'mysql', 'mongodb', 'redis'])('%s: what is no address at all is told, by one message', (type) => {
  for (const url of ['', 'shop', '😀', 'http://db.example.com/shop']) {
    const { error } = connectionSchema.safeParse({ type, url });
    expect(error?.issues.map(({ path, message }) => [path, message])).toEqual([[['url'], expect.stringContaining('write an address such as')]]);
  }
});
