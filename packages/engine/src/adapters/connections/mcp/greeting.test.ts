/** A server that never ends its greeting. */
import { afterEach, expect, test } from 'vitest';
import { ask, failureOf, HostBench } from '../../testing/host-bench.ts';

const bench = new HostBench();
afterEach(() => bench.close());

test('a server that greets a letter at a time is given up when the call is out of time, and is no hindrance to closing', { timeout: 10_000 }, async () => {
  const url = await bench.serve((_request, response) => {
    const timer = setInterval(() => response.write(' '), 50);
    response.writeHead(200, { 'content-type': 'application/json' }).on('close', () => clearInterval(timer));
  });
  bench.connections.notes = { type: 'mcp', url };
  const host = await bench.host();
  expect(await failureOf(ask(host, 'catalogue', { connection: 'notes' }, { timeoutMs: 300 }))).toMatchObject({ code: 'timeout' });
  await host.close();
});
