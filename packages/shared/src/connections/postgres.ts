/** Connections to PostgreSQL, and to what else speaks its protocol. */
import { defineConnection } from './define-connection.ts';
import { serverFields, serverOrigin, serverUrl } from './sql-server.ts';

export const postgresConnection = defineConnection({
  type: 'postgres',
  title: 'PostgreSQL',
  description: 'A database server',
  group: 'Databases',
  performs: ['query', 'catalogue'],
  fields: { url: serverUrl(/^postgres(ql)?$/, 'postgres://db.example.com:5432/shop'), ...serverFields },
  address: ({ url }) => url,
  origins: ({ url }) => [serverOrigin(url)],
});
