/** Fields that connections to database servers have in common. */
import { z } from 'zod';
import { connectionField } from './define-connection.ts';

/** Also of those that would switch off the check of certificates, or name a file of the server's machine. */
const settingsAside =
  'settings after a question mark are not taken: they have fields of their own, and for TLS those are the encryption and the certificate authority';

/** The address of a server and a database there, without user and password. */
export function serverUrl(protocol: RegExp, example: string) {
  return (
    z
      // Aborts: the rules that follow, here and of single types, read it as an address.
      .url({ protocol, error: `write an address such as ${example}`, abort: true })
      .refine((url) => !/^\w+:\/\/[^/]*@/.test(url), 'name the user and the password in their own fields, not in the address')
      .refine((url) => !/[?#]/.test(url), settingsAside)
      .meta({ title: 'Address', description: 'The server, and its database after the slash.', placeholder: example, isCode: true })
  );
}

/** The authority that a server's certificate is checked against; public, so no secret. */
export const authorityField = z
  .string()
  .refine((text) => !text.includes('PRIVATE KEY-----'), 'this is a private key: give the certificate of the authority, and keep the key to yourself')
  .regex(/-----BEGIN [A-Z0-9 ]*CERTIFICATE-----/, 'paste the content of the file, which begins with -----BEGIN CERTIFICATE-----')
  .optional()
  .meta({
    title: 'Certificate authority',
    description:
      'The content of the ca.pem that managed databases and companies give. It alone is trusted then; left empty, the authorities that are known here.',
    placeholder: '-----BEGIN CERTIFICATE-----',
    isAdvanced: true,
    isLong: true,
    isCode: true,
  });

export const serverFields = {
  username: z.string().min(1).optional().meta({ title: 'User', description: 'A user that may only read is the safest.', isShort: true }),
  password: connectionField.secret({ title: 'Password', isShort: true }).optional(),
  encryption: z.enum(['verified', 'none']).optional().meta({
    title: 'Encryption',
    description: 'Verified: TLS, with the certificate checked. Unset, it is so unless the server is on this machine and no authority is given.',
    isAdvanced: true,
  }),
  ca: authorityField,
};

/** `scheme://host:port`, as secrets are bound to it. */
export function serverOrigin(url: string): string {
  return new URL(url).href.replace(/^(\w+:\/\/[^/]+).*$/, '$1');
}
