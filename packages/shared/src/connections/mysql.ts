/** Connections to MySQL and MariaDB. */
import { defineConnection } from './define-connection.ts';
import { serverFields, serverOrigin, serverUrl } from './sql-server.ts';

export const mysqlConnection = defineConnection({
  type: 'mysql',
  title: 'MySQL or MariaDB',
  description: 'A database server',
  group: 'Databases',
  performs: ['query', 'catalogue'],
  fields: { url: serverUrl(/^(mysql|mariadb)$/, 'mysql://db.example.com:3306/shop'), ...serverFields },
  address: ({ url }) => url,
  origins: ({ url }) => [serverOrigin(url)],
});
