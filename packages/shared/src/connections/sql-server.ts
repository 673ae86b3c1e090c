/** Fields that connections to database servers have in common. */
import { z } from 'zod';
import { connectionField } from './define-connection.ts';

/** The address of a server and a database there, without user and password. */
export function serverUrl(protocol: RegExp, example: string) {
  return z
    .url({ protocol, error: `write an address such as ${example}` })
    .refine((url) => !/^\w+:\/\/[^/]*@/.test(url), 'name the user and the password in their own fields, not in the address')
    .refine((url) => !/[?#]/.test(url), 'settings after a question mark are not taken: they have fields of their own')
    .meta({ title: 'Address', description: 'The server, and its database after the slash.', placeholder: example, isCode: true });
}

export const serverFields = {
  username: z.string().min(1).optional().meta({ title: 'User', description: 'A user that may only read is the safest.', isShort: true }),
  password: connectionField.secret({ title: 'Password', isShort: true }).optional(),
  encryption: z.enum(['verified', 'none']).optional().meta({
    title: 'Encryption',
    description: 'Verified: the way to the server is encrypted and its certificate checked. Unset, it is so unless the server is on this machine.',
    isAdvanced: true,
  }),
  ca: z.string().min(1).optional().meta({
    title: 'Certificate authority',
    description: 'In PEM, where the server’s certificate is not signed by one that systems know.',
    isAdvanced: true,
    isLong: true,
    isCode: true,
  }),
};

/** `scheme://host:port`, as secrets are bound to it. */
export function serverOrigin(url: string): string {
  return new URL(url).href.replace(/^(\w+:\/\/[^/]+).*$/, '$1');
}
