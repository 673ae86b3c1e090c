/** The OpenAI-compatible client against a real server on loopback, in the many ways that such servers answer. */
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { ModelBench } from './testing/model-bench.ts';

const bench = new ModelBench();
const start = bench.start.bind(bench);

afterEach(() => bench.closeServers());
afterAll(() => bench.close());

const weather = { name: 'weather', description: 'Weather of a city', parameters: { type: 'object', properties: { city: { type: 'string' } } } };
const schema = { type: 'object', properties: { mood: { enum: ['calm', 'upset'] } }, required: ['mood'] };

describe('an answer', () => {
  test('streams as it comes, with usage as the endpoint counted it', async () => {
    const { ask, deltas, server } = await start([{ text: 'Four words it has.', usage: { inputTokens: 11, outputTokens: 4 } }], {
      card: { inputPrice: 2, outputPrice: 10 },
    });
    const { result, usage } = await ask();
    expect(result).toEqual({ text: 'Four words it has.', toolCalls: [], finish: 'stop', served: 'scripted' });
    expect(deltas).toEqual(['Four ', 'words ', 'it ', 'has.']);
    expect(usage).toEqual({ modelCalls: 1, inputTokens: 11, outputTokens: 4, cost: (11 * 2 + 4 * 10) / 1e6 });
    expect(server.requests[0]?.body).toMatchObject({
      model: 'scripted',
      stream: true,
      stream_options: { include_usage: true },
      messages: [{ role: 'user', content: 'Hello?' }],
    });
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
    const body = {
      model: 'whole-1',
      choices: [{ message: { role: 'assistant', content: 'Whole.' }, finish_reason: 'stop' }],
      usage: { prompt_tokens: 3, completion_tokens: 1 },
    };
    const { ask, deltas } = await start([{ status: 200, body }]);
    expect(await ask()).toEqual({
      result: { text: 'Whole.', toolCalls: [], finish: 'stop', served: 'whole-1' },
      usage: { modelCalls: 1, inputTokens: 3, outputTokens: 1 },
    });
    expect(deltas).toEqual(['Whole.']);
  });

  test('that was cut at the token limit says so', async () => {
    const { ask } = await start([{ text: 'And then', finish: 'length' }]);
    expect((await ask()).result.finish).toBe('length');
  });
});

describe('tool calls', () => {
  test('made side by side are put together from alternating pieces', async () => {
    const { ask, server } = await start([
      {
        text: 'Let me see.',
        toolCalls: [
          { name: 'weather', arguments: { city: 'Köln' }, id: 'a', fragments: 5 },
          { name: 'weather', arguments: { city: '北京' }, id: 'b', fragments: 7 },
          { name: 'now', arguments: '' },
        ],
        sliceBytes: 9,
      },
    ]);
    const { result } = await ask({ tools: [weather] });
    expect(result).toMatchObject({ text: 'Let me see.', finish: 'tool-calls' });
    expect(result.toolCalls).toEqual([
      { id: 'a', name: 'weather', arguments: '{"city":"Köln"}' },
      { id: 'b', name: 'weather', arguments: '{"city":"北京"}' },
      { id: 'call_3', name: 'now', arguments: '' },
    ]);
    expect(server.requests[0]?.body.tools).toEqual([{ type: 'function', function: weather }]);
  });

  test('with malformed arguments are handed on as written', async () => {
    const { ask } = await start([{ toolCalls: [{ name: 'weather', arguments: '{"city": Köln' }] }]);
    expect((await ask({ tools: [weather] })).result.toolCalls[0]?.arguments).toBe('{"city": Köln');
  });

  const delta = (calls: object[], finish: string | null = null) =>
    `data: ${JSON.stringify({ choices: [{ delta: { tool_calls: calls }, finish_reason: finish }] })}\n\n`;
  const sse = (body: string) => ({ status: 200, headers: { 'content-type': 'text/event-stream' }, body });
  test.each([
    [
      'the same index for all',
      delta(
        [
          { index: 0, id: 'x', function: { name: 'a', arguments: '{}' } },
          { index: 0, id: 'y', function: { name: 'b', arguments: '{}' } },
        ],
        'stop',
      ),
      ['x', 'y'],
    ],
    [
      'no index',
      delta([{ id: 'x', function: { name: 'a', arguments: '{' } }]) +
        delta([{ function: { arguments: '}' } }]) +
        delta([{ id: 'y', function: { name: 'b', arguments: '{}' } }], 'stop'),
      ['x', 'y'],
    ],
    [
      'no id',
      delta(
        [
          { index: 0, function: { name: 'a', arguments: '{}' } },
          { index: 1, function: { name: 'b', arguments: {} } },
        ],
        'tool_calls',
      ),
      ['call_1_1', 'call_1_2'],
    ],
    [
      'the same id for all',
      delta(
        [
          { index: 0, id: 'x', function: { name: 'a', arguments: '{}' } },
          { index: 1, id: 'x', function: { name: 'b', arguments: '{}' } },
        ],
        'stop',
      ),
      ['x', 'call_1_2'],
    ],
    [
      'the name in every piece',
      delta([
        { index: 0, id: 'x', function: { name: 'a', arguments: '{' } },
        { index: 1, id: 'y', function: { name: 'b', arguments: '{}' } },
      ]) + delta([{ index: 0, id: 'x', function: { name: 'a', arguments: '}' } }], 'stop'),
      ['x', 'y'],
    ],
  ])('are told apart with %s', async (_, body, ids) => {
    const { ask } = await start([sse(body)]);
    const { result } = await ask();
    expect(result.finish).toBe('tool-calls');
    expect(result.toolCalls).toEqual([
      { id: ids[0], name: 'a', arguments: '{}' },
      { id: ids[1], name: 'b', arguments: '{}' },
    ]);
  });

  test("and their results go back in the endpoint's words, malformed arguments as an object", async () => {
    const { ask, server } = await start(['Done.']);
    await ask({
      messages: [
        { role: 'system', text: 'Be brief.' },
        { role: 'user', text: 'Weather?' },
        {
          role: 'assistant',
          text: '',
          toolCalls: [
            { id: 'a', name: 'weather', arguments: '{"city":"Köln"}' },
            { id: 'b', name: 'weather', arguments: '{oops' },
            { id: 'c', name: 'now', arguments: '' },
          ],
        },
        { role: 'tool', toolCallId: 'a', name: 'weather', text: 'Rain' },
      ],
    });
    expect(server.requests[0]?.body.messages).toEqual([
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Weather?' },
      {
        role: 'assistant',
        content: null,
        tool_calls: [
          { id: 'a', type: 'function', function: { name: 'weather', arguments: '{"city":"Köln"}' } },
          { id: 'b', type: 'function', function: { name: 'weather', arguments: '{"malformed":"{oops"}' } },
          { id: 'c', type: 'function', function: { name: 'now', arguments: '{}' } },
        ],
      },
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

  test('goes into the system message for an endpoint that refuses response_format in each form, which is asked so at once the next time', async () => {
    const { ask, server } = await start((request) =>
      request.response_format ? { status: 400, body: { error: { message: 'response_format is not supported' } } } : '{"mood":"calm"}',
    );
    const messages = [
      { role: 'system' as const, text: 'Classify.' },
      { role: 'user' as const, text: 'Hi' },
    ];
    expect((await ask({ output: schema, messages })).result.text).toBe('{"mood":"calm"}');
    await ask({ output: schema, messages });
    expect(server.requests.map((request) => 'response_format' in request.body)).toEqual([true, true, false, false]);
    const [system] = server.requests[3]?.body.messages ?? [];
    expect(system?.content).toContain('Classify.');
    expect(system?.content).toContain(JSON.stringify(schema));
    expect(server.requests[3]?.body.messages).toHaveLength(2);
  });

  test('stands in the system message where tools are offered: an answer held to a schema could call none', async () => {
    const { ask, server } = await start([{ toolCalls: [{ name: 'weather', arguments: {} }] }]);
    await ask({ output: schema, tools: [weather] });
    expect(server.requests[0]?.body).not.toHaveProperty('response_format');
    expect(server.requests[0]?.body.messages[0]).toMatchObject({ role: 'system', content: expect.stringContaining(JSON.stringify(schema)) as string });
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

test('connections are kept for the next call', async () => {
  const { ask, server } = await start(() => 'Again.');
  for (let turn = 0; turn < 10; turn += 1) await ask();
  // undici rests a connection for one turn of the event loop, so calls in close order alternate between two.
  expect(server.connections).toBeLessThanOrEqual(2);
});
