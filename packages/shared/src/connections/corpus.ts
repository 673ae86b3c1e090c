/** Corpora: texts of another connection, indexed so that passages of them can be searched. */
import { z } from 'zod';
import { connectionField, defineConnection } from './define-connection.ts';

export const corpusConnection = defineConnection({
  type: 'corpus',
  title: 'Search corpus',
  description: 'Texts of another connection, to be searched',
  group: 'Files and storage',
  performs: ['connect'],
  speaks: 'passages',
  fields: {
    source: connectionField.connection({
      title: 'Texts from',
      description: 'A connection: a folder, a bucket, a database, or an HTTP API.',
      connectionsThat: ['objects', 'query', 'fetch'],
    }),
    prefix: z
      .string()
      .max(512)
      .optional()
      .meta({ title: 'Keys that begin with', description: 'Of a folder or bucket: only these files.', placeholder: 'guides/', isCode: true }),
    table: z.string().min(1).optional().meta({
      title: 'Table',
      description: 'Of a database: each row is a text. The table needs a primary key of one column.',
      placeholder: 'articles',
      isCode: true,
      isShort: true,
    }),
    columns: z
      .array(z.string().min(1))
      .max(50)
      .optional()
      .meta({ title: 'Columns', description: 'Of the table, one a line; left empty, all that hold text.', isCode: true, isShort: true }),
    vectors: z.string().min(1).optional().meta({
      title: 'Vector column',
      description:
        'Of a PostgreSQL table with pgvector: holds a vector of each row, made by the embedding model. Meaning is compared there, and no text is embedded here.',
      placeholder: 'embedding',
      isCode: true,
      isShort: true,
    }),
    paths: z
      .array(z.string().regex(/^\/[^#\s]*$/, 'write a path below the base URL, such as /docs/returns'))
      .max(500)
      .optional()
      .meta({ title: 'Pages', description: 'Of an HTTP API: paths below its base URL, one a line.', placeholder: '/docs/returns', isCode: true }),
    embeddings: connectionField
      .model({
        title: 'Embedding model',
        description: 'A model whose endpoint has /embeddings: what passages mean is then compared too. Its endpoint sees the texts. Left empty: words alone.',
      })
      .optional(),
    refreshSeconds: z
      .int()
      .min(0)
      .max(86_400)
      .default(300)
      .meta({ title: 'Look for changes after', description: 'Seconds since the last look, when it is next searched.', isShort: true, isAdvanced: true }),
  },
  address: ({ source, table, prefix }) => [source, table ?? prefix].filter(Boolean).join('/'),
  origins: () => [],
});
