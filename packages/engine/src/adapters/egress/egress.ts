/**
 * The one way out: every request of a flow, to connections and models alike, leaves through the agent made here.
 *
 * 1. A dispatcher reaches the origins it was made for and no other. An origin is scheme, host and port.
 * 2. A name is resolved once per connection; every address it gives is checked, and the socket goes to a checked address.
 * 3. Sockets are kept alive and shared by all dispatchers: what may be reached depends on the origin alone, never on who asks.
 */
import { lookup as systemLookup } from 'node:dns/promises';
import type { LookupFunction } from 'node:net';
import { FailureError, failure } from '@switchyard/shared';
import { Agent, buildConnector, type Dispatcher } from 'undici';
import { isAddress } from './address.ts';
import { refusalOf } from './host-rule.ts';

/** Addresses of a host name. Rejects where it has none. */
export type Resolve = (hostname: string) => Promise<readonly { address: string; family: number }[]>;

export interface EgressOptions {
  /** Defaults to the system's resolver, hosts file included. */
  resolve?: Resolve;
  /** For resolving, connecting and TLS together. Default 10 s. */
  connectTimeoutMs?: number;
  /** Certificate authorities to trust besides the system's, as PEM. */
  ca?: string;
}

export interface Egress {
  /** A dispatcher that reaches these origins (or URLs, of which the origin counts) and refuses all others with `egress-refused`. */
  dispatcher(permitted: readonly string[]): Dispatcher;
  /**
   * Where a driver's own socket may go for a host that the connection names: a checked address, and the name that its certificate must have.
   * Rejects with `egress-refused`.
   */
  connectAddress(host: string, port: number, connection: string): Promise<ConnectAddress>;
  /** The same as a DNS lookup, for drivers that open sockets to several hosts; a host that is an address never comes here, so check it with connectAddress. */
  lookup: LookupFunction;
  close(): Promise<void>;
}

export interface ConnectAddress {
  /** An IP address. */
  host: string;
  port: number;
  /** For TLS; undefined where the connection names an address. */
  servername: string | undefined;
}

const headerBytes = 32_768;

export function createEgress(options: EgressOptions = {}): Egress {
  const resolve = options.resolve ?? ((hostname) => systemLookup(hostname, { all: true, verbatim: true }));
  const agent = new Agent({
    connect: guardedConnector(options, resolve),
    allowH2: false,
    maxHeaderSize: headerBytes,
    keepAliveTimeout: 10_000,
    headersTimeout: 300_000,
    bodyTimeout: 300_000,
  });
  const dispatchers = new Map<string, Dispatcher>();
  return {
    dispatcher(permitted) {
      // Whoever asks for a single origin spells it as it is kept; to parse it each time costs more than all the rest here.
      const [first = ''] = permitted;
      const quick = permitted.length === 1 ? dispatchers.get(first) : undefined;
      if (quick) return quick;
      const origins = [...new Set(permitted.map(originOf))].sort();
      const key = origins.join(' ');
      const known = dispatchers.get(key);
      if (known) return known;
      const made = agent.compose((dispatch) => (request, handler) => {
        // The very text of a permitted origin needs no parsing; any other spelling is parsed before it is compared.
        if (origins.includes(request.origin as string)) return dispatch(request, handler);
        const origin = originOf(String(request.origin));
        if (origins.includes(origin)) return dispatch(request, handler);
        return refuse(handler, egressRefused(origin, `only ${origins.join(', ') || 'nothing'} may be reached here`));
      });
      dispatchers.set(key, made);
      return made;
    },
    connectAddress: (host, port, connection) => connectAddress(resolve, { host, port, connection }),
    lookup: guardedLookup('tcp:', resolve),
    close: () => agent.destroy(),
  };
}

/** The failure of a request that may not leave. `why` completes "…: it was not sent, since". */
export function egressRefused(origin: string, why: string): FailureError {
  return new FailureError(
    failure(
      'egress-refused',
      `A request to ${origin} was not sent: ${why}. A flow reaches only the origins that the connections and models of the workspace name; an address of a private network or of this machine must stand in the URL itself.`,
    ),
  );
}

/** Scheme, host and port of a URL, as WHATWG normalises them. */
export function originOf(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed?.protocol !== 'http:' && parsed?.protocol !== 'https:') throw egressRefused(JSON.stringify(url.slice(0, 200)), 'it is no http or https URL');
  return parsed.origin;
}

function guardedConnector(options: EgressOptions, resolve: Resolve): buildConnector.connector {
  const connectors = new Map(
    ['http:', 'https:'].map((protocol) => [
      protocol,
      buildConnector({
        timeout: options.connectTimeoutMs ?? 10_000,
        allowH2: false,
        autoSelectFamily: true,
        keepAlive: true,
        ...(options.ca && { ca: options.ca }),
        lookup: guardedLookup(protocol, resolve),
      }),
    ]),
  );
  return (target, callback) => {
    const connect = connectors.get(target.protocol);
    const host = target.hostname;
    if (!connect) return callback(egressRefused(`${target.protocol}//${host}`, 'it is no http or https URL'), null);
    // A literal never reaches the lookup: net.connect skips it. Other spellings than the canonical one are not literals to net, but would be to getaddrinfo.
    if (isAddress(host) && host !== canonicalHost(host))
      return callback(egressRefused(`${target.protocol}//${host}`, 'its host is an address in an unusual spelling'), null);
    return connect(target, callback);
  };
}

async function connectAddress(resolve: Resolve, { host, port, connection }: { host: string; port: number; connection: string }): Promise<ConnectAddress> {
  const place = `tcp://${host}:${port} for connection "${connection}"`;
  if (isAddress(host)) {
    if (host !== canonicalHost(host)) throw egressRefused(place, 'its host is an address in an unusual spelling');
    return { host: host.replace(/^\[|\]$/g, ''), port, servername: undefined };
  }
  const checked = await checkedAddresses({ protocol: 'tcp:', hostname: host, origin: place }, resolve);
  // What listens on this machine often does so on IPv4 alone.
  const chosen = checked.find(({ family }) => family === 4) ?? (checked[0] as { address: string });
  return { host: chosen.address, port, servername: host };
}

function guardedLookup(protocol: string, resolve: Resolve): LookupFunction {
  return (hostname, lookupOptions, callback) => {
    checkedAddresses({ protocol, hostname, origin: `${protocol}//${hostname}` }, resolve).then(
      (checked) => {
        const first = checked[0] as { address: string; family: number };
        if (lookupOptions.all) callback(null, checked);
        else callback(null, first.address, first.family);
      },
      (error: unknown) => callback(error as NodeJS.ErrnoException, '', 0),
    );
  };
}

/** The addresses of a name, at least one; none of them is one that it may not lead to. */
async function checkedAddresses(
  { protocol, hostname, origin }: { protocol: string; hostname: string; origin: string },
  resolve: Resolve,
): Promise<{ address: string; family: number }[]> {
  const found = await resolve(hostname);
  if (found.length === 0) throw egressRefused(origin, 'the name has no address');
  for (const { address } of found) {
    const why = refusalOf(protocol, hostname, address);
    if (why) throw egressRefused(origin, why);
  }
  return found.map(({ address, family }) => ({ address, family }));
}

function canonicalHost(host: string): string {
  const hostname = new URL(`http://${host.includes(':') && !host.startsWith('[') ? `[${host}]` : host}`).hostname;
  return host.startsWith('[') ? hostname : hostname.replace(/^\[|\]$/g, '');
}

function refuse(handler: Dispatcher.DispatchHandler, error: FailureError): boolean {
  if (!handler.onResponseError) throw error;
  handler.onResponseError(null as unknown as Dispatcher.DispatchController, error);
  return false;
}
