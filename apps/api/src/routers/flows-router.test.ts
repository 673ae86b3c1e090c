/** Flows over HTTP: what a stale save, a bad document and an import give back. */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { examples } from '@switchyard/examples';
import { flowText, type Flow } from '@switchyard/shared';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askFlow, echoFlow } from '../testing/ask-flow.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

describe('flows', () => {
  it('begin with the example', async () => {
    expect((await server.query('flows.list')).data).toMatchObject([{ id: 'order-desk', name: 'Order desk', revision: 1 }]);
    const offered = (await server.query('examples.list')).data as { id: string; title: string; flow: { name: string } }[];
    expect(offered[0]).toMatchObject({ id: 'order-desk', title: 'Order desk', flow: { name: 'Order desk' } });
    expect(offered.map(({ id, title }) => [id, title])).toEqual(examples.map(({ id, title }) => [id, title]));
  });

  it('refuse a stale save with what is stored now', async () => {
    const { data: created } = await server.mutate('flows.create', { flow: echoFlow('One') });
    expect((await server.mutate('flows.save', { id: created.id, revision: 1, flow: echoFlow('Two') })).data).toEqual({ revision: 2 });
    const stale = await server.mutate('flows.save', { id: created.id, revision: 1, flow: echoFlow('Three') });
    expect(stale).toMatchObject({ status: 409, error: { data: { code: 'CONFLICT', conflict: { revision: 2, flow: { name: 'Two' } } } } });
    expect(stale.error?.message).toContain('Merge the two');
    expect((await server.query('flows.get', { id: created.id })).data).toMatchObject({ revision: 2, flow: { name: 'Two' } });
  });

  it('tell before any run what a model would be asked first, with what its connections hold now', async () => {
    const { flow } = (await server.query('flows.get', { id: 'order-desk' })).data as { flow: Flow };
    const planner = Object.keys(flow.nodes).find((id) => flow.nodes[id]?.kind === 'control') as string;
    const { data } = await server.mutate('flows.preview', { flow, node: planner });
    expect(data.unread).toEqual([]);
    expect(data.request.messages[0].text).toContain('<data source="catalogue">');
    expect(data.request.messages[0].text).toContain('"orders"');
    expect(data.request.tools.length).toBeGreaterThan(0);
    expect((await server.query('runs.list', {})).data).toEqual([]);

    const broken = { ...flow, links: [{ from: 'nobody.at', to: `${planner}.request` }] };
    expect(await server.mutate('flows.preview', { flow: broken, node: planner })).toMatchObject({ status: 400 });
    expect((await server.mutate('flows.preview', { flow, node: 'nobody' })).data).toEqual({ unread: [] });
  });

  it('show no secret that stands in what their connections hold', async () => {
    const secret = 'a-word-that-customers-put-into-an-order';
    const path = join(server.folder, 'leaky.db');
    const database = new DatabaseSync(path);
    database.exec(`CREATE TABLE deals (state TEXT); INSERT INTO deals VALUES ('${secret}'), ('open'), ('open')`);
    database.close();
    await server.mutate('workspace.saveConnection', { name: 'leaky', connection: { type: 'sqlite', url: `file:${path}` } });
    const { flow } = (await server.query('flows.get', { id: 'order-desk' })).data as { flow: Flow };
    const planner = Object.keys(flow.nodes).find((id) => flow.nodes[id]?.kind === 'control') as string;
    const orders = Object.values(flow.nodes).find(({ kind }) => kind === 'sql') as Flow['nodes'][string];
    orders.config = { ...orders.config, connection: 'leaky' };
    const shown = async () => {
      const catalogue = await server.query('workspace.catalogue', { connection: 'leaky' });
      const preview = await server.mutate('flows.preview', { flow, node: planner });
      return [catalogue.data, preview.data.request].map((told) => JSON.stringify(told));
    };
    for (const told of await shown()) expect(told).toContain(secret);
    await server.mutate('workspace.setSecret', { name: 'WORD', value: secret });
    for (const told of await shown()) {
      expect(told).not.toContain(secret);
      expect(told).toContain('[secret]');
    }
  });

  it('are removed, restored, and told missing', async () => {
    const { data: created } = await server.mutate('flows.create', { flow: echoFlow(), id: 'mine' });
    expect(created).toEqual({ id: 'mine', revision: 1 });
    expect(await server.mutate('flows.create', { flow: echoFlow(), id: 'mine' })).toMatchObject({ status: 400 });
    await server.mutate('flows.remove', { id: 'mine' });
    expect(await server.query('flows.get', { id: 'mine' })).toMatchObject({ status: 404, error: { message: expect.stringContaining('"mine"') as string } });
    await server.mutate('flows.restore', { id: 'mine' });
    expect((await server.query('flows.get', { id: 'mine' })).data.flow).toEqual(echoFlow());
  });

  it('that cannot be read change nothing and tell every mistake', async () => {
    const before = (await server.query('flows.list')).data;
    const bad = { ...echoFlow(), nodes: { Ask: { kind: 'input' }, reply: { kind: 5 } }, extra: 1 } as unknown as Flow;
    for (const answer of [await server.mutate('flows.create', { flow: bad }), await server.mutate('flows.import', { text: JSON.stringify(bad) })]) {
      expect(answer).toMatchObject({ status: 400, error: { data: { code: 'BAD_REQUEST' } } });
      expect(answer.error?.data.diagnostics.map(({ path }: { path: string }) => path).sort()).toEqual(['/extra', '/nodes/Ask', '/nodes/reply/kind']);
    }
    for (const text of [
      '',
      'nonsense',
      '[]',
      '{"format":"other"}',
      '{"format":"switchyard.flow","version":99}',
      `{"format":"switchyard.flow","version":1,"name":"x","nodes":{"__proto__":{}}}`,
    ]) {
      expect((await server.mutate('flows.import', { text })).error?.data.diagnostics, text).toHaveLength(1);
    }
    expect((await server.query('flows.list')).data).toEqual(before);
  });

  it('are exported with what they require, and imported to the same bytes', async () => {
    const flow: Flow = { ...askFlow('planner'), layout: { reply: [600, 0], ask: [0, 0], model: [300, 0] } };
    const { data: created } = await server.mutate('flows.create', { flow });
    const { text } = (await server.query('flows.export', { id: created.id })).data;
    expect(JSON.parse(text)).toMatchObject({ requires: { models: ['planner'] } });
    const { data: imported } = await server.mutate('flows.import', { text });
    expect(imported.id).not.toBe(created.id);
    expect((await server.query('flows.export', { id: imported.id })).data.text).toBe(text);
    expect(flowText(imported.flow)).toBe(text);
  });

  it('tell what an import could do, before it has run', async () => {
    await server.mutate('workspace.saveConnection', { name: 'crm', connection: { type: 'http', baseUrl: 'https://crm.example.com/v2' } });
    const flow = {
      ...askFlow('unknown-model'),
      nodes: {
        ...askFlow('unknown-model').nodes,
        crm: {
          kind: 'http',
          config: {
            connection: 'crm',
            operations: [
              { name: 'look', description: 'Reads', method: 'GET', path: '/a' },
              { name: 'change', description: 'Writes', method: 'POST', path: '/b' },
            ],
          },
        },
        offers: { kind: 'openapi', config: { connection: 'crm', access: 'write' } },
        compute: { kind: 'code', config: { code: 'return 1;', inputs: {} } },
      },
      flows: {
        inner: {
          nodes: {
            send: { kind: 'http', config: { connection: 'crm', operations: [{ name: 'drop', description: 'Writes', method: 'DELETE', path: '/c' }] } },
            more: { kind: 'code', config: { code: 'return 2;', inputs: {} } },
          },
        },
      },
    };
    const { data } = await server.mutate('flows.import', { text: JSON.stringify(flow) });
    expect(data.abilities).toEqual({
      connections: [{ name: 'crm', type: 'http', target: 'https://crm.example.com' }],
      models: [{ name: 'unknown-model' }],
      writes: [{ node: 'crm', operation: 'change' }, { node: 'offers' }, { node: 'inner.send', operation: 'drop' }],
      code: ['compute', 'inner.more'],
    });
    expect((await server.query('runs.list')).data).toEqual([]);
  });

  it('tell what a connection uses in its turn: where the texts of a corpus come from, and who embeds them', async () => {
    await server.mutate('workspace.saveModel', {
      name: 'embedder',
      model: { provider: 'openai-compatible', baseUrl: 'https://embed.example.com/v1', model: 'e' },
    });
    await server.mutate('workspace.saveConnection', { name: 'site', connection: { type: 'http', baseUrl: 'https://site.example.com/v1' } });
    const corpus = { type: 'corpus', source: 'site', paths: ['/a'], embeddings: 'embedder' };
    await server.mutate('workspace.saveConnection', { name: 'faq', connection: corpus });
    await server.mutate('workspace.saveConnection', { name: 'lost', connection: { ...corpus, source: 'gone' } });
    const flow = {
      ...askFlow('planner'),
      nodes: {
        ...askFlow('planner').nodes,
        faq: { kind: 'search', config: { connection: 'faq' } },
        lost: { kind: 'search', config: { connection: 'lost' } },
      },
    };
    const { data } = await server.mutate('flows.import', { text: JSON.stringify(flow) });
    expect(data.abilities.connections).toEqual([
      { name: 'faq', type: 'corpus', target: 'site' },
      { name: 'lost', type: 'corpus', target: 'gone' },
      { name: 'site', type: 'http', target: 'https://site.example.com', through: 'faq' },
      { name: 'gone', through: 'lost' },
    ]);
    expect(data.abilities.models.slice(1)).toEqual([{ name: 'embedder', provider: 'openai-compatible', target: 'https://embed.example.com', through: 'faq' }]);
  });
});
