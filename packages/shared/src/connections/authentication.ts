/** How a connection to an API proves who asks: fields that every type over HTTP has besides its headers. */
import { z } from 'zod';
import { connectionField } from './define-connection.ts';

/** One way at most: a bearer token, a user with a password, or a client that gets its tokens by OAuth 2 (client credentials). */
export const authenticationFields = {
  bearer: connectionField.secret({ title: 'Bearer token', description: 'Sent as Authorization: Bearer.' }).optional(),
  username: z.string().min(1).optional().meta({ title: 'User', description: 'For basic authentication.', isShort: true, isAdvanced: true }),
  password: connectionField.secret({ title: 'Password', isShort: true, isAdvanced: true }).optional(),
  tokenUrl: z
    .url({ protocol: /^https?$/, error: 'write an address such as https://login.example.com/oauth/token' })
    .optional()
    .meta({
      title: 'Token address',
      description: 'For OAuth 2 with client credentials: where tokens are given out. Nothing but the client goes there.',
      placeholder: 'https://login.example.com/oauth/token',
      isCode: true,
      isAdvanced: true,
    }),
  clientId: z.string().min(1).optional().meta({ title: 'Client', description: 'Its id at the token address.', isShort: true, isAdvanced: true }),
  clientSecret: connectionField.secret({ title: 'Client secret', isShort: true, isAdvanced: true }).optional(),
  scope: z.string().min(1).optional().meta({ title: 'Scope', description: 'What the token is asked for, where the service wants it said.', isAdvanced: true }),
};

/** The origins that requests and secrets of such a connection may go to. */
export function apiOrigins(...urls: (string | undefined)[]): string[] {
  return [...new Set(urls.flatMap((url) => (url === undefined ? [] : [new URL(url).origin])))];
}
