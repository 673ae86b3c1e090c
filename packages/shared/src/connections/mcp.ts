/** Connections to MCP servers: over HTTP, or, from a workspace file alone, as a program that is started here. */
import { z } from 'zod';
import { acceptedToolSchema } from '../accepted-tool.ts';
import { connectionField, defineConnection } from './define-connection.ts';

export const mcpConnection = defineConnection({
  type: 'mcp',
  title: 'MCP server',
  description: 'Tools of a Model Context Protocol server',
  group: 'Tools',
  performs: ['connect', 'catalogue'],
  speaks: 'mcp',
  fields: {
    url: z
      .url({ protocol: /^https?$/, error: 'write an address such as https://mcp.example.com/mcp' })
      .optional()
      .meta({ title: 'Address', description: 'Of its streamable HTTP endpoint.', placeholder: 'https://mcp.example.com/mcp', isCode: true, isNeeded: true }),
    headers: connectionField
      .secretMap({
        title: 'Headers',
        description: 'Sent with every request.',
        placeholder: 'authorization',
        entry: 'header',
        namePattern: "^[A-Za-z0-9!#$%&'*+.^_`|~-]+$",
      })
      .optional(),
    command: z.array(z.string().min(1)).min(1).optional().meta({
      title: 'Program',
      description: 'Its absolute path and its arguments, one a line. Only a workspace file may name one.',
      isCode: true,
      isFileOnly: true,
    }),
    accepted: z
      .record(z.string(), acceptedToolSchema)
      .optional()
      .meta({ title: 'Accepted tools', description: 'As a person has read and accepted them.', isKept: true }),
  },
  address: ({ url, command }) => url ?? command?.join(' ') ?? '',
  origins: ({ url }) => (url === undefined ? [] : [new URL(url).origin]),
});
