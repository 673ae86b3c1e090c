/** An MCP server of the official package for tests, with a tool or two, over HTTP on a free loopback port. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { z } from 'zod';

/** What the server says from now on. */
interface Said {
  /** Of the tool `add`; undefined takes it away. */
  description: string | undefined;
  isReading: boolean;
  /** What the tool's argument `one` is. */
  argument: string;
  /** A second tool. */
  other: string | undefined;
}

export interface ToolServer extends AsyncDisposable {
  url: string;
  /** Changes what the tool says of itself. */
  describe(text: string): void;
  change(said: Partial<Said>): void;
}

/** `add` reads, and works. */
export async function startToolServer(): Promise<ToolServer> {
  let said: Said = { description: 'Adds', isReading: true, argument: 'A number', other: undefined };
  // Each request has a server of its own: nothing is kept between them.
  const server = createServer((request, response) => {
    const tools = new McpServer({ name: 'tools', version: '1.0.0' });
    const { description, isReading, argument, other } = said;
    if (description !== undefined)
      tools.registerTool(
        'add',
        { description, inputSchema: { one: z.number().describe(argument), other: z.number() }, annotations: { readOnlyHint: isReading } },
        ({ one, other: more }) => ({ content: [{ type: 'text', text: String(one + more) }] }),
      );
    if (other !== undefined) tools.registerTool(other, { description: 'Another' }, () => ({ content: [] }));
    const transport = new StreamableHTTPServerTransport({});
    void tools
      .connect(transport as Parameters<McpServer['connect']>[0])
      .then(() => transport.handleRequest(request, response))
      .catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    describe: (description) => {
      said = { ...said, description };
    },
    change: (next) => {
      said = { ...said, ...next };
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
