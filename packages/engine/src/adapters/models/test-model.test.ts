import { afterAll, expect, test } from 'vitest';
import { startScriptedModel, type CompletionRequest, type Offer, type Script } from '../../testing/servers/scripted-model-server.ts';
import { createEgress } from '../egress/index.ts';
import { builtinModels } from './builtin-models.ts';
import { testModel } from './test-model.ts';

const egress = createEgress();
afterAll(() => egress.close());
const options = { secrets: { get: () => undefined, values: () => [] }, dispatcher: egress.dispatcher };

async function tryOut(script: Script, { timeoutMs = 5000, offers }: { timeoutMs?: number; offers?: readonly Offer[] } = {}) {
  await using server = await startScriptedModel(script, { ...(offers && { offers }) });
  return { ...(await testModel(server.model, { ...options, name: 'mine', timeoutMs })), asked: server.requests[0]?.body, count: server.requests.length };
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
  expect(await tryOut([{ fault: 'silent' }], { timeoutMs: 50 })).toMatchObject({ ok: false, failure: { code: 'model-timeout' } });
  expect(await testModel({ provider: 'openai', model: 'gpt-5.6' }, options)).toMatchObject({ ok: false, failure: { code: 'secret-missing' } });
});

/** A model that can do as it is told in words, and is held to a schema where its endpoint has the field. */
const obedient =
  (field?: string): Script =>
  (request: CompletionRequest) => {
    const held = field !== undefined && request[field] !== undefined;
    if (held && JSON.stringify(request[field]).includes('salut-47')) return '{"salutation":"salut-47"}';
    return held || JSON.stringify(request.messages).includes('one JSON object') ? '{"calls":[{"tool":"temperature","arguments":{"city":"Lisbon"}}]}' : 'Hello.';
  };

test.each([
  ['is held to a schema', 'response_format', ['json_schema', 'json_object'], { protocol: 'json-schema', schemaField: 'response_format' }],
  ['is held to a schema by newer vLLM', 'structured_outputs', ['json_object'], { protocol: 'json-schema', schemaField: 'structured_outputs' }],
  ['is held to a schema by older vLLM', 'guided_json', [], { protocol: 'json-schema', schemaField: 'guided_json' }],
  ['is held to a schema by llama.cpp', 'json_schema', [], { protocol: 'json-schema', schemaField: 'json_schema' }],
  ['writes JSON of any shape', undefined, ['json_object'], { protocol: 'json-object' }],
  ['does as it is told', undefined, [], { protocol: 'prompt' }],
] as const)('a model whose endpoint has no tools, and that %s, is found out', async (_, field, offers, found) => {
  const tried = await tryOut(obedient(field), { offers });
  expect(tried).toMatchObject({ ok: true, toolCalling: true, ...found });
  expect(tried.message).toContain('calls tools as JSON');
  expect(tried.count).toBeLessThanOrEqual(9);
});

test('a model that answers but heeds no form is fit for text alone', async () => {
  const tried = await tryOut(() => 'I would rather talk.', { offers: [] });
  expect(tried).toMatchObject({ ok: true, toolCalling: false, message: expect.stringContaining('takes no tools') as string });
  expect(await tryOut(() => 'I would rather talk.')).toMatchObject({ ok: true, toolCalling: false });
});

test('built-in models are tried like any other', async () => {
  for (const model of Object.values(builtinModels)) {
    const tried = await testModel(model, options);
    expect(tried.message).not.toBe('');
    expect(tried.toolCalling && !tried.ok).toBe(false);
  }
});
