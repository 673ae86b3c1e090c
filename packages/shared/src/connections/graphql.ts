/** Connections to GraphQL APIs. */
import { z } from 'zod';
import { apiOrigins, authenticationFields } from './authentication.ts';
import { connectionField, defineConnection } from './define-connection.ts';

export const graphqlConnection = defineConnection({
  type: 'graphql',
  title: 'GraphQL',
  description: 'An API that speaks GraphQL',
  group: 'APIs',
  performs: ['connect', 'catalogue'],
  speaks: 'graphql',
  fields: {
    url: z.url({ protocol: /^https?$/, error: 'write an address such as https://api.example.com/graphql' }).meta({
      title: 'Address',
      description: 'Of the GraphQL endpoint. Every request goes there.',
      placeholder: 'https://api.example.com/graphql',
      isCode: true,
    }),
    headers: connectionField.secretMap({ title: 'Headers', description: 'Sent with every request.', placeholder: 'authorization', entry: 'header' }).optional(),
    ...authenticationFields,
  },
  address: ({ url }) => url,
  origins: ({ url, tokenUrl }) => apiOrigins(url, tokenUrl),
});
