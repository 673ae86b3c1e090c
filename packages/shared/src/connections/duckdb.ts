/** Connections to DuckDB: a database file, or files of data that are asked as if they were tables. */
import { connectionField, defineConnection } from './define-connection.ts';

export const duckdbConnection = defineConnection({
  type: 'duckdb',
  title: 'DuckDB',
  description: 'A DuckDB file, or files of data as tables, read only',
  group: 'Databases',
  performs: ['query', 'catalogue'],
  fields: {
    url: connectionField.path({
      title: 'File or folder',
      description: "A path on the server's machine: a .duckdb file, a CSV, JSON or Parquet file, or a folder of these, where each file is a table.",
      placeholder: '/data/figures',
    }),
  },
  address: ({ url }) => url,
  origins: () => [],
});
