/** An MCP server of the official package for tests, with one tool, over HTTP on a free loopback port. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { z } from 'zod';

/** `describe` changes what the tool says of itself from now on. */
export async function startToolServer(): Promise<{ url: string; describe(text: string): void } & AsyncDisposable> {
  let said = 'Adds';
  // Each request has a server of its own: nothing is kept between them.
  const server = createServer((request, response) => {
    const tools = new McpServer({ name: 'tools', version: '1.0.0' });
    tools.registerTool(
      'add',
      { description: said, inputSchema: { one: z.number(), other: z.number() }, annotations: { readOnlyHint: true } },
      ({ one, other }) => ({ content: [{ type: 'text', text: String(one + other) }] }),
    );
    const transport = new StreamableHTTPServerTransport({});
    void tools
      .connect(transport as Parameters<McpServer['connect']>[0])
      .then(() => transport.handleRequest(request, response))
      .catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    describe: (text) => {
      said = text;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
