/** Connections to HTTP APIs that have a description: OpenAPI 2.0, 3.0 or 3.1. */
import { z } from 'zod';
import { apiOrigins, authenticationFields } from './authentication.ts';
import { connectionField, defineConnection } from './define-connection.ts';

export const openapiConnection = defineConnection({
  type: 'openapi',
  title: 'OpenAPI',
  description: 'An API with an OpenAPI description',
  group: 'APIs',
  performs: ['fetch', 'catalogue'],
  fields: {
    baseUrl: z.url({ protocol: /^https?$/, error: 'write an address such as https://api.example.com/v1' }).meta({
      title: 'Base URL',
      description: 'Requests go below this address and nowhere else, whatever servers the description names.',
      placeholder: 'https://api.example.com/v1',
      isCode: true,
    }),
    url: z
      .url({ protocol: /^https?$/, error: 'write an address such as https://api.example.com/openapi.json' })
      .optional()
      .meta({
        title: 'Address of the description',
        description: 'OpenAPI 2.0 to 3.1, as JSON or YAML.',
        placeholder: 'https://api.example.com/openapi.json',
        isCode: true,
      }),
    file: connectionField.path({ title: 'File of the description', description: 'Instead of an address.', placeholder: '/data/openapi.yaml' }).optional(),
    headers: connectionField.secretMap({ title: 'Headers', description: 'Sent with every request.', placeholder: 'authorization', entry: 'header' }).optional(),
    ...authenticationFields,
  },
  address: ({ baseUrl }) => baseUrl,
  origins: ({ baseUrl, url, tokenUrl }) => apiOrigins(baseUrl, url, tokenUrl),
});
