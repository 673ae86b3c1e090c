/** The vendors' clients against local servers that speak each vendor's own protocol. */
import { FailureError, type Failure, type ModelRequest, type ModelResult } from '@switchyard/shared';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { createEgress } from '../../egress/index.ts';
import { createModelCaller } from '../model-performer.ts';
import { anthropicWire, googleWire, openaiWire, startFakeVendor, type FakeVendor, type VendorWire, type WireTurn } from './testing/vendor-wire.ts';

const key = 'sk-vendor-0123456789';
const egress = createEgress();
const open: FakeVendor[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});
afterAll(() => egress.close());

async function start(wire: VendorWire, turn: WireTurn) {
  const server = await startFakeVendor(turn);
  open.push(server);
  const asked: string[] = [];
  const get = (name: string) => {
    asked.push(name);
    return key;
  };
  const secrets = { get, values: () => [key] };
  const call = createModelCaller({ secrets, dispatcher: egress.dispatcher, idleMs: 5000 });
  const deltas: string[] = [];
  const ask = async (request: Partial<ModelRequest> = {}, signal = new AbortController().signal) => {
    const model = { provider: wire.provider, model: wire.model, baseUrl: server.origin + wire.basePath, card: { inputPrice: 1, outputPrice: 2 } };
    const { result, usage } = await call(
      model,
      { model: 'main', messages: [{ role: 'user', text: 'Hello?' }], ...request },
      { signal, onDelta: (text) => deltas.push(text) },
    );
    return { result: result as unknown as ModelResult, usage };
  };
  const fails = async (signal?: AbortSignal): Promise<Failure> => {
    const error = await ask({}, signal).then(
      () => undefined,
      (caught: unknown) => caught,
    );
    expect(error).toBeInstanceOf(FailureError);
    expect(JSON.stringify((error as FailureError).failure)).not.toContain(key);
    return (error as FailureError).failure;
  };
  return { server, ask, fails, deltas, asked };
}

const wires = [openaiWire, anthropicWire, googleWire];
const keyNames: Record<string, string> = { openai: 'OPENAI_API_KEY', anthropic: 'ANTHROPIC_API_KEY', google: 'GOOGLE_GENERATIVE_AI_API_KEY' };
const tool = {
  name: 'weather',
  description: 'Weather of a city',
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
};
const calls = [
  { id: 'call_a', name: 'weather', arguments: '{"city":"Köln"}' },
  { id: 'call_b', name: 'weather', arguments: '{"city":"Oslo"}' },
];

describe.each(wires.map((wire) => [wire.provider, wire] as const))('%s', (provider, wire) => {
  test("streams text and counts tokens, with the key from the environment's name for it", async () => {
    const { ask, deltas, server, asked } = await start(wire, { events: wire.answer(['Grüße', ', 世界']) });
    const { result, usage } = await ask({
      messages: [
        { role: 'system', text: 'Be brief.' },
        { role: 'user', text: 'Hi' },
      ],
    });
    expect(result).toMatchObject({ text: 'Grüße, 世界', toolCalls: [], finish: 'stop' });
    expect(deltas).toEqual(['Grüße', ', 世界']);
    expect(usage).toEqual({ modelCalls: 1, inputTokens: 12, outputTokens: 5, cost: (12 + 10) / 1e6 });
    expect(asked).toEqual([keyNames[provider]]);
    expect(server.requests[0]?.url).toBe(wire.path);
    expect(server.requests[0]?.headers[wire.keyHeader]).toBe(wire.keyValue(key));
    expect(JSON.stringify(server.requests[0]?.body)).toContain('Be brief.');
  });

  test('makes tool calls side by side, and takes their results', async () => {
    const { ask, server } = await start(wire, { events: wire.answer(['Let me see.'], calls) });
    const { result } = await ask({ tools: [tool] });
    expect(result.finish).toBe('tool-calls');
    expect(result.toolCalls).toMatchObject(calls);
    await ask({
      tools: [tool],
      messages: [
        { role: 'user', text: 'Weather?' },
        { role: 'assistant', text: result.text, toolCalls: result.toolCalls },
        ...result.toolCalls.map(({ id, name }) => ({ role: 'tool' as const, toolCallId: id, name, text: `Rain for ${id}` })),
      ],
    });
    const sent = JSON.stringify(server.requests[1]?.body);
    for (const part of ['Rain for call_a', 'Rain for call_b', 'Köln', 'Oslo']) expect(sent).toContain(part);
  });

  test('is asked for JSON of a schema', async () => {
    const { ask, server } = await start(wire, { events: wire.answer(['{"mood":"calm"}']) });
    const output = { type: 'object', properties: { mood: { type: 'string', enum: ['calm', 'upset'] } }, required: ['mood'], additionalProperties: false };
    expect((await ask({ output })).result.text).toBe('{"mood":"calm"}');
    expect(JSON.stringify(server.requests[0]?.body)).toContain('"upset"');
  });

  test.each([
    [400, 'model-refused', 'never'],
    [401, 'model-refused', 'never'],
    [404, 'model-refused', 'never'],
    [500, 'model-failed', 'policy'],
    [503, 'model-overloaded', 'policy'],
    [529, 'model-overloaded', 'policy'],
  ])('status %i is %s, retry %s', async (status, code, retry) => {
    const { fails, server } = await start(wire, { status, body: wire.refusal(`No, not with ${key}.`) });
    const failed = await fails();
    expect(failed).toMatchObject({ code, retry });
    expect(failed.message).toContain(`Model "main" (${wire.model} at ${server.origin}${wire.basePath}) answered with status ${status}`);
    expect(failed.message).toContain('No, not with •••');
    expect(server.requests).toHaveLength(1);
  });

  test('429 waits as long as asked', async () => {
    const { fails } = await start(wire, { status: 429, body: wire.refusal('Slow down.'), headers: { 'retry-after': '3' } });
    expect(await fails()).toMatchObject({ code: 'model-overloaded', retry: { afterMs: 3000 } });
  });

  test('a stream that is cut, or ends before it is finished, is cut', async () => {
    const whole = wire.answer(['one', ' two', ' three']);
    const events = wire.provider === 'google' ? whole.slice(0, 2) : whole.slice(0, -2);
    for (const after of ['cut', 'end'] as const) {
      const { fails } = await start(wire, { events, after });
      expect(await fails()).toMatchObject({ code: 'model-cut', retry: 'policy' });
    }
  });

  test('an error within the stream is a failure that may be tried again', async () => {
    const { fails } = await start(wire, { events: [...wire.answer(['one']).slice(0, 1), wire.error] });
    const failed = await fails();
    expect(failed.code).toMatch(/^model-(failed|overloaded)$/);
    expect(failed.retry).toBe('policy');
    expect(failed.message).toMatch(/fell over|[Oo]verloaded/);
  });

  test('what is not of the protocol is a failure', async () => {
    const { fails } = await start(wire, { events: [{ hello: 1 }, { type: 'message_start', candidates: 7 }] });
    expect((await fails()).code).toMatch(/^model-(malformed|cut|failed)$/);
  });

  test('an abort closes the socket', async () => {
    const { fails, server } = await start(wire, { events: wire.answer(['one', 'two']).slice(0, 1), after: 'stall' });
    const controller = new AbortController();
    const failing = fails(controller.signal);
    await server.arrived;
    controller.abort();
    expect((await failing).code).toBe('cancelled');
    expect(await server.requests[0]?.ended).toBe('left');
    expect((await fails(AbortSignal.abort())).code).toBe('cancelled');
    expect(server.requests).toHaveLength(1);
  });

  test('nobody there is unreachable', async () => {
    const { fails, server } = await start(wire, { events: [] });
    await server.close();
    open.splice(0);
    const failed = await fails();
    expect(failed).toMatchObject({ code: 'model-unreachable', retry: 'policy' });
    expect(failed.message).toContain('ECONNREFUSED');
  });
});

test.each([[anthropicWire], [googleWire]])('a filter of the vendor that stops the answer is told apart', async (wire) => {
  const { fails } = await start(wire, { events: wire.filtered ?? [] });
  expect(await fails()).toMatchObject({ code: 'model-content-refused', retry: 'never' });
});

test('google gets the signatures of its tool calls back', async () => {
  const { ask, server } = await start(googleWire, { events: googleWire.answer([], calls) });
  const { result } = await ask({ tools: [tool] });
  await ask({
    tools: [tool],
    messages: [
      { role: 'user', text: 'Weather?' },
      { role: 'assistant', text: '', toolCalls: result.toolCalls },
      { role: 'tool', toolCallId: 'call_a', name: 'weather', text: 'Rain' },
    ],
  });
  expect(JSON.stringify(server.requests[1]?.body)).toContain('signature-of-call_a');
});

test('openai is asked how sure it was only where that is wanted, and tells it', async () => {
  const events = openaiWire
    .answer(['calm'])
    .map((event) =>
      event.type === 'response.output_text.delta' ? { ...event, logprobs: [{ token: 'calm', logprob: Math.log(0.8), top_logprobs: [] }] } : event,
    );
  const { ask, server } = await start({ ...openaiWire, model: 'gpt-4.1-mini' }, { events });
  expect((await ask({ confidence: true })).result).toMatchObject({ text: 'calm', confidence: 0.8 });
  expect(server.requests[0]?.body).toMatchObject({ store: false, top_logprobs: 1, include: ['message.output_text.logprobs'] });
  expect((await ask()).result.confidence).toBeUndefined();
  expect(server.requests[1]?.body.top_logprobs).toBeUndefined();
});

test('openai is told to store nothing', async () => {
  const { ask, server } = await start(openaiWire, { events: openaiWire.answer(['Hi']) });
  await ask();
  expect(server.requests[0]?.body.store).toBe(false);
});
