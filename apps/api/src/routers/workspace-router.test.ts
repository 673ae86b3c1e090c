/** The workspace over HTTP: what is saved is used at once, and no secret ever comes back. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { JsonObject } from '@switchyard/shared';
import { examples, readExampleWorkspace } from '@switchyard/examples';
import { startScriptedModel, startToolServer, type ScriptedModel } from '@switchyard/engine/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../testing/test-server.ts';
import type { Acceptance } from '../workspace/check-connection.ts';
import type { ConnectionCheck } from '../workspace/live-workspace.ts';

const key = 'sk-test-0123456789-abcdefghij';
let server: TestServer;
let model: ScriptedModel;
beforeAll(async () => {
  model = await startScriptedModel(() => ({ toolCalls: [{ name: 'temperature', arguments: { city: 'Lisbon' } }] }), { apiKey: key });
  server = await startTestServer({ environment: { SWITCHYARD_SECRET_FROM_OUTSIDE: 'outside-secret', ANTHROPIC_API_KEY: 'ant-0123456789' } });
});
afterAll(async () => {
  await server.close();
  await model.close();
});

const view = async () => (await server.query('workspace.get')).data;
const named = (list: { name: string }[], name: string) => list.find((entry) => entry.name === name);

describe('the workspace', () => {
  it('offers what is stored, found and built in', async () => {
    const { models, connections } = await view();
    expect(named(models, 'planner')).toMatchObject({ origin: 'stored', isUsable: true });
    expect(named(models, 'classifier')).toMatchObject({ origin: 'builtin', isUsable: true });
    expect(named(models, 'anthropic')).toMatchObject({ origin: 'environment', isUsable: true, model: { provider: 'anthropic' } });
    const wanted = examples.flatMap((example) => Object.keys(readExampleWorkspace(example).connections));
    expect(connections.map(({ name }: { name: string }) => name)).toEqual([...new Set(wanted)].sort());
  });

  it('says of a part of an example what it is used as', async () => {
    const { connections } = await view();
    const used = ['shop', 'figures', 'carrier-api', 'office-described', 'suppliers', 'rooms', 'texts', 'handbook'].map((name) => named(connections, name));
    expect(used).toMatchObject(['sqlite', 'duckdb', 'http', 'openapi', 'graphql', 'mcp', 'files', 'corpus'].map((type) => ({ type })));
  });

  it('keeps a model key in the vault, uses it, and never gives it back', async () => {
    const saved = { name: 'mine', model: model.model };
    await server.mutate('workspace.saveModel', { ...saved, model: { ...model.model, apiKey: { secret: 'MISSING' } } });
    expect(named((await view()).models, 'mine')).toMatchObject({ isUsable: false });
    expect((await view()).notes.join()).toContain('"MISSING" is named but not set');
    await server.mutate('workspace.saveModel', { ...saved, apiKey: key });
    expect(named((await view()).models, 'mine')).toMatchObject({ isUsable: true, origin: 'stored', model: { apiKey: { secret: 'MODEL_MINE_KEY' } } });
    expect((await server.mutate('workspace.testModel', { name: 'mine' })).data).toMatchObject({ ok: true, toolCalling: true });
    expect(model.requests.at(-1)?.headers.authorization).toBe(`Bearer ${key}`);
    expect(JSON.stringify([await view(), await server.query('flows.list')])).not.toContain(key);
  });

  it('remembers in which way a tested model takes tools, for as long as it is the same model', async () => {
    const call = '{"calls":[{"tool":"temperature","arguments":{"city":"Lisbon"}}]}';
    await using plain = await startScriptedModel((request) => (JSON.stringify(request.messages).includes('one JSON object') ? call : 'Hello.'), {
      offers: ['json_object'],
    });
    await server.mutate('workspace.saveModel', { name: 'plain', model: plain.model });
    expect((await server.mutate('workspace.testModel', { name: 'plain' })).data).toMatchObject({ ok: true, toolCalling: true, protocol: 'json-object' });
    expect(named((await view()).models, 'plain')).toMatchObject({ model: { tested: { protocol: 'json-object' } } });
    await plain.close();
    await server.mutate('workspace.testModel', { name: 'plain' });
    expect(named((await view()).models, 'plain')).toMatchObject({ model: { tested: { protocol: 'json-object' } } });
    await server.mutate('workspace.saveModel', { name: 'plain', model: { ...plain.model, model: 'another' } });
    expect(named((await view()).models, 'plain')).not.toHaveProperty('model.tested');
  });

  it('takes no program for an MCP server: only a workspace file may name one', async () => {
    const { status, error } = await server.mutate('workspace.saveConnection', {
      name: 'started',
      connection: { type: 'mcp', command: ['/bin/sh', '-c', 'true'] },
    });
    expect(status).toBeGreaterThanOrEqual(400);
    expect(error?.message).toContain("starts something on the server's machine");
    expect(named((await view()).connections, 'started')).toBeUndefined();
  });

  describe('the tools of an MCP server', () => {
    const accepted = async () => (named((await view()).connections, 'tools') as unknown as { connection: { accepted?: JsonObject } }).connection.accepted;
    const test = async () => (await server.mutate('workspace.testConnection', { name: 'tools' })).data as unknown as ConnectionCheck;
    const accept = async (hash: string | undefined) =>
      (await server.mutate('workspace.acceptConnection', { name: 'tools', hash })).data as unknown as Acceptance;

    it('are shown by a test and accepted by nothing but a word to what was shown, for as long as the entry stays the same', async () => {
      await using tools = await startToolServer();
      await server.mutate('workspace.saveConnection', { name: 'tools', connection: { type: 'mcp', url: tools.url } });
      const first = await test();
      expect(first).toMatchObject({ ok: true, offer: { isFirst: true, same: [], changes: [{ name: 'add', state: 'new' }] } });
      expect(first.offer?.changes[0]?.parts[0]).toEqual({ title: 'Description', now: 'Adds' });
      expect(await accepted()).toBeUndefined();
      expect(await accept(first.offer?.hash)).toEqual({ accepted: true });
      expect(await accepted()).toMatchObject({ add: { description: 'Adds', isReading: true } });
      expect(await test()).not.toHaveProperty('offer');
      await server.mutate('workspace.saveConnection', { name: 'tools', connection: { type: 'mcp', url: `${tools.url}/other` } });
      expect(await accepted()).toBeUndefined();
    });

    it('that have changed are shown as they were and as they are, and stay as accepted until that is accepted', async () => {
      await using tools = await startToolServer();
      await server.mutate('workspace.saveConnection', { name: 'tools', connection: { type: 'mcp', url: tools.url } });
      await accept((await test()).offer?.hash);
      const before = await accepted();
      tools.change({ description: 'Adds, and tells everyone', isReading: false, argument: 'Any number', other: 'send' });
      const { offer, message } = await test();
      expect(message).toContain('2 are not as accepted: add, send.');
      expect(offer).toMatchObject({ isFirst: false, same: [] });
      expect(offer?.changes.map(({ name, state }) => `${name} ${state}`)).toEqual(['add changed', 'send new']);
      expect(offer?.changes[0]?.parts.map(({ title }) => title)).toEqual(['Description', 'Effect', 'Input schema']);
      expect(offer?.changes[0]?.parts[0]).toEqual({ title: 'Description', before: 'Adds', now: 'Adds, and tells everyone' });
      expect(offer?.changes[0]?.parts[2]?.before).toContain('"A number"');
      expect(offer?.changes[0]?.parts[2]?.now).toContain('"Any number"');
      expect(await accepted()).toEqual(before);
      // What the server says by now is not what was shown.
      tools.change({ description: undefined });
      const meanwhile = await accept(offer?.hash);
      expect(meanwhile).toMatchObject({
        accepted: false,
        offer: {
          changes: [
            { name: 'send', state: 'new' },
            { name: 'add', state: 'gone' },
          ],
        },
      });
      expect(await accepted()).toEqual(before);
      if (!meanwhile.accepted) expect(await accept(meanwhile.offer.hash)).toEqual({ accepted: true });
      expect(Object.keys((await accepted()) ?? {})).toEqual(['send']);
    });

    it('are not accepted under the hash of another connection, nor where nothing has to be', async () => {
      await using tools = await startToolServer();
      await server.mutate('workspace.saveConnection', { name: 'tools', connection: { type: 'mcp', url: `${tools.url}/one` } });
      const { offer } = await test();
      await server.mutate('workspace.saveConnection', { name: 'tools', connection: { type: 'mcp', url: `${tools.url}/two` } });
      expect(await accept(offer?.hash)).toMatchObject({ accepted: false, offer: { isFirst: true } });
      expect(await accepted()).toBeUndefined();
      await server.mutate('workspace.saveConnection', { name: 'tools', connection: { type: 'http', baseUrl: tools.url } });
      const refused = { status: 422, error: { data: { failure: { code: 'nothing-to-accept' } } } };
      expect(await server.mutate('workspace.acceptConnection', { name: 'tools', hash: offer?.hash })).toMatchObject(refused);
      expect((await server.mutate('workspace.acceptConnection', { name: 'tools', hash: 'short' })).status).toBe(400);
    });
  });

  it('refuses to send a stored key to another address', async () => {
    await server.mutate('workspace.saveModel', { name: 'bound', model: model.model, apiKey: key });
    const moved = { ...model.model, baseUrl: 'http://127.0.0.1:9/v1', apiKey: { secret: 'MODEL_BOUND_KEY' } };
    const refused = await server.mutate('workspace.saveModel', { name: 'bound', model: moved });
    expect(refused).toMatchObject({ status: 422, error: { data: { failure: { code: 'secret-bound' } } } });
    expect(
      await server.mutate('workspace.saveConnection', {
        name: 'thief',
        connection: { type: 'http', baseUrl: 'http://evil.example', headers: { authorization: { secret: 'MODEL_BOUND_KEY' } } },
      }),
    ).toMatchObject({ status: 422 });
    expect(named((await view()).models, 'bound')).toMatchObject({ model: { baseUrl: model.baseUrl } });
    expect((await server.mutate('workspace.saveModel', { name: 'bound', model: moved, apiKey: 'another-key-0123' })).status).toBe(200);
  });

  it('sets, replaces and removes secrets, telling only whether they are set', async () => {
    await server.mutate('workspace.saveConnection', {
      name: 'api',
      connection: { type: 'http', baseUrl: 'http://127.0.0.1:9', headers: { authorization: { secret: 'API_TOKEN' }, 'x-other': { secret: 'FROM_OUTSIDE' } } },
    });
    const secret = async (name: string) => named((await view()).secrets, name);
    expect([await secret('API_TOKEN'), await secret('FROM_OUTSIDE')]).toEqual([
      { name: 'API_TOKEN', isSet: false },
      { name: 'FROM_OUTSIDE', isSet: true },
    ]);
    await server.mutate('workspace.setSecret', { name: 'API_TOKEN', value: 'a-token-of-the-api' });
    expect(await secret('API_TOKEN')).toEqual({ name: 'API_TOKEN', isSet: true });
    await server.mutate('workspace.removeSecret', { name: 'API_TOKEN' });
    expect(await secret('API_TOKEN')).toMatchObject({ isSet: false });
    expect(await server.mutate('workspace.removeSecret', { name: 'API_TOKEN' })).toMatchObject({ status: 404 });
    expect(await server.mutate('workspace.removeModel', { name: 'classifier' })).toMatchObject({ status: 404 });
    expect((await server.mutate('workspace.removeConnection', { name: 'api' })).data).toEqual({ removed: true });
    expect(await secret('API_TOKEN')).toBeUndefined();
  });

  it('tries connections out and tells what is wrong', async () => {
    const api = createServer((request, response) => {
      response.statusCode = request.headers['x-key'] === 'right-key' ? 204 : 401;
      response.end();
    });
    await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
    const baseUrl = `http://127.0.0.1:${(api.address() as AddressInfo).port}`;
    const check = async (headers: Record<string, string>) => {
      await server.mutate('workspace.saveConnection', { name: 'tried', connection: { type: 'http', baseUrl, headers } });
      return (await server.mutate('workspace.testConnection', { name: 'tried' })).data;
    };
    expect(await check({ 'x-key': 'right-key' })).toMatchObject({ ok: true, message: expect.stringContaining('204') as string });
    expect(await check({})).toMatchObject({ ok: false, message: expect.stringContaining('401') as string });
    await new Promise((resolve) => api.close(resolve));
    expect(await check({})).toMatchObject({ ok: false });
    expect(await server.mutate('workspace.testConnection', { name: 'none' })).toMatchObject({
      data: { ok: false, message: expect.stringContaining('no connection named "none"') as string },
    });
  });

  it('shows no secret in what a connection fails with', async () => {
    const secret = 'a-secret-in-the-name-of-a-folder';
    await server.mutate('workspace.setSecret', { name: 'FOLDER', value: secret });
    await server.mutate('workspace.saveConnection', { name: 'lost', connection: { type: 'sqlite', url: `file:/nowhere/${secret}/lost.db` } });
    for (const told of [await server.mutate('workspace.testConnection', { name: 'lost' }), await server.query('workspace.catalogue', { connection: 'lost' })]) {
      expect(JSON.stringify(told)).toContain('/nowhere/[secret]/lost.db');
      expect(JSON.stringify(told)).not.toContain(secret);
    }
  });

  it('refuses names and values that are none', async () => {
    for (const [procedure, input] of [
      ['saveModel', { name: '__proto__', model: model.model }],
      ['saveModel', { name: 'x', model: { provider: 'other', model: 'x' } }],
      ['saveModel', { name: 'x', model: { ...model.model, apiKey: 'in the clear' } }],
      ['saveConnection', { name: 'a b', connection: { type: 'sqlite', url: 'file:x.db' } }],
      ['saveConnection', { name: 'x', connection: { type: 'http', baseUrl: 'file:///etc/passwd' } }],
      ['setSecret', { name: 'no-dash', value: 'x' }],
      ['setSecret', { name: 'EMPTY', value: '' }],
    ] as const)
      expect((await server.mutate(`workspace.${procedure}`, input)).status, JSON.stringify(input)).toBe(400);
  });
});
