/** Which addresses are what: a table of the known traps, and properties of whole ranges. No connection is made. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { classifyAddress, isAddress } from './address.ts';

describe('classifyAddress', () => {
  test.each([
    ['93.184.216.34', 'public'],
    ['2606:4700::6810:85e5', 'public'],
    ['10.0.0.1', 'private'],
    ['172.16.0.1', 'private'],
    ['172.31.255.255', 'private'],
    ['172.32.0.1', 'public'],
    ['192.168.1.1', 'private'],
    ['100.64.0.1', 'private'],
    ['fc00::1', 'private'],
    ['fd12:3456::1', 'private'],
    ['127.0.0.1', 'loopback'],
    ['127.255.255.254', 'loopback'],
    ['::1', 'loopback'],
    ['[::1]', 'loopback'],
    ['::ffff:127.0.0.1', 'loopback'],
    ['::ffff:7f00:1', 'loopback'],
    ['2130706433', 'loopback'],
    ['0x7f000001', 'loopback'],
    ['0x7f.0.0.1', 'loopback'],
    ['0177.0.0.1', 'loopback'],
    ['127.1', 'loopback'],
    ['169.254.0.1', 'link-local'],
    ['fe80::1', 'link-local'],
    ['169.254.169.254', 'metadata'],
    ['::ffff:169.254.169.254', 'metadata'],
    ['0xa9fea9fe', 'metadata'],
    ['100.100.100.200', 'metadata'],
    ['168.63.129.16', 'metadata'],
    ['fd00:ec2::254', 'metadata'],
    ['fd00:0ec2:0:0:0:0:0:254', 'metadata'],
    ['192.0.0.192', 'metadata'],
    ['0.0.0.0', 'reserved'],
    ['0', 'reserved'],
    ['::', 'reserved'],
    ['255.255.255.255', 'reserved'],
    ['224.0.0.1', 'reserved'],
    ['ff02::1', 'reserved'],
    ['240.0.0.1', 'reserved'],
    ['192.0.2.1', 'reserved'],
    ['198.18.0.1', 'reserved'],
    ['64:ff9b::7f00:1', 'reserved'],
    ['2002:7f00:1::', 'reserved'],
    ['2001:0:7f00:1::', 'reserved'],
    ['fe80::1%eth0', 'reserved'],
    ['example.com', 'reserved'],
    ['', 'reserved'],
  ])('%s is %s', (address, expected) => {
    expect(classifyAddress(address)).toBe(expected);
  });

  const byte = fc.integer({ min: 0, max: 255 });

  test('no address of 127.0.0.0/8 is anything but loopback, in any spelling', () => {
    fc.assert(
      fc.property(byte, byte, byte, (b, c, d) => {
        const number = ((127 << 24) | (b << 16) | (c << 8) | d) >>> 0;
        for (const spelling of [`127.${b}.${c}.${d}`, `${number}`, `0x${number.toString(16)}`, `::ffff:127.${b}.${c}.${d}`, `0177.${b}.${c}.${d}`]) {
          expect(classifyAddress(spelling)).toBe('loopback');
        }
      }),
    );
  });

  test('a mapped address is what the address within is', () => {
    fc.assert(
      fc.property(fc.tuple(byte, byte, byte, byte), (bytes) => {
        const address = bytes.join('.');
        expect(classifyAddress(`::ffff:${address}`)).toBe(classifyAddress(address));
      }),
    );
  });

  test('never throws, and knows what it does not know as reserved', () => {
    fc.assert(fc.property(fc.string(), (text) => isAddress(text) || classifyAddress(text) === 'reserved'));
  });
});
