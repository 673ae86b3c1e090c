/** The certificate authority that a connection gives, looked at before it is used: what cannot be read TLS would leave out without a word, and then trust nobody. */
import { X509Certificate } from 'node:crypto';
import { FailureError, failure } from '@switchyard/shared';

/** Throws `connection-invalid` where a certificate in the text cannot be read, or there is none. */
export function checkAuthority(ca: string, name: string): void {
  const certificates = ca.match(/-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----.*?-----END [A-Z0-9 ]*CERTIFICATE-----/gs) ?? [];
  for (const [index, certificate] of certificates.entries())
    try {
      new X509Certificate(certificate);
    } catch {
      throw unreadable(name, `its certificate ${index + 1} of ${certificates.length} is damaged`);
    }
  if (certificates.length === 0) throw unreadable(name, 'there is no certificate in it');
}

function unreadable(name: string, why: string): FailureError {
  return new FailureError(
    failure(
      'connection-invalid',
      `The certificate authority of connection "${name}" cannot be read: ${why}. Paste the whole content of its file in PEM, from "-----BEGIN CERTIFICATE-----" to "-----END CERTIFICATE-----".`,
    ),
  );
}
