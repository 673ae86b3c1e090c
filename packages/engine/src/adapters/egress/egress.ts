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
  close(): Promise<void>;
}

const headerBytes = 32_768;

export function createEgress(options: EgressOptions = {}): Egress {
  const agent = new Agent({
    connect: guardedConnector(options),
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

function guardedConnector(options: EgressOptions): buildConnector.connector {
  const resolve = options.resolve ?? ((hostname) => systemLookup(hostname, { all: true, verbatim: true }));
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

function guardedLookup(protocol: string, resolve: Resolve): LookupFunction {
  return (hostname, lookupOptions, callback) => {
    const origin = `${protocol}//${hostname}`;
    resolve(hostname)
      .then((found) => {
        if (found.length === 0) throw egressRefused(origin, 'the name has no address');
        for (const { address } of found) {
          const why = refusalOf(protocol, hostname, address);
          if (why) throw egressRefused(origin, why);
        }
        return found.map(({ address, family }) => ({ address, family }));
      })
      .then(
        (checked) => {
          const first = checked[0] as { address: string; family: number };
          if (lookupOptions.all) callback(null, checked);
          else callback(null, first.address, first.family);
        },
        (error: unknown) => callback(error as NodeJS.ErrnoException, '', 0),
      );
  };
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
