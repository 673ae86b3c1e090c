/** Connections to MongoDB, and to what else speaks its protocol. */
import { z } from 'zod';
import { defineConnection } from './define-connection.ts';
import { serverFields, serverOrigin, serverUrl } from './sql-server.ts';

export const mongodbConnection = defineConnection({
  type: 'mongodb',
  title: 'MongoDB',
  description: 'A database of documents',
  group: 'Databases',
  performs: ['connect', 'catalogue'],
  speaks: 'documents',
  fields: {
    url: serverUrl(/^mongodb$/, 'mongodb://db.example.com:27017/shop')
      .refine((url) => /^\/[^/\s$.%]{1,63}$/.test(new URL(url).pathname), 'name the database after the slash, as in mongodb://db.example.com:27017/shop')
      .meta({
        title: 'Address',
        description: 'One server, of a replica set the primary, and its database after the slash.',
        placeholder: 'mongodb://db.example.com:27017/shop',
        isCode: true,
      }),
    ...serverFields,
    authSource: z
      .string()
      .regex(/^[^/\s$.]{1,63}$/, 'write the name of a database, such as admin')
      .optional()
      .meta({ title: 'Database of the user', description: 'Where the user is known; left empty, admin.', isCode: true, isShort: true, isAdvanced: true }),
  },
  address: ({ url }) => url,
  origins: ({ url }) => [serverOrigin(url)],
});
