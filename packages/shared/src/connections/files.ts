/** Connections to a folder of the server's machine: its files are read and never changed. */
import { connectionField, defineConnection } from './define-connection.ts';

export const filesConnection = defineConnection({
  type: 'files',
  title: 'Folder',
  description: 'Files of a folder of the server, read only',
  group: 'Files and storage',
  performs: ['connect'],
  speaks: 'objects',
  fields: {
    url: connectionField.path({
      title: 'Folder',
      description: "A path on the server's machine. Hidden files and links are left out, and nothing outside the folder is read.",
      placeholder: '/data/handbook',
    }),
  },
  address: ({ url }) => url,
  origins: () => [],
});
