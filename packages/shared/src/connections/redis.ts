/** Connections to Redis and Valkey, and to what else speaks their protocol. */
import { z } from 'zod';
import { connectionField, defineConnection } from './define-connection.ts';
import { authorityField } from './sql-server.ts';

export const redisConnection = defineConnection({
  type: 'redis',
  title: 'Redis or Valkey',
  description: 'A key-value store',
  group: 'Databases',
  performs: ['connect', 'catalogue'],
  speaks: 'key-value',
  fields: {
    url: z
      .url({ protocol: /^rediss?$/, error: 'write an address such as redis://cache.example.com:6379' })
      .refine((url) => !/^\w+:\/\/[^/]*@/.test(url), 'name the user and the password in their own fields, not in the address')
      .refine(
        (url) => !/[?#]/.test(url),
        'settings after a question mark are not taken: rediss:// encrypts, and the certificate authority has a field of its own',
      )
      .meta({
        title: 'Address',
        description: 'With rediss:// the way there is encrypted and the certificate checked. A number after the slash chooses the database.',
        placeholder: 'redis://cache.example.com:6379/0',
        isCode: true,
      }),
    username: z.string().min(1).optional().meta({ title: 'User', description: 'A user that may only read is the safest.', isShort: true }),
    password: connectionField.secret({ title: 'Password', isShort: true }).optional(),
    ca: authorityField,
  },
  address: ({ url }) => url,
  origins: ({ url }) => [new URL(url).href.replace(/^(\w+:\/\/[^/]+).*$/, '$1')],
});
