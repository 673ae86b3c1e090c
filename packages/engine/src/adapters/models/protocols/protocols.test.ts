/** Tools for models whose endpoints cannot call them, against a real server on loopback. */
import type { JsonObject, ModelProtocol } from '@switchyard/shared';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import type { Offer, Script } from '../../../testing/servers/scripted-model-server.ts';
import { ModelBench } from '../testing/model-bench.ts';

const bench = new ModelBench();
afterEach(() => bench.closeServers());
afterAll(() => bench.close());

const weather = {
  name: 'weather',
  description: 'Weather of a city',
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'], additionalProperties: false },
};
const calls = '{"calls":[{"tool":"weather","arguments":{"city":"Köln"}}]}';
const mood = { type: 'object', properties: { mood: { enum: ['calm', 'upset'] } }, required: ['mood'] };

const start = (script: Script, protocol?: ModelProtocol, offers?: readonly Offer[]) =>
  bench.start(script, protocol === undefined ? {} : { protocol }, offers === undefined ? {} : { offers });

describe('a model whose endpoint has no tools', () => {
  test.each([
    ['json-schema', 'json_schema'],
    ['json-object', 'json_object'],
    ['prompt', undefined],
  ] as const)('calls them and answers by %s', async (protocol, format) => {
    const { ask, deltas, server } = await start([calls, '{"answer": "It rains \\u00fcberall.\\n"}'], protocol, ['json_schema', 'json_object']);
    const first = await ask({
      tools: [weather],
      messages: [
        { role: 'system', text: 'Be brief.' },
        { role: 'user', text: 'Weather?' },
      ],
    });
    expect(first.result).toMatchObject({ text: '', finish: 'tool-calls' });
    expect(first.result.toolCalls).toEqual([{ id: 'call_2_1', name: 'weather', arguments: '{"city":"Köln"}' }]);
    const second = await ask({
      tools: [weather],
      messages: [
        { role: 'user', text: 'Weather?' },
        { role: 'assistant', text: '', toolCalls: first.result.toolCalls },
        { role: 'tool', toolCallId: 'call_2_1', name: 'weather', text: 'Rain' },
        { role: 'tool', toolCallId: 'call_2_2', name: 'weather', text: 'Sun' },
      ],
    });
    expect(second.result).toMatchObject({ text: 'It rains überall.\n', toolCalls: [], finish: 'stop' });
    expect(deltas.join('')).toBe('It rains überall.\n');
    const [asked, again] = server.requests.map(({ body }) => body);
    expect((asked?.response_format as JsonObject | undefined)?.type).toBe(format);
    expect(asked).not.toHaveProperty('tools');
    expect(asked?.messages[0]).toMatchObject({ role: 'system', content: expect.stringMatching(/Be brief\.[\s\S]*- weather: Weather of a city/) as string });
    expect(again?.messages.slice(1)).toEqual([
      { role: 'user', content: 'Weather?' },
      { role: 'assistant', content: calls },
      { role: 'user', content: 'Result of weather:\nRain\n\nResult of weather:\nSun' },
    ]);
  });

  test('is found out by its refusal, once', async () => {
    const { ask, server } = await start(() => calls, undefined, []);
    for (let turn = 0; turn < 2; turn += 1) expect((await ask({ tools: [weather] })).result.toolCalls).toHaveLength(1);
    const formats = server.requests.map(({ body }) => (body.tools ? 'tools' : ((body.response_format as JsonObject | undefined)?.type ?? 'words')));
    expect(formats).toEqual(['tools', 'json_schema', 'json_object', 'words', 'words']);
  });

  test('that is set to call tools natively fails plainly', async () => {
    const { fails } = await start(() => calls, 'native', []);
    expect(await fails({ tools: [weather] })).toMatchObject({ code: 'model-refused', message: expect.stringContaining('does not support tools') as string });
  });

  test.each([
    'The model runner: this model does not support tools',
    '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set',
    'tools param requires --jinja flag',
    'No endpoints found that support tool use',
  ])('says %j', async (message) => {
    const { ask } = await start((request) => (request.tools ? { status: message.includes('jinja') ? 500 : 400, body: { error: { message } } } : calls));
    expect((await ask({ tools: [weather] })).result.toolCalls).toHaveLength(1);
  });
});

describe('a turn as JSON', () => {
  const read = async (said: string, request: object = {}) => {
    const { ask, deltas, server } = await start([said], 'prompt');
    const { result } = await ask({ tools: [weather], ...request });
    return {
      text: result.text,
      calls: result.toolCalls.map(({ name, arguments: text }) => `${name} ${text}`),
      streamed: deltas.join(''),
      asked: server.requests.length,
    };
  };

  test.each([
    ['in a fence', `\`\`\`json\n${calls}\n\`\`\``],
    ['amid words', `I will look it up. ${calls} One moment.`],
    ['behind reasoning', `<think>{"answer":"no"}</think>\n${calls}`],
    ['with one call alone', '{"calls":{"tool":"weather","arguments":{"city":"Köln"}}}'],
    ['without its list', '{"tool":"weather","arguments":{"city":"Köln"}}'],
    ['by other names', '{"tool_calls":[{"function":{"name":"weather","arguments":"{\\"city\\":\\"Köln\\"}"}}]}'],
    ['with an answer besides', `{"answer":"soon","calls":[{"name":"weather","parameters":{"city":"Köln"}}]}`],
  ])('is read %s', async (_, said) => {
    expect(await read(said)).toMatchObject({ calls: ['weather {"city":"Köln"}'], text: '', asked: 1 });
  });

  test('that is a plain text is the answer, and streams', async () => {
    expect(await read('It rains in {most} places.')).toMatchObject({ text: 'It rains in {most} places.', calls: [], streamed: 'It rains in {most} places.' });
  });

  test('calls are not streamed', async () => {
    expect((await read(calls)).streamed).toBe('');
  });

  test.each([
    ['{"answer":{"mood":"calm"}}', '{"mood":"calm"}'],
    ['{"answer":"{\\"mood\\":\\"calm\\"}"}', '{"mood":"calm"}'],
    ['{"mood":"calm"}', '{"mood":"calm"}'],
  ])('%s answers with JSON of a schema', async (said, text) => {
    expect(await read(said, { output: mood })).toMatchObject({ text, calls: [], streamed: '' });
  });

  test('that cannot be read is asked for once more; both turns are counted', async () => {
    const { ask, server } = await start(['{"calls":[{"tool":"weather","argum', calls], 'prompt');
    const { result, usage } = await ask({ tools: [weather] });
    expect(result.toolCalls).toHaveLength(1);
    expect(usage).toMatchObject({ modelCalls: 2 });
    expect(server.requests[1]?.body.messages.at(-1)?.content).toContain('does not fit');
  });

  test.each(['{"calls":[]}', '{"calls":[{"arguments":{}}]}', '{"hello":1}', '{'.repeat(200) + '}'.repeat(200)])('%s twice is a failure', async (said) => {
    const { fails, server } = await start([said, said], 'json-schema');
    expect(await fails({ tools: [weather] })).toMatchObject({ code: 'model-malformed', retry: 'never' });
    expect(server.requests).toHaveLength(2);
  });

  test('holds arguments to the schema of their tool, but for schemas with references of their own', async () => {
    const { ask, server } = await start([calls], 'json-schema');
    const tree = { type: 'object', properties: { next: { $ref: '#' } } };
    await ask({ tools: [weather, { name: 'plant', description: 'Plants a tree', parameters: tree }] });
    const held = JSON.stringify(server.requests[0]?.body.response_format);
    expect(held).toContain(JSON.stringify({ tool: { const: 'weather' }, arguments: weather.parameters }));
    expect(held).toContain(JSON.stringify({ tool: { const: 'plant' }, arguments: { type: 'object' } }));
  });
});

describe('a schema of the answer', () => {
  test.each([
    ['structured_outputs', { json: mood }],
    ['guided_json', mood],
    ['json_schema', mood],
  ] as const)('goes as %s where the endpoint has that', async (schemaField, sent) => {
    const { ask, server } = await bench.start(['{"mood":"calm"}'], { schemaField });
    await ask({ output: mood });
    expect(server.requests[0]?.body[schemaField]).toEqual(sent);
    expect(server.requests[0]?.body).not.toHaveProperty('response_format');
  });

  test('is told in words besides where the protocol cannot hold to it', async () => {
    for (const protocol of ['json-object', 'prompt'] as const) {
      const { ask, server } = await start(['{"mood":"calm"}'], protocol);
      await ask({ output: mood });
      const asked = server.requests[0]?.body;
      expect(asked?.response_format).toEqual(protocol === 'prompt' ? undefined : { type: 'json_object' });
      expect(asked?.messages[0]).toMatchObject({ role: 'system', content: expect.stringContaining(JSON.stringify(mood)) as string });
    }
  });
});

test('what the latest test found counts where the workspace says nothing', async () => {
  const { ask, server } = await bench.start([calls, calls], { tested: { protocol: 'json-schema', schemaField: 'guided_json' } });
  expect((await ask({ tools: [weather] })).result.toolCalls).toHaveLength(1);
  expect(server.requests[0]?.body).toHaveProperty('guided_json');
});

describe('confidence', () => {
  test('is asked for and told where the endpoint gives probabilities', async () => {
    const { ask, server } = await bench.start([{ pieces: ['{"mood":"', 'calm', '"}'], probabilities: [1, 0.6, 1] }]);
    const { result } = await ask({ output: mood, confidence: true });
    expect(result.confidence).toBe(0.6);
    expect(server.requests[0]?.body.logprobs).toBe(true);
  });

  test('is unknown, not missed, where the endpoint refuses to tell', async () => {
    const { ask, server } = await bench.start(() => 'Fine.', {}, { offers: ['json_schema'] });
    expect((await ask({ confidence: true })).result).not.toHaveProperty('confidence');
    expect(server.requests).toHaveLength(2);
  });
});

test('reasoning is kept apart from the answer and from what streams', async () => {
  const { ask, deltas } = await bench.start([{ text: '<think>Let me see.</think>\n\nIt rains.' }, { text: 'It rains.', reasoning: 'Look outside.' }]);
  expect((await ask()).result).toMatchObject({ text: 'It rains.', reasoning: 'Let me see.' });
  expect((await ask()).result).toMatchObject({ text: 'It rains.', reasoning: 'Look outside.' });
  expect(deltas.join('')).toBe('It rains.It rains.');
});

test('temperature and the most tokens go with the request', async () => {
  const { ask, server } = await bench.start(['Fine.']);
  await ask({ temperature: 0, maxTokens: 50 });
  expect(server.requests[0]?.body).toMatchObject({ temperature: 0, max_tokens: 50 });
});
