/** An API as tools of a control node, end to end: a scripted model, the engine, and a real server. */
import type { Flow, Json, JsonObject } from '@switchyard/shared';
import { afterEach, expect, test } from 'vitest';
import { ApiBench } from '../../adapters/testing/api-bench.ts';
import { paymentsDescription } from '../../testing/described/payments.ts';
import { meshDescription } from '../../testing/described/mesh.ts';
import { messagingDescription } from '../../testing/described/messaging.ts';
import { scriptedTurns, testRun } from '../../testing/test-run.ts';

let bench = new ApiBench();
afterEach(async () => {
  await bench.close();
  bench = new ApiBench();
});

interface Seen {
  line: string;
  type: string | undefined;
  body: string;
}

/** The server of this description, and what it was asked besides the description. */
async function serve(description: JsonObject): Promise<Seen[]> {
  const seen: Seen[] = [];
  const url = await bench.serve((incoming, answer) => {
    answer.setHeader('content-type', 'application/json');
    if (incoming.url === '/openapi.json') return void answer.end(JSON.stringify(description));
    let body = '';
    incoming.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    incoming.on('end', () => {
      seen.push({ line: `${incoming.method} ${incoming.url}`, type: incoming.headers['content-type'], body });
      answer.end(JSON.stringify({ id: 'thing_1' }));
    });
  });
  bench.connections.pay = { type: 'openapi', baseUrl: url, url: `${url}/openapi.json` };
  return seen;
}

async function converse(config: JsonObject, question: string, turns: Parameters<typeof scriptedTurns>[0], grant: JsonObject = {}) {
  const model = scriptedTurns(turns);
  const host = await bench.host();
  const flow: Flow = {
    format: 'switchyard.flow',
    version: 1,
    name: 'test',
    nodes: {
      ask: { kind: 'input', config: { fields: { question: { type: 'string' } } } },
      boss: { kind: 'control', config: { model: 'm', instructions: 'Be exact.', catalogueTokens: 2_000 } },
      pay: { kind: 'openapi', config: { connection: 'pay', ...config } },
      reply: { kind: 'output', config: { fields: { answer: {} } } },
    },
    links: [
      { from: 'ask.question', to: 'boss.request' },
      { from: 'boss.answer', to: 'reply.answer' },
    ],
    grants: [{ from: 'boss', to: 'pay', ...grant }],
  };
  const run = await testRun(flow, {
    inputs: { question },
    host: {
      perform: async (call, scope) => (call.kind === 'model' ? { result: model.answer(call) } : await host.perform(call, scope)),
      pool: (name) => host.pool(name),
    },
  });
  const told = model.requests.map(({ messages }) => messages.filter(({ role }) => role === 'tool').map(({ text }) => text));
  return { ...run, requests: model.requests, told };
}

test('a grant of an operation that cannot be called fails, and says why', async () => {
  await serve(paymentsDescription({ resources: 1 }));
  const { result, requests } = await converse({ access: 'write', operations: ['PostFiles', 'GetThings0'] }, 'Send a file.', [], {
    operations: ['PostFiles'],
  });
  expect(result.failure).toMatchObject({ code: 'operation-missing', node: 'boss' });
  expect(result.failure?.message).toContain('It cannot be called: its body needs the file "file", and files are not sent. It offers "GetThings0".');
  expect(requests).toEqual([]);
});

test('one of 900 operations is found by words, and called with a form that the server reads', async () => {
  const seen = await serve(paymentsDescription({ resources: 300, text: 'A text about the field. '.repeat(10) }));
  const body = { amount: 500, currency: 'eur', shipping: { name: 'Ada', address: { city: 'Ghent' } }, expand: ['customer'] };
  const { result, requests, told, events } = await converse(
    { access: 'write' },
    'Create a thing 217 for 5 euro.',
    [[['pay_find', { words: 'create thing 217' }]], [['pay_write', { operation: 'PostThings217', arguments: { body } }]], 'Created.'],
    { approval: 'never' },
  );
  expect(result.outputs).toEqual({ answer: 'Created.' });
  expect(seen).toEqual([
    {
      line: 'POST /v1/things217',
      type: 'application/x-www-form-urlencoded',
      body: new URLSearchParams([
        ['amount', '500'],
        ['currency', 'eur'],
        ['shipping[name]', 'Ada'],
        ['shipping[address][city]', 'Ghent'],
        ['expand[]', 'customer'],
      ]).toString(),
    },
  ]);
  expect(requests[0]?.tools?.map(({ name }) => name)).toEqual(['pay_find', 'pay_read', 'pay_write']);
  // What the request is about is told of 900 operations in 2,000 tokens, before anything is searched for.
  const prompt = JSON.stringify(requests[0]?.messages);
  expect(prompt).toContain('PostThings217');
  expect(JSON.stringify(requests[0]).length).toBeLessThan(14_000);
  const found = told[1]?.[0] ?? '';
  expect(found).toMatch(/"name":"PostThings217".*"shipping"/);
  expect(found.length).toBeLessThan(4_100);
  expect(told[2]?.[1]).toContain('thing_1');
  expect(JSON.stringify(events)).toContain('"operation":"PostThings217"');
});

test('an operation that is misnamed, called wrongly or by the wrong tool does not reach the server; the model is told what would', async () => {
  const seen = await serve(paymentsDescription({ resources: 60 }));
  const { result, told } = await converse(
    { access: 'write' },
    'Create a thing 7.',
    [
      [
        ['pay_write', { operation: 'CreateThings7', arguments: {} }],
        ['pay_write', { operation: 'PostThings7', arguments: { body: { amount: 'much' } } }],
        ['pay_read', { operation: 'PostThings7', arguments: { body: { amount: 1, currency: 'eur' } } }],
        ['pay_write', { operation: 'PostFiles', arguments: {} }],
      ],
      'No.',
    ],
    { approval: 'never' },
  );
  expect(result.status).toBe('done');
  expect(seen).toEqual([]);
  const [misnamed, misfit, byRead, refused] = told[1] ?? [];
  expect(misnamed).toMatch(/no operation \\"CreateThings7\\".*PostThings7/);
  expect(misfit).toContain('arguments-invalid');
  expect(byRead).toMatch(/writes: call it by \\"write\\"/);
  expect(refused).toContain('operation-missing');
});

test('with access read there is no tool that writes', async () => {
  await serve(messagingDescription({ resources: 50 }));
  const { requests } = await converse({}, 'List.', ['Done.']);
  expect(requests[0]?.tools?.map(({ name }) => name)).toEqual(['pay_find', 'pay_read']);
});

test('a few are tools of their own, in schemas that are bounded together; the whole schema is what arguments must fit', async () => {
  const seen = await serve(paymentsDescription({ resources: 20, text: 'A text about the field. '.repeat(40) }));
  const operations = Array.from({ length: 20 }, (_, index) => `PostThings${index}`);
  const body = { amount: 1, currency: 'eur', items: [{ quantity: 1 }] };
  const { requests, told } = await converse(
    { access: 'write', operations },
    'Create.',
    [[['pay_PostThings3', { body }]], [['pay_PostThings3', { body: { ...body, items: [{ price: 'p' }] } }]], 'Done.'],
    { approval: 'never' },
  );
  const tools = requests[0]?.tools ?? [];
  expect(tools).toHaveLength(20);
  for (const { parameters } of tools) {
    expect(JSON.stringify(parameters).length).toBeLessThanOrEqual(3_000);
    expect(parameters).toMatchObject({ properties: { body: { properties: { amount: { type: 'integer' }, currency: { type: 'string' } } } } });
  }
  expect(told[1]?.[0]).toContain('price');
  expect(seen.map(({ body: text }) => text)).toEqual(['amount=1&currency=eur&items%5B0%5D%5Bprice%5D=p']);
});

test('operations whose records lead to many others are told in schemas that are bounded together, and their fields still checked', async () => {
  const seen = await serve(meshDescription(250));
  const operations = Array.from({ length: 20 }, (_, index) => `addRecord${index}`);
  const { requests, told } = await converse(
    { access: 'write', operations },
    'Add.',
    [[['pay_addRecord3', { body: { number: '1', to1: { number: '2', to2: { number: '3', to3: { note: 'has no number' } } } } }]], 'Done.'],
    { approval: 'never' },
  );
  expect(JSON.stringify(requests[0]?.tools).length).toBeLessThan(65_000);
  expect(told[1]?.[0]).toMatch(/arguments-invalid.*number/);
  expect(seen).toEqual([]);
});

test('the record of a step holds the operation that it runs, and not the whole description', async () => {
  await serve(paymentsDescription({ resources: 200 }));
  const host = await bench.host();
  const recorded: Json[] = [];
  const flow: Flow = {
    format: 'switchyard.flow',
    version: 1,
    name: 'test',
    nodes: {
      given: { kind: 'input', config: { fields: { arguments: {} } } },
      step: { kind: 'openapi', config: { connection: 'pay', operation: 'GetThings9' } },
      reply: { kind: 'output', config: { fields: { body: {} } } },
    },
    links: [
      { from: 'given.arguments', to: 'step.arguments' },
      { from: 'step.body', to: 'reply.body' },
    ],
    grants: [],
  };
  const { result } = await testRun(flow, {
    inputs: { arguments: { created: { gt: 5 } } },
    host: {
      async perform(call, scope) {
        const performed = await host.perform(call, scope);
        recorded.push(performed.result);
        return performed;
      },
      pool: (name) => host.pool(name),
    },
  });
  expect(result.outputs).toEqual({ body: { id: 'thing_1' } });
  expect(JSON.stringify(recorded[0]).length).toBeLessThan(2_500);
});
