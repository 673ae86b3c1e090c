/** The examples that bring no server of their own do what they say, on a server of the test's in place of the one that their workspace names. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exampleParts, examplesOnServers, readExampleFlow, readExampleWorkspace } from '@switchyard/examples';
import type { JsonObject, Workspace } from '@switchyard/shared';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { testRun, type TestRun } from '../../../testing.ts';
import { startDocuments, type DocumentServer } from '../../../testing/servers/mongodb-server.ts';
import { findRedis, startRedis, type RedisServer } from '../../../testing/servers/redis-server.ts';
import { createHost } from '../../host.ts';

if (!findRedis()) process.stderr.write('Redis is not installed: the test of the example that needs one is skipped.\n');

const directory = mkdtempSync(join(tmpdir(), 'server-examples-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Runs an example with its server at another port of this machine, and nothing else changed. */
async function run(id: string, { inputs, port }: { inputs: JsonObject; port: number }): Promise<TestRun> {
  const example = examplesOnServers.find((one) => one.id === id);
  if (!example) throw new Error(`There is no example ${id}`);
  const { connections, ...rest } = readExampleWorkspace(example);
  const moved = Object.entries(connections).map(([name, connection]) => [
    name,
    'url' in connection ? { ...connection, url: String(connection.url).replace(/:\d+\//, `:${port}/`) } : connection,
  ]);
  const workspace = { ...rest, connections: Object.fromEntries(moved) as Workspace['connections'] };
  const secrets = { get: () => undefined, values: () => [] };
  const host = createHost({ workspace: () => workspace, baseDirectory: directory, dataDirectory: directory, secrets, examples: exampleParts });
  try {
    return await testRun(readExampleFlow(example), { inputs, host });
  } finally {
    await host.close();
  }
}

/** What a person reads where no server is. */
const nobody = (port: number) => ({
  code: 'connection-unreachable',
  message: expect.stringMatching(new RegExp(`127\\.0\\.0\\.1:${port}.*whether .* is up`)) as string,
});

describe.skipIf(!findRedis())('kept figures', () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server.stop());

  test('a figure is computed once, and then as it was kept; where the server is gone, the run says so', async () => {
    const year = async (asked: string) => await run('kept-figures', { inputs: { year: asked }, port: server.port });
    const first = await year('2025');
    const [, figure = ''] =
      /^Revenue of 2025: (\d+\.?\d*), computed now and kept as switchyard:revenue:2025\.$/.exec(String(first.result.outputs.answer)) ?? [];
    expect(Number(figure)).toBeGreaterThan(0);
    expect(first.view.tasks.has('compute')).toBe(true);
    const again = await year('2025');
    expect(again.result.outputs).toEqual({ answer: `Revenue of 2025: ${figure}, as it was kept.` });
    expect(again.events.filter((event) => event.type === 'call-start' && event.target.node === 'compute')).toEqual([]);
    expect((await year('2026')).result.outputs.answer).toMatch(/^Revenue of 2026: \d+\.?\d*, computed now/);
    const admin = server.connect();
    expect((await admin.keys('*')).sort()).toEqual(['switchyard:revenue:2025', 'switchyard:revenue:2026']);
    admin.disconnect();
    await server.stop();
    expect((await year('2025')).result).toMatchObject({ status: 'failed', failure: { node: 'look', ...nobody(server.port) } });
  });
});

describe('feedback', () => {
  let server: DocumentServer;
  beforeAll(async () => {
    server = await startDocuments();
  });
  afterEach(() => server.stop());

  test('a message is filed by its topic, and the earlier ones of the topic are given; where the server is gone, the run says so', async () => {
    const say = async (message: string) => await run('feedback', { inputs: { customer: 'Noor Haddad', message }, port: server.port });
    expect((await say('You charged my card twice')).result.outputs).toEqual({ topic: 'billing', earlier: [] });
    expect((await say('When will my order arrive?')).result.outputs).toEqual({ topic: 'delivery', earlier: [] });
    const earlier = [{ customer: 'Noor Haddad', message: 'You charged my card twice' }];
    expect((await say('I need an invoice with my company name')).result.outputs).toEqual({ topic: 'billing', earlier });
    expect(server.collections.get('messages')).toMatchObject([{ topic: 'billing' }, { topic: 'delivery' }, { topic: 'billing' }]);
    await server.stop();
    expect((await say('The lamp arrived broken')).result).toMatchObject({ status: 'failed', failure: { node: 'file', ...nobody(server.port) } });
  });
});
