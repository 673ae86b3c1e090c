/** Sorts IP addresses into what they reach: the internet, the owner's own network, this machine, or what no request of a flow should. */
import ipaddr from 'ipaddr.js';

export type AddressClass = 'public' | 'private' | 'loopback' | 'link-local' | 'metadata' | 'reserved';

/** Where cloud providers answer with credentials to whoever asks from inside. Some lie in ranges that are otherwise private, or even public. */
const metadataAddresses: ReadonlySet<string> = new Set([
  '169.254.169.254',
  '169.254.170.2',
  '169.254.170.23',
  '100.100.100.200',
  '168.63.129.16',
  '192.0.0.192',
  'fd00:ec2::254',
  'fd00:ec2::23',
  'fd20:ce::254',
  'fd00:42::42',
]);

const classOfRange: Readonly<Record<string, AddressClass>> = {
  unicast: 'public',
  private: 'private',
  carrierGradeNat: 'private',
  uniqueLocal: 'private',
  loopback: 'loopback',
  linkLocal: 'link-local',
};

/**
 * What the address reaches. Takes the literals that a URL or a resolver may hold: dotted, decimal, hexadecimal and octal IPv4, IPv6 with
 * brackets, IPv4-mapped IPv6. What is none of them, or has a zone, is `reserved`; so is every range that wraps another address (NAT64, 6to4, Teredo).
 */
export function classifyAddress(address: string): AddressClass {
  const plain = withoutBrackets(address);
  if (plain.includes('%') || !ipaddr.isValid(plain)) return 'reserved';
  const parsed = ipaddr.process(plain);
  if (metadataAddresses.has(canonicalAddress(plain))) return 'metadata';
  return classOfRange[parsed.range()] ?? 'reserved';
}

/** Is this host of a URL an IP address, in any of its spellings, rather than a name? */
export function isAddress(host: string): boolean {
  return ipaddr.isValid(withoutBrackets(host));
}

function canonicalAddress(address: string): string {
  const parsed = ipaddr.process(address);
  return parsed.kind() === 'ipv6' ? (parsed as ipaddr.IPv6).toRFC5952String() : parsed.toString();
}

function withoutBrackets(host: string): string {
  return host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host;
}
