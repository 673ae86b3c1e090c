/**
 * Which addresses a host of a connection's own URL may lead to. The owner of the workspace wrote that host; whoever answers for its name
 * in the DNS did not, so a name gets less than an address written out:
 *
 * 1. An address written in the URL is meant: it may be reached, whatever its class.
 * 2. `localhost` leads to this machine and nowhere else.
 * 3. A name that no one can register (one label, or under a suffix for private use) leads to the public or the owner's own network, or this machine.
 * 4. Any other name leads to public addresses; to private ones over https, where the certificate proves that the name's owner answers, and over
 *    a driver's own protocol (tcp), where no run can choose what is asked of whom: databases live in private networks.
 *
 * By name, link-local, metadata and reserved addresses are never reached.
 */
import { classifyAddress, isAddress, type AddressClass } from './address.ts';

const privateSuffixes = ['.local', '.internal', '.lan', '.home', '.home.arpa', '.corp', '.intranet', '.private'] as const;

const allowedFor: Readonly<Record<'localhost' | 'local' | 'public' | 'proven', readonly AddressClass[]>> = {
  localhost: ['loopback'],
  local: ['public', 'private', 'loopback'],
  public: ['public'],
  proven: ['public', 'private'],
};

/** Why `address` may not be reached for this host; undefined where it may. */
export function refusalOf(protocol: string, host: string, address: string): string | undefined {
  if (isAddress(host)) return undefined;
  const found = classifyAddress(address);
  const sort = sortOf(protocol, host.toLowerCase().replace(/\.$/, ''));
  if (allowedFor[sort].includes(found)) return undefined;
  return `the name leads to ${address}, which is ${describe[found]}`;
}

function sortOf(protocol: string, host: string): keyof typeof allowedFor {
  if (host === 'localhost' || host.endsWith('.localhost')) return 'localhost';
  if (!host.includes('.') || privateSuffixes.some((suffix) => host.endsWith(suffix))) return 'local';
  return protocol === 'http:' ? 'public' : 'proven';
}

const describe: Readonly<Record<AddressClass, string>> = {
  public: 'a public address',
  private: 'an address of a private network',
  loopback: 'this machine itself',
  'link-local': 'a link-local address',
  metadata: 'a cloud metadata address',
  reserved: 'a reserved address',
};
