/** The OpenAI-compatible client against a real server on loopback, in every way that such servers behave. */
import { FailureError, type Failure, type Model, type ModelRequest, type ModelResult, type Workspace } from '@switchyard/shared';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import type { Call } from '../../port.ts';
import { startScriptedModel, type ScriptedModel, type Script } from '../../testing/scripted-model-server.ts';
import { createEgress } from '../egress/index.ts';
import { createModelPerformer } from './model-performer.ts';

const key = 'sk-test-0123456789';
const egress = createEgress();
const open: ScriptedModel[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});
afterAll(() => egress.close());

const weather = { name: 'weather', description: 'Weather of a city', parameters: { type: 'object', properties: { city: { type: 'string' } } } };
const schema = { type: 'object', properties: { mood: { enum: ['calm', 'upset'] } }, required: ['mood'] };

async function start(script: Script, model: Partial<Model> = {}) {
  const server = await startScriptedModel(script, { apiKey: key });
  open.push(server);
  return { server, ...performerFor({ ...server.model, apiKey: { secret: 'SCRIPTED_KEY' }, ...model }) };
}

function performerFor(model: Model, idleMs?: number) {
  const workspace: Workspace = { format: 'switchyard.workspace', version: 1, models: { main: model }, connections: {} };
  const secrets = { get: (name: string) => (name === 'SCRIPTED_KEY' ? key : undefined), values: () => [key] };
  const perform = createModelPerformer({ workspace: () => workspace, secrets, dispatcher: egress.dispatcher, ...(idleMs && { idleMs }) });
  const deltas: string[] = [];
  const ask = async (request: Partial<ModelRequest> = {}, signal = new AbortController().signal) => {
    const call: Call = {
      kind: 'model', pool: 'model:main', request: { model: 'main', messages: [{ role: 'user', text: 'Hello?' }], ...request }, effect: 'read', timeoutMs: 10_000,
      retry: { attempts: 1, baseMs: 0, maxMs: 0 }, task: 't', target: { node: 't' },
    };
    const { result, usage } = await perform(call, { signal, onDelta: (text) => deltas.push(text) });
    return { result: result as unknown as ModelResult, usage };
  };
  const fails = async (request: Partial<ModelRequest> = {}, signal?: AbortSignal): Promise<Failure> => {
    const error = await ask(request, signal).then(() => undefined, (caught: unknown) => caught);
    expect(error).toBeInstanceOf(FailureError);
    const { failure } = error as FailureError;
    expect(JSON.stringify(failure)).not.toContain(key);
    return failure;
  };
  return { ask, fails, deltas };
}

describe('an answer', () => {
  test('streams as it comes, with usage as the endpoint counted it', async () => {
    const { ask, deltas, server } = await start([{ text: 'Four words it has.', usage: { inputTokens: 11, outputTokens: 4 } }], { card: { inputPrice: 2, outputPrice: 10 } });
    const { result, usage } = await ask();
    expect(result).toEqual({ text: 'Four words it has.', toolCalls: [], finish: 'stop', served: 'scripted' });
    expect(deltas).toEqual(['Four ', 'words ', 'it ', 'has.']);
    expect(usage).toEqual({ modelCalls: 1, inputTokens: 11, outputTokens: 4, cost: (11 * 2 + 4 * 10) / 1e6 });
    expect(server.requests[0]?.body).toMatchObject({ model: 'scripted', stream: true, stream_options: { include_usage: true }, messages: [{ role: 'user', content: 'Hello?' }] });
  });

  test('is estimated at 4 characters a token where the endpoint counts nothing', async () => {
    const { ask } = await start([{ text: '12345678', usage: false }]);
    const { usage } = await ask();
    expect(usage?.outputTokens).toBe(2);
    expect(usage?.inputTokens).toBe(Math.ceil((JSON.stringify([{ role: 'user', text: 'Hello?' }]).length + 2) / 4));
  });

  const text = 'Grüße, 世界! 🧪🧪 \u2028 end';
  test.each([1, 2, 3, 7, 64])('keeps characters whole when packets of %i bytes cut them', async (sliceBytes) => {
    const { ask, deltas } = await start([{ text, sliceBytes }]);
    expect((await ask()).result.text).toBe(text);
    expect(deltas.join('')).toBe(text);
  });

  test.each(['\n', '\r\n', '\r'] as const)('is read with line ends %j, comments and cuts anywhere', async (lineEnd) => {
    const { ask } = await start([{ text, lineEnd, comments: true, sliceBytes: 5 }]);
    expect((await ask()).result.text).toBe(text);
  });

  test('needs no [DONE] after its finish', async () => {
    const { ask } = await start([{ text: 'Enough.', done: false }]);
    expect((await ask()).result.text).toBe('Enough.');
  });

  test('may come whole from an endpoint that does not stream', async () => {
    const body = { model: 'whole-1', choices: [{ message: { role: 'assistant', content: 'Whole.' }, finish_reason: 'stop' }], usage: { prompt_tokens: 3, completion_tokens: 1 } };
    const { ask, deltas } = await start([{ status: 200, body }]);
    expect(await ask()).toEqual({ result: { text: 'Whole.', toolCalls: [], finish: 'stop', served: 'whole-1' }, usage: { modelCalls: 1, inputTokens: 3, outputTokens: 1 } });
    expect(deltas).toEqual(['Whole.']);
  });

  test('that was cut at the token limit says so', async () => {
    const { ask } = await start([{ text: 'And then', finish: 'length' }]);
    expect((await ask()).result.finish).toBe('length');
  });
});

describe('tool calls', () => {
  test('made side by side are put together from alternating pieces', async () => {
    const { ask, server } = await start([{ text: 'Let me see.', toolCalls: [
      { name: 'weather', arguments: { city: 'Köln' }, id: 'a', fragments: 5 }, { name: 'weather', arguments: { city: '北京' }, id: 'b', fragments: 7 }, { name: 'now', arguments: '' },
    ], sliceBytes: 9 }]);
    const { result } = await ask({ tools: [weather] });
    expect(result).toMatchObject({ text: 'Let me see.', finish: 'tool-calls' });
    expect(result.toolCalls).toEqual([
      { id: 'a', name: 'weather', arguments: '{"city":"Köln"}' }, { id: 'b', name: 'weather', arguments: '{"city":"北京"}' }, { id: 'call_3', name: 'now', arguments: '' },
    ]);
    expect(server.requests[0]?.body.tools).toEqual([{ type: 'function', function: weather }]);
  });

  test('with malformed arguments are handed on as written', async () => {
    const { ask } = await start([{ toolCalls: [{ name: 'weather', arguments: '{"city": Köln' }] }]);
    expect((await ask({ tools: [weather] })).result.toolCalls[0]?.arguments).toBe('{"city": Köln');
  });

  const delta = (calls: object[], finish: string | null = null) => `data: ${JSON.stringify({ choices: [{ delta: { tool_calls: calls }, finish_reason: finish }] })}\n\n`;
  const sse = (body: string) => ({ status: 200, headers: { 'content-type': 'text/event-stream' }, body });
  test.each([
    ['the same index for all', delta([{ index: 0, id: 'x', function: { name: 'a', arguments: '{}' } }, { index: 0, id: 'y', function: { name: 'b', arguments: '{}' } }], 'stop'), ['x', 'y']],
    ['no index', delta([{ id: 'x', function: { name: 'a', arguments: '{' } }]) + delta([{ function: { arguments: '}' } }]) + delta([{ id: 'y', function: { name: 'b', arguments: '{}' } }], 'stop'), ['x', 'y']],
    ['no id', delta([{ index: 0, function: { name: 'a', arguments: '{}' } }, { index: 1, function: { name: 'b', arguments: {} } }], 'tool_calls'), ['call_1_1', 'call_1_2']],
    ['the same id for all', delta([{ index: 0, id: 'x', function: { name: 'a', arguments: '{}' } }, { index: 1, id: 'x', function: { name: 'b', arguments: '{}' } }], 'stop'), ['x', 'call_1_2']],
    ['the name in every piece', delta([{ index: 0, id: 'x', function: { name: 'a', arguments: '{' } }, { index: 1, id: 'y', function: { name: 'b', arguments: '{}' } }]) + delta([{ index: 0, id: 'x', function: { name: 'a', arguments: '}' } }], 'stop'), ['x', 'y']],
  ])('are told apart with %s', async (_, body, ids) => {
    const { ask } = await start([sse(body)]);
    const { result } = await ask();
    expect(result.finish).toBe('tool-calls');
    expect(result.toolCalls).toEqual([{ id: ids[0], name: 'a', arguments: '{}' }, { id: ids[1], name: 'b', arguments: '{}' }]);
  });

  test('and their results go back in the endpoint\'s words, malformed arguments as an object', async () => {
    const { ask, server } = await start(['Done.']);
    await ask({ messages: [
      { role: 'system', text: 'Be brief.' }, { role: 'user', text: 'Weather?' },
      { role: 'assistant', text: '', toolCalls: [{ id: 'a', name: 'weather', arguments: '{"city":"Köln"}' }, { id: 'b', name: 'weather', arguments: '{oops' }, { id: 'c', name: 'now', arguments: '' }] },
      { role: 'tool', toolCallId: 'a', name: 'weather', text: 'Rain' },
    ] });
    expect(server.requests[0]?.body.messages).toEqual([
      { role: 'system', content: 'Be brief.' }, { role: 'user', content: 'Weather?' },
      { role: 'assistant', content: null, tool_calls: [
        { id: 'a', type: 'function', function: { name: 'weather', arguments: '{"city":"Köln"}' } },
        { id: 'b', type: 'function', function: { name: 'weather', arguments: '{"malformed":"{oops"}' } },
        { id: 'c', type: 'function', function: { name: 'now', arguments: '{}' } },
      ] },
      { role: 'tool', tool_call_id: 'a', content: 'Rain' },
    ]);
  });
});

describe('an output schema', () => {
  test('goes as response_format', async () => {
    const { ask, server } = await start([{ text: '{"mood":"calm"}' }]);
    await ask({ output: schema });
    expect(server.requests[0]?.body.response_format).toEqual({ type: 'json_schema', json_schema: { name: 'result', schema } });
  });

  test('goes into the system message for an endpoint that refuses response_format, which is asked so at once the next time', async () => {
    const { ask, server } = await start((request) => (request.response_format ? { status: 400, body: { error: { message: 'response_format is not supported' } } } : '{"mood":"calm"}'));
    const messages = [{ role: 'system' as const, text: 'Classify.' }, { role: 'user' as const, text: 'Hi' }];
    expect((await ask({ output: schema, messages })).result.text).toBe('{"mood":"calm"}');
    await ask({ output: schema, messages });
    expect(server.requests.map((request) => 'response_format' in request.body)).toEqual([true, false, false]);
    const [system] = server.requests[2]?.body.messages ?? [];
    expect(system?.content).toContain('Classify.');
    expect(system?.content).toContain(JSON.stringify(schema));
    expect(server.requests[2]?.body.messages).toHaveLength(2);
  });

  test('is no cure for a request that is refused for another reason', async () => {
    const { fails, server } = await start(() => ({ status: 400, body: { error: { message: 'context too long' } } }));
    const failed = await fails({ output: schema });
    expect(failed).toMatchObject({ code: 'model-refused', retry: 'never' });
    expect(failed.message).toContain('context too long');
    expect(server.requests).toHaveLength(2);
  });

  test('stream_options are left out for an endpoint that refuses them', async () => {
    const { ask, server } = await start((request) => (request.stream_options ? { status: 422, body: { detail: 'extra field stream_options' } } : 'Fine.'));
    expect((await ask()).result.text).toBe('Fine.');
    expect(server.requests).toHaveLength(2);
  });
});

describe('failures', () => {
  test.each([
    [401, 'model-refused', 'never', 'SCRIPTED_KEY'], [403, 'model-refused', 'never', 'SCRIPTED_KEY'], [404, 'model-refused', 'never', 'serves "scripted"'], [400, 'model-refused', 'never', 'does not take this request'],
    [302, 'model-refused', 'never', 'redirects'], [408, 'model-timeout', 'policy', ''], [429, 'model-overloaded', 'policy', 'rate limit'], [503, 'model-overloaded', 'policy', ''], [529, 'model-overloaded', 'policy', ''],
    [500, 'model-failed', 'policy', 'log of the model'], [502, 'model-failed', 'policy', ''],
  ])('status %i is %s, retry %s', async (status, code, retry, advice) => {
    const { fails, server } = await start([{ status, body: `<html>nope ${'x'.repeat(1000)} ${key}</html>`, headers: { location: 'http://127.0.0.1:9/' } }]);
    const failed = await fails();
    expect(failed).toMatchObject({ code, retry });
    expect(failed.message).toContain(`Model "main" (scripted at ${server.baseUrl}) answered with status ${status}: <html>nope x`);
    expect(failed.message).toContain(advice);
    expect(failed.message.length).toBeLessThan(900);
    expect(server.requests).toHaveLength(1);
  });

  test('a key that the server echoes is masked', async () => {
    const { fails } = await start([{ status: 401, body: { error: { message: `Incorrect API key provided: ${key}` } } }]);
    expect((await fails()).message).toContain('provided: •••');
  });

  test.each([
    [{ 'retry-after': '7' }, 7000], [{ 'retry-after': '0' }, 0], [{ 'retry-after-ms': '1500', 'retry-after': '2' }, 1500], [{ 'retry-after': new Date(0).toUTCString() }, 0],
  ])('429 with %o waits as asked', async (headers, afterMs) => {
    const { fails } = await start([{ status: 429, headers }]);
    expect((await fails()).retry).toEqual({ afterMs });
  });

  test('Retry-After may be a date to come', async () => {
    const { fails } = await start([{ status: 503, headers: { 'retry-after': new Date(Date.now() + 90_000).toUTCString() } }]);
    const { retry } = await fails();
    expect((retry as { afterMs: number }).afterMs).toBeGreaterThan(80_000);
    expect((retry as { afterMs: number }).afterMs).toBeLessThan(91_000);
  });

  test('a spent quota is not tried again', async () => {
    const { fails } = await start([{ status: 429, body: { error: { code: 'insufficient_quota' } } }]);
    expect(await fails()).toMatchObject({ code: 'model-refused', retry: 'never' });
  });

  test.each([
    [{ text: 'one two three four', fault: 'cut' as const }, 'model-cut', 'policy'],
    [{ text: 'one two three four', fault: 'end' as const }, 'model-cut', 'policy'],
    [{ text: 'one two three four', finish: null }, 'model-cut', 'policy'],
    [{ text: 'one two three four', fault: 'malformed' as const }, 'model-malformed', 'policy'],
    [{ text: 'one two three four', fault: 'error' as const }, 'model-failed', 'policy'],
    [{ fault: 'reset' as const }, 'model-unreachable', 'policy'],
    [{ text: 'I', finish: 'content_filter' as const }, 'model-content-refused', 'never'],
    [{ status: 200, body: 'Welcome!', headers: { 'content-type': 'text/html' } }, 'model-malformed', 'never'],
    [{ status: 200, body: 'Welcome!', headers: { 'content-type': 'text/plain' } }, 'model-malformed', 'never'],
    [{ status: 200, body: '{"hello":1}', headers: { 'content-type': 'application/json' } }, 'model-malformed', 'never'],
  ])('%o is %s, retry %s', async (turn, code, retry) => {
    const { fails } = await start([turn]);
    expect(await fails()).toMatchObject({ code, retry });
  });

  test('a model that says why it will not answer', async () => {
    const body = { choices: [{ message: { role: 'assistant', content: null, refusal: 'I cannot help with that.' }, finish_reason: 'stop' }] };
    const { fails } = await start([{ status: 200, body }]);
    const failed = await fails();
    expect(failed.code).toBe('model-content-refused');
    expect(failed.message).toContain('I cannot help with that.');
  });

  test('an endless answer is cut off at 8 MB, and its socket closed', async () => {
    const { fails, server } = await start((_, index) => ({ pieces: ['x'.repeat(index === 0 ? 0 : 1)], fault: 'endless' }));
    expect(await fails()).toMatchObject({ code: 'model-too-large', retry: 'never' });
    expect(await server.requests[0]?.ended).toBe('left');
  });

  test('an endless line is cut off at 1 MB', async () => {
    const { fails } = await start([{ pieces: ['x'.repeat(2_000_000)], text: '' }]);
    expect(await fails()).toMatchObject({ code: 'model-too-large', retry: 'never' });
  });

  test('nobody there', async () => {
    const { fails, server } = await start([]);
    await server.close();
    const failed = await fails();
    expect(failed).toMatchObject({ code: 'model-unreachable', retry: 'policy' });
    expect(failed.message).toContain('ECONNREFUSED');
  });

  test('an answer that stalls', async () => {
    const server = await startScriptedModel([{ text: 'one two three', fault: 'stall' }]);
    open.push(server);
    const { fails } = performerFor(server.model, 200);
    expect(await fails()).toMatchObject({ code: 'model-timeout', retry: 'policy' });
    expect(await server.requests[0]?.ended).toBe('left');
  });

  test('a model, a base URL or a secret that is missing', async () => {
    const { fails, server } = await start([]);
    expect(await fails({ model: 'other' })).toMatchObject({ code: 'model-missing', retry: 'never' });
    expect(await performerFor({ provider: 'openai-compatible', model: 'm' }).fails()).toMatchObject({ code: 'model-incomplete' });
    const keyless = await performerFor({ ...server.model, apiKey: { secret: 'ABSENT' } }).fails();
    expect(keyless.code).toBe('secret-missing');
    expect(keyless.message).toContain('"ABSENT"');
    expect(server.requests).toHaveLength(0);
  });
});

describe('an abort', () => {
  test.each([['before the answer', 'silent'], ['within the answer', 'endless']] as const)('%s closes the socket', async (_, fault) => {
    const { fails, server } = await start([{ fault }]);
    const controller = new AbortController();
    const failing = fails({}, controller.signal);
    await server.arrived(1);
    controller.abort();
    expect(await failing).toMatchObject({ code: 'cancelled', retry: 'never' });
    expect(await server.requests[0]?.ended).toBe('left');
  });

  test('that came before sends nothing', async () => {
    const { fails, server } = await start([]);
    expect((await fails({}, AbortSignal.abort())).code).toBe('cancelled');
    expect(server.requests).toHaveLength(0);
  });

  test('by a time limit is a timeout, which may be tried again', async () => {
    const { fails } = await start([{ fault: 'silent' }]);
    expect(await fails({}, AbortSignal.timeout(50))).toMatchObject({ code: 'model-timeout', retry: 'policy' });
  });
});

test('connections are kept for the next call', async () => {
  const { ask, server } = await start(() => 'Again.');
  for (let turn = 0; turn < 10; turn += 1) await ask();
  // undici rests a connection for one turn of the event loop, so calls in close order alternate between two.
  expect(server.connections).toBeLessThanOrEqual(2);
});
