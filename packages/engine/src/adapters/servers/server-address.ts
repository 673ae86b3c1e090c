/** Where a connection to a server that speaks a protocol of its own leads, and whether the way there is encrypted. */
import { checkServerIdentity, type ConnectionOptions } from 'node:tls';
import type { SecretRef } from '@switchyard/shared';
import { classifyAddress, type ConnectAddress, type Egress } from '../egress/index.ts';
import { checkAuthority } from './certificate-authority.ts';

export interface ServerConnection {
  url: string;
  username?: string | undefined;
  password?: SecretRef | undefined;
  encryption?: 'verified' | 'none' | undefined;
  ca?: string | undefined;
}

export interface ServerAddress extends ConnectAddress {
  /** Host and port, as the connection names them. */
  place: string;
  database: string;
  /** Undefined where the way is not encrypted. */
  tls: ConnectionOptions | undefined;
}

/** Rejects with a FailureError: `egress-refused`, or `connection-invalid` where the certificate authority cannot be read. */
export async function serverAddress(
  { url, encryption, ca }: ServerConnection,
  { egress, name, port }: { egress: Egress; name: string; port: number },
): Promise<ServerAddress> {
  const { hostname, port: given, pathname } = new URL(url);
  const address = await egress.connectAddress(hostname, Number(given || port), name);
  const place = `${hostname}:${address.port}`;
  // Whoever gives an authority wants its certificate checked, on this machine too.
  const isEncrypted = encryption === undefined ? ca !== undefined || classifyAddress(address.host) !== 'loopback' : encryption === 'verified';
  if (isEncrypted && ca !== undefined) checkAuthority(ca, name);
  return { ...address, place, database: decodeURIComponent(pathname.slice(1)), tls: isEncrypted ? tlsOptions(address, ca) : undefined };
}

/** The socket goes to a checked address, so the name that the certificate must have is told apart. */
function tlsOptions({ host, servername }: ConnectAddress, ca: string | undefined): ConnectionOptions {
  return {
    // Said, since the environment could otherwise switch it off.
    rejectUnauthorized: true,
    ...(ca !== undefined && { ca }),
    ...(servername !== undefined && { servername }),
    checkServerIdentity: (_, certificate) => checkServerIdentity(servername ?? host, certificate),
  };
}
