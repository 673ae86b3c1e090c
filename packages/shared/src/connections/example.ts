/** Connections that ship with an example, as `example/part`: a database is seeded, or a server started, when first used. */
import { z } from 'zod';
import { defineConnection } from './define-connection.ts';

export const exampleConnection = defineConnection({
  type: 'example',
  title: 'Example',
  description: 'Ships with an example',
  group: 'Tools',
  performs: ['query', 'catalogue', 'fetch', 'connect'],
  isShipped: true,
  fields: {
    example: z
      .string()
      .regex(/^[a-z0-9-]+\/[a-z0-9-]+$/)
      .meta({ title: 'Part', description: 'Name of the example and of its part, as example/part.' }),
  },
  address: ({ example }) => example,
  origins: () => [],
});
