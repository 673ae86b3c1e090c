/** The lists of tools that a server gives, page by page. */
import { afterEach, expect, test } from 'vitest';
import { ask, failureOf, HostBench } from '../../testing/host-bench.ts';

const bench = new HostBench();
afterEach(() => bench.close());

/** Each page has one tool, whose schema is this long, and says that there is another page. */
async function endlessTools(length: number): Promise<{ url: string; pages(): number }> {
  let pages = 0;
  const url = await bench.serve((request, response) => {
    let text = '';
    request.on('data', (piece: Buffer) => (text += piece.toString()));
    request.on('end', () => {
      if (request.method !== 'POST') return response.writeHead(405).end();
      const { id, method } = JSON.parse(text) as { id?: number; method: string };
      if (id === undefined) return response.writeHead(202).end();
      const greeting = { protocolVersion: '2025-06-18', capabilities: { tools: {} }, serverInfo: { name: 'many', version: '1' } };
      if (method === 'tools/list') pages += 1;
      const tool = { name: `t${pages}`, inputSchema: { type: 'object', description: 'x'.repeat(length) } };
      const result = method === 'initialize' ? greeting : { tools: [tool], nextCursor: `c${pages}` };
      return response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ jsonrpc: '2.0', id, result }));
    });
  });
  return { url, pages: () => pages };
}

test('pages of tools are read to 8 MB together', async () => {
  const { url, pages } = await endlessTools(3_000_000);
  bench.connections.many = { type: 'mcp', url };
  const host = await bench.host();
  const failed = await failureOf(ask(host, 'catalogue', { connection: 'many' }, { timeoutMs: 20_000 }));
  expect(failed).toMatchObject({ code: 'response-too-large', message: expect.stringContaining('8 MB together') });
  expect(pages()).toBe(3);
  await host.close();
});
