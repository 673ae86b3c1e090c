/** What went wrong with the encryption of a connection that was being opened: what is the matter with the certificate, or which side wants none. */
import { FailureError, failure } from '@switchyard/shared';
import type { ServerAddress } from './server-address.ts';

/** How the user of a type of connection switches encryption off and on. */
export interface EncryptionSettings {
  none: string;
  verified: string;
  /** A port of such a server takes either encrypted connections or others, and leaves the wrong ones without an answer. */
  isByPort?: true;
}

export interface Way {
  /** Of the connection. */
  name: string;
  address: Pick<ServerAddress, 'place' | 'tls'>;
  /** Default: by the field "encryption". */
  settings?: EncryptionSettings;
}

interface Meaning {
  is: RegExp;
  say(way: Required<Way>, said: string): string;
}

export const byField: EncryptionSettings = { none: 'set the connection\'s encryption to "none"', verified: 'set the connection\'s encryption to "verified"' };

/** What can be done where a server wants a certificate of its client. */
const withoutOne = 'let it take clients without one, which give a password; a connection has no certificate to give';

/** Of an encrypted way: by codes where a driver keeps them, else by OpenSSL's and Node's words. The first that fits. */
const faults: readonly Meaning[] = [
  {
    is: /does not support (?:SSL|secure)|NO_SSL_SUPPORT|WRONG_VERSION_NUMBER|wrong version number|PACKET_LENGTH_TOO_LONG|packet length too long/i,
    say: ({ settings }) =>
      `the server takes no encrypted connections there. Switch TLS on at the server, or name the port where it is on; if the way to it is safe without, ${settings.none}`,
  },
  {
    is: /CERT_HAS_EXPIRED|certificate has expired/i,
    say: (_, said) =>
      `the server's certificate, or that of its authority, has expired (${said}). Renew it at the server, or give the authority that is valid now`,
  },
  {
    is: /CERT_NOT_YET_VALID|certificate is not yet valid/i,
    say: (_, said) => `the server's certificate is not valid yet (${said}). See the certificate's dates, and the clock of this machine`,
  },
  {
    is: /ALTNAME_INVALID|HOSTNAME_MISMATCH|does not match certificate/i,
    say: ({ address: { place } }, said) =>
      `the server's certificate is made out to another name than that of the address, ${place} (${said}). Name the server in the address as its certificate does`,
  },
  {
    is: /CERTIFICATE_REQUIRED|certificate required|peer did not return a certificate|valid client certificate/i,
    say: () => `the server wants a certificate of its client: ${withoutOne}`,
  },
  {
    is: /UNSUPPORTED_PROTOCOL|unsupported protocol|ALERT_PROTOCOL_VERSION|alert protocol version/i,
    say: (_, said) => `the server speaks old versions of TLS alone (${said}). Let it speak TLS 1.2 or newer`,
  },
  {
    is: /SELF_SIGNED|UNABLE_TO_|CERT_|ERR_TLS_CERT|self[- ]signed|unable to (?:get|verify)|certificate signature/i,
    say: ({ address: { tls } }, said) =>
      tls?.ca === undefined
        ? `no authority that is known here has signed the server's certificate (${said}). If it is one of your own or of a managed database, give its certificate (ca.pem) as the connection's certificate authority`
        : `the certificate authority that the connection gives has not signed the server's certificate (${said}). Give the authority of this very server`,
  },
  {
    is: /ERR_SSL|ERR_TLS|EPROTO|HANDSHAKE_SSL/,
    say: (_, said) => `the way to the server could not be encrypted (${said}). See how TLS is set up at the server`,
  },
];

/** What servers say to whoever comes without encryption. */
const wantsEncryption = /no encryption$|SSL off$|insecure transport|connection is insecure|\b(?:SSL|TLS)\b.*\brequired\b/i;

/** The failure, where the error tells of encryption; undefined for anything else. */
export function encryptionFailure(error: unknown, { name, address, settings = byField }: Way): FailureError | undefined {
  const way = { name, address, settings };
  const { code = '', message = String(error) } = error as { code?: unknown; message?: string };
  // Node's advice is for whoever starts it, who may be another person.
  const said = message
    .replace(/; if the root CA is installed locally.*/s, '')
    .trim()
    .slice(0, 300);
  const isLeft = settings.isByPort && /ECONNRESET|EPIPE|closed/.test(`${String(code)} ${message}`);
  if (!address.tls) {
    if (wantsEncryption.test(said)) return told(way, `the server takes encrypted connections only (${said}). To encrypt, ${settings.verified}`);
    return isLeft
      ? told(way, `the server ended the connection without an answer (${said}). If it takes encrypted connections only, ${settings.verified}`, true)
      : undefined;
  }
  if (/before secure TLS connection/i.test(message) || (settings.isByPort && /ETIMEDOUT|timed out/.test(message)))
    return told(
      way,
      `the server did not answer to the beginning of encryption (${said}). It may take no encrypted connections there, or be out of reach: see the port`,
      true,
    );
  if (isLeft)
    return told(way, `the server ended the encrypted connection without an answer (${said}). If it wants a certificate of its client, ${withoutOne}`, true);
  const fault = faults.find(({ is }) => is.test(`${String(code)} ${message}`));
  return fault && told(way, fault.say(way, said));
}

function told({ name, address }: Way, why: string, mayRetry = false): FailureError {
  const text = `Connecting to "${name}" (${address.place}) failed: ${why}.`;
  return new FailureError(mayRetry ? failure('connection-unreachable', text, { retry: 'policy' }) : failure('connection-invalid', text));
}
