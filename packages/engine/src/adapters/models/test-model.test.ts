import { afterAll, expect, test } from 'vitest';
import { startScriptedModel, type Script } from '../../testing/scripted-model-server.ts';
import { createEgress } from '../egress/index.ts';
import { builtinModels } from './builtin-models.ts';
import { testModel } from './test-model.ts';

const egress = createEgress();
afterAll(() => egress.close());
const options = { secrets: { get: () => undefined, values: () => [] }, dispatcher: egress.dispatcher };

async function tryOut(script: Script, timeoutMs = 5000) {
  await using server = await startScriptedModel(script);
  return { ...(await testModel(server.model, { ...options, name: 'mine', timeoutMs })), asked: server.requests[0]?.body };
}

test("a model that calls the tool well can be a control node's", async () => {
  const tried = await tryOut((request) => ({ toolCalls: [{ name: request.tools?.[0]?.function.name ?? '', arguments: { city: 'Lisbon' } }], delayMs: 20 }));
  expect(tried).toMatchObject({ ok: true, toolCalling: true });
  expect(tried.latencyMs).toBeGreaterThanOrEqual(19);
  expect(tried.asked?.tools).toHaveLength(1);
});

test.each([
  ['It is warm there.', 'did not call'],
  [{ toolCalls: [{ name: 'temperature', arguments: '{"city": Lisbon}' }] }, 'not JSON'],
  [{ toolCalls: [{ name: 'temperature', arguments: { town: 'Lisbon' } }] }, 'do not fit'],
])('a model that answers %j answers, but calls no tools', async (turn, message) => {
  const tried = await tryOut([turn]);
  expect(tried).toMatchObject({ ok: true, toolCalling: false });
  expect(tried.message).toContain(message);
});

test('a model that fails tells its failure', async () => {
  expect(await tryOut([{ status: 404, body: { error: { message: 'no such model' } } }])).toMatchObject({
    ok: false,
    toolCalling: false,
    failure: { code: 'model-refused' },
    message: expect.stringContaining('Model "mine"') as string,
  });
  expect(await tryOut([{ fault: 'silent' }], 50)).toMatchObject({ ok: false, failure: { code: 'model-timeout' } });
  expect(await testModel({ provider: 'openai', model: 'gpt-5.6' }, options)).toMatchObject({ ok: false, failure: { code: 'secret-missing' } });
});

test('built-in models are tried like any other', async () => {
  for (const model of Object.values(builtinModels)) {
    const tried = await testModel(model, options);
    expect(tried.message).not.toBe('');
    expect(tried.toolCalling && !tried.ok).toBe(false);
  }
});
