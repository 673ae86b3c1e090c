/** The OpenAI-compatible client against a real server on loopback that fails, in every way that such servers do. */
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { ModelBench, testKey } from './testing/model-bench.ts';

const bench = new ModelBench();
const start = bench.start.bind(bench);

afterEach(() => bench.closeServers());
afterAll(() => bench.close());

describe('failures', () => {
  test.each([
    [401, 'model-refused', 'never', 'SCRIPTED_KEY'],
    [403, 'model-refused', 'never', 'SCRIPTED_KEY'],
    [404, 'model-refused', 'never', 'serves "scripted"'],
    [400, 'model-refused', 'never', 'does not take this request'],
    [302, 'model-refused', 'never', 'redirects'],
    [408, 'model-timeout', 'policy', ''],
    [429, 'model-overloaded', 'policy', 'rate limit'],
    [503, 'model-overloaded', 'policy', ''],
    [529, 'model-overloaded', 'policy', ''],
    [500, 'model-failed', 'policy', 'log of the model'],
    [502, 'model-failed', 'policy', ''],
  ])('status %i is %s, retry %s', async (status, code, retry, advice) => {
    const { fails, server } = await start([{ status, body: `<html>nope ${'x'.repeat(1000)} ${testKey}</html>`, headers: { location: 'http://127.0.0.1:9/' } }]);
    const failed = await fails();
    expect(failed).toMatchObject({ code, retry });
    expect(failed.message).toContain(`Model "main" (scripted at ${server.baseUrl}) answered with status ${status}: <html>nope x`);
    expect(failed.message).toContain(advice);
    expect(failed.message.length).toBeLessThan(900);
    expect(server.requests).toHaveLength(1);
  });

  test('a key that the server echoes is masked', async () => {
    const { fails } = await start([{ status: 401, body: { error: { message: `Incorrect API key provided: ${testKey}` } } }]);
    expect((await fails()).message).toContain('provided: •••');
  });

  test.each([
    [{ 'retry-after': '7' }, 7000],
    [{ 'retry-after': '0' }, 0],
    [{ 'retry-after-ms': '1500', 'retry-after': '2' }, 1500],
    [{ 'retry-after': new Date(0).toUTCString() }, 0],
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
    const { server } = await start([{ text: 'one two three', fault: 'stall' }]);
    const { fails } = bench.performer({ ...server.model, apiKey: { secret: 'SCRIPTED_KEY' } }, 200);
    expect(await fails()).toMatchObject({ code: 'model-timeout', retry: 'policy' });
    expect(await server.requests[0]?.ended).toBe('left');
  });

  test('a model, a base URL or a secret that is missing', async () => {
    const { fails, server } = await start([]);
    expect(await fails({ model: 'other' })).toMatchObject({ code: 'model-missing', retry: 'never' });
    expect(await bench.performer({ provider: 'openai-compatible', model: 'm' }).fails()).toMatchObject({ code: 'model-incomplete' });
    const keyless = await bench.performer({ ...server.model, apiKey: { secret: 'ABSENT' } }).fails();
    expect(keyless.code).toBe('secret-missing');
    expect(keyless.message).toContain('"ABSENT"');
    expect(server.requests).toHaveLength(0);
  });
});

describe('an abort', () => {
  test.each([
    ['before the answer', 'silent'],
    ['within the answer', 'endless'],
  ] as const)('%s closes the socket', async (_, fault) => {
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
