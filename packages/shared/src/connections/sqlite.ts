/** Connections to SQLite databases: files of the server's machine. */
import { connectionField, defineConnection } from './define-connection.ts';

export const sqliteConnection = defineConnection({
  type: 'sqlite',
  title: 'SQLite',
  description: 'A database in a file',
  group: 'Databases',
  performs: ['query', 'catalogue'],
  fields: {
    url: connectionField.path({
      title: 'File',
      description: "A path on the server's machine. It is opened for reading, and for a write only where the node's access says so.",
      placeholder: '/data/shop.db',
    }),
  },
  address: ({ url }) => url,
  origins: () => [],
});
