/** Which addresses a host of a connection's own URL may lead to. No connection is made. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { refusalOf } from './host-rule.ts';

describe('refusalOf', () => {
  test.each([
    // An address written out is meant.
    ['http:', '127.0.0.1', '127.0.0.1', true],
    ['http:', '10.1.2.3', '10.1.2.3', true],
    ['http:', '169.254.169.254', '169.254.169.254', true],
    // localhost is this machine and nothing else.
    ['http:', 'localhost', '127.0.0.1', true],
    ['http:', 'localhost', '::1', true],
    ['http:', 'LOCALHOST.', '127.0.0.1', true],
    ['http:', 'app.localhost', '127.0.0.1', true],
    ['http:', 'localhost', '10.0.0.1', false],
    ['http:', 'localhost', '93.184.216.34', false],
    // Names that no one can register.
    ['http:', 'ollama', '172.18.0.2', true],
    ['http:', 'box', '127.0.1.1', true],
    ['http:', 'models.internal', '10.0.0.5', true],
    ['http:', 'nas.home.arpa', '192.168.1.4', true],
    ['http:', 'metadata.google.internal', '169.254.169.254', false],
    ['http:', 'ollama', '169.254.1.1', false],
    ['http:', 'ollama', '0.0.0.0', false],
    // Names of the public DNS.
    ['http:', 'api.example.com', '93.184.216.34', true],
    ['https:', 'api.example.com', '93.184.216.34', true],
    ['http:', 'api.example.com', '10.0.0.1', false],
    ['https:', 'api.example.com', '10.0.0.1', true],
    ['https:', 'api.example.com', '127.0.0.1', false],
    ['http:', 'api.example.com', '::ffff:127.0.0.1', false],
    ['https:', 'api.example.com', '169.254.169.254', false],
    ['https:', 'api.example.com', '100.100.100.200', false],
    ['https:', 'api.example.com', '::', false],
    ['https:', 'api.example.com', 'fe80::1', false],
    ['https:', 'localhost.example.com', '127.0.0.1', false],
    ['https:', 'notlocalhost', '127.0.0.1', true],
  ])('%s//%s at %s: %s', (protocol, host, address, isAllowed) => {
    expect(refusalOf(protocol, host, address) === undefined).toBe(isAllowed);
  });

  test('by name, no address of a link or of a cloud is ever reached', () => {
    const host = fc.oneof(fc.domain(), fc.constantFrom('ollama', 'localhost', 'models.internal'));
    const address = fc.constantFrom('169.254.169.254', '169.254.7.7', 'fe80::1', '168.63.129.16', '0.0.0.0', '224.0.0.1', '64:ff9b::a00:1');
    fc.assert(fc.property(fc.constantFrom('http:', 'https:'), host, address, (protocol, name, at) => refusalOf(protocol, name, at) !== undefined));
  });
});
