/** Connections to HTTP APIs: a base URL, and the headers that every request carries. */
import { z } from 'zod';
import { apiOrigins, authenticationFields } from './authentication.ts';
import { connectionField, defineConnection } from './define-connection.ts';

export const httpConnection = defineConnection({
  type: 'http',
  title: 'HTTP API',
  description: 'Any API that speaks HTTP',
  group: 'APIs',
  performs: ['fetch'],
  fields: {
    baseUrl: z.url({ protocol: /^https?$/, error: 'write an address such as https://api.example.com' }).meta({
      title: 'Base URL',
      description: 'Requests go below this address and nowhere else.',
      placeholder: 'https://api.example.com',
      isCode: true,
    }),
    headers: connectionField
      .secretMap({
        title: 'Headers',
        description: 'Sent with every request.',
        placeholder: 'authorization',
        entry: 'header',
        namePattern: "^[A-Za-z0-9!#$%&'*+.^_`|~-]+$",
      })
      .optional(),
    ...authenticationFields,
    idempotencyHeader: z
      .string()
      .regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/, 'is no name of a header')
      .optional()
      .meta({
        title: 'Idempotency header',
        description: 'Carries the key of a write that may be repeated.',
        placeholder: 'Idempotency-Key',
        isCode: true,
        isAdvanced: true,
      }),
  },
  address: ({ baseUrl }) => baseUrl,
  origins: ({ baseUrl, tokenUrl }) => apiOrigins(baseUrl, tokenUrl),
});
