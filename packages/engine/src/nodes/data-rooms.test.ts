/** The rooms that reach the data layer: as steps of a flow on a real host, and as tools of a control node. */
import type { IncomingMessage } from 'node:http';
import type { Catalogue, Flow, Json, JsonObject, RunResult, Schema } from '@switchyard/shared';
import { afterEach, describe, expect, test } from 'vitest';
import { HostBench } from '../adapters/testing/host-bench.ts';
import type { Bound, Kind, Operation } from '../node.ts';
import { scriptedTurns, testRun } from '../testing/test-run.ts';
import { kinds } from './index.ts';

let bench = new HostBench();
afterEach(async () => {
  await bench.close();
  bench = new HostBench();
});

function kindOf(name: string): Kind {
  const kind = kinds.get(name);
  if (!kind) throw new Error(`No kind ${name}`);
  return kind;
}

const portsOf = (kind: string, config: JsonObject) => kindOf(kind).ports(kindOf(kind).config.parse(config));
const problemsOf = (kind: string, config: JsonObject) =>
  (kindOf(kind).problems?.(kindOf(kind).config.parse(config)) ?? []).map(({ field, message }) => `${field}: ${message}`);
const summaryOf = (kind: string, config: JsonObject) => kindOf(kind).summary(kindOf(kind).config.parse(config));
const operationsOf = (kind: string, config: JsonObject, bound: Partial<Bound> = {}): Operation[] =>
  kindOf(kind).operations?.(kindOf(kind).config.parse(config), { granted: [], title: 'The node', ...bound }) ?? [];

/** Runs one node as a step on a real host, its ports wired to inputs and outputs. */
async function runStep(kind: string, config: JsonObject, inputs: JsonObject): Promise<RunResult> {
  const { outputs } = portsOf(kind, config);
  const flow: Flow = {
    format: 'switchyard.flow',
    version: 1,
    name: 'test',
    nodes: {
      given: { kind: 'input', config: { fields: Object.fromEntries(Object.keys(inputs).map((name) => [name, {}])) } },
      node: { kind, config },
      told: { kind: 'output', config: { fields: Object.fromEntries(Object.keys(outputs).map((name) => [name, {}])) } },
    },
    links: [
      ...Object.keys(inputs).map((name) => ({ from: `given.${name}`, to: `node.${name}` })),
      ...Object.keys(outputs).map((name) => ({ from: `node.${name}`, to: `told.${name}` })),
    ],
    grants: [],
  };
  return (await testRun(flow, { host: await bench.host(), inputs })).result;
}

const shop = `CREATE TABLE orders (id INTEGER PRIMARY KEY, customer TEXT, status TEXT, total REAL);
  INSERT INTO orders VALUES (1, 'Ada', 'open', 20), (2, 'Ada', 'done', 30), (3, 'Grace', 'open', 5)`;

describe('sql as a step', () => {
  test('binds holes and :name parameters, whatever they hold', async () => {
    await bench.database('shop', shop);
    const config = {
      connection: 'shop',
      query: 'SELECT id FROM orders WHERE customer = {{ customer.name }} AND status = :status AND id > {{ least - 1 }} ORDER BY id',
    };
    expect(Object.keys(portsOf('sql', config).inputs)).toEqual(['customer', 'least', 'status']);
    expect((await runStep('sql', config, { customer: { name: 'Ada' }, status: 'open', least: 1 })).outputs).toEqual({ rows: [{ id: 1 }] });
    const evil = await runStep('sql', config, { customer: { name: "' OR 1=1; DROP TABLE orders; --" }, status: "open'; --", least: 0 });
    expect(evil).toMatchObject({ status: 'done', outputs: { rows: [] } });
  });

  test('keeps its own holes apart from a parameter of the same name', async () => {
    await bench.database('shop', shop);
    const config = { connection: 'shop', query: 'SELECT :hole_1 AS named, {{ a }} AS bound' };
    expect((await runStep('sql', config, { hole_1: 'n', a: 'b' })).outputs).toEqual({ rows: [{ named: 'n', bound: 'b' }] });
  });

  test('without a query, or with a wrong one, fails and says why', async () => {
    await bench.database('shop', shop);
    expect((await runStep('sql', { connection: 'shop' }, {})).failure).toMatchObject({ code: 'query-missing', node: 'node' });
    expect((await runStep('sql', { connection: 'shop', query: 'SELECT idd FROM orders' }, {})).failure).toMatchObject({ code: 'sql-invalid', node: 'node' });
    expect((await runStep('sql', { connection: 'shop', access: 'write', query: 'DELETE FROM orders' }, {})).failure?.code).toBe('approval-unavailable');
    expect((await runStep('sql', { connection: 'shop', access: 'write', query: 'SELECT count(*) AS n FROM orders' }, {})).outputs).toEqual({
      rows: [{ n: 3 }],
    });
  });
});

describe('sql as tools', () => {
  const catalogue: Catalogue = { dialect: 'sqlite', tables: [{ name: 'orders', rows: 3, columns: [{ name: 'id', type: 'INTEGER', nullable: false }] }] };

  test('offers free SQL, told of the tables, and its named operations', () => {
    const operations = operationsOf(
      'sql',
      {
        connection: 'shop',
        operations: [
          {
            name: 'by_status',
            description: 'Orders of a status',
            sql: 'SELECT * FROM orders WHERE status = :status LIMIT :most',
            params: { most: { type: 'integer', default: 5 } },
          },
        ],
      },
      { catalogue: catalogue as unknown as Json, title: 'Orders' },
    );
    expect(operations.map(({ name, effect }) => [name, effect])).toEqual([
      ['query', 'read'],
      ['by_status', 'read'],
    ]);
    expect(operations[0]?.description).toBe('Runs one SQL SELECT on the database "Orders". Tables: orders(id).');
    expect(operations[0]?.input).toMatchObject({ type: 'object', required: ['sql'], properties: { sql: { type: 'string' } } });
    expect(operations[1]).toMatchObject({
      description: 'Orders of a status',
      input: { properties: { status: { type: 'string' }, most: { type: 'integer', default: 5 } }, required: ['status'] },
    });
  });

  test('tells of many tables briefly', () => {
    const tables = Array.from({ length: 500 }, (_, index) => ({ name: `table_${index}`, rows: 0, columns: [{ name: 'id', type: 'INTEGER', nullable: true }] }));
    const description = operationsOf('sql', { connection: 'shop' }, { catalogue: { dialect: 'sqlite', tables } })[0]?.description ?? '';
    expect(description.length).toBeLessThan(1_700);
    expect(description).toMatch(/and \d+ more$/);
  });

  test('answer a control node, and give it their failures', async () => {
    await bench.database('shop', shop);
    const model = scriptedTurns([
      [['orders_query', { sql: 'SELECT count(*) AS n FROM order' }]],
      [['orders_query', { sql: 'DELETE FROM orders' }]],
      [['orders_by_status', { status: 'open' }]],
      'Two.',
    ]);
    const real = await bench.host();
    const flow: Flow = {
      format: 'switchyard.flow',
      version: 1,
      name: 'test',
      nodes: {
        ask: { kind: 'input', config: { fields: { question: {} } } },
        planner: { kind: 'control', config: { model: 'm' } },
        orders: {
          kind: 'sql',
          config: {
            connection: 'shop',
            operations: [
              { name: 'by_status', sql: 'SELECT id FROM orders WHERE status = :status LIMIT :most', params: { most: { type: 'integer', default: 5 } } },
            ],
          },
        },
        reply: { kind: 'output', config: { fields: { answer: {} } } },
      },
      links: [
        { from: 'ask.question', to: 'planner.request' },
        { from: 'planner.answer', to: 'reply.answer' },
      ],
      grants: [{ from: 'planner', to: 'orders' }],
    };
    const host = {
      pool: (name: string) => real.pool(name),
      perform: (...[call, scope]: Parameters<typeof real.perform>) =>
        call.kind === 'model' ? Promise.resolve({ result: model.answer(call) }) : real.perform(call, scope),
    };
    const { result } = await testRun(flow, { host, inputs: { question: 'How many are open?' } });
    expect(result).toMatchObject({ status: 'done', outputs: { answer: 'Two.' } });
    const told =
      model.requests
        .at(-1)
        ?.messages.filter(({ role }) => role === 'tool')
        .map(({ text }) => text) ?? [];
    expect(told[0]).toContain('syntax error');
    expect(told[1]).toContain('Only SELECT is allowed here');
    expect(told[2]).toContain('{"columns":["id"],"rows":[{"id":1},{"id":3}]}');
    expect(model.requests[0]?.messages[0]).toMatchObject({ role: 'system', text: expect.stringContaining('"orders"') as string });
  });
});

describe('sql’s mistakes', () => {
  test.each<[JsonObject, string[]]>([
    [{ query: 'SELECT 1' }, []],
    [{ query: 'SELECT {{' }, []],
    [{ query: "SELECT * FROM t WHERE a = '{{ a }}'" }, ['query: A {{ }} hole of the query stands within quotes']],
    [{ query: 'SELECT 1 -- {{ a }}' }, ['query: A {{ }} hole of the query stands within quotes']],
    [{ query: 'SELECT ?' }, ['query: The query has the parameter ?']],
    [{ query: 'SELECT :list' }, ['query: The parameter ":list" cannot be an input']],
    [{ operations: [{ name: 'query', sql: 'SELECT 1' }] }, ['operations: Two operations are named "query"']],
    [{ operations: [{ name: 'a', sql: ' ' }] }, ['operations: The operation "a" has no SQL']],
    [{ operations: [{ name: 'a', sql: 'SELECT @b' }] }, ['operations: The operation "a" has the parameter @b']],
    [{ operations: [{ name: 'a', sql: 'SELECT 1', params: { c: {} } }] }, ['operations: The operation "a" describes the parameter "c"']],
  ])('%j', (config, expected) => {
    const problems = problemsOf('sql', { connection: 'shop', ...config });
    expect(problems).toHaveLength(expected.length);
    for (const [index, start] of expected.entries()) expect(problems[index]).toContain(start);
  });

  test('its summary says what it is set to', () => {
    expect(summaryOf('sql', { connection: 'shop' })).toBe('shop · read only');
    expect(summaryOf('sql', { connection: 'shop', access: 'write' })).toBe('shop · read and write');
  });
});

interface Seen {
  method: string | undefined;
  url: string | undefined;
  headers: IncomingMessage['headers'];
  body: string;
}

async function echo(): Promise<Seen[]> {
  const seen: Seen[] = [];
  const baseUrl = await bench.serve(async (incoming, answer) => {
    let body = '';
    for await (const chunk of incoming) body += chunk;
    seen.push({ method: incoming.method, url: incoming.url, headers: incoming.headers, body });
    answer.setHeader('content-type', 'application/json').end(JSON.stringify({ asked: incoming.url }));
  });
  bench.connections.api = { type: 'http', baseUrl: `${baseUrl}/v1` };
  return seen;
}

describe('http as a step', () => {
  const operation = {
    name: 'send',
    method: 'POST',
    path: '/people/{{person.id}}/mail',
    query: { copy: '{{copy}}', tag: 'x-{{tag}}' },
    headers: { 'x-trace': '{{trace}}' },
    body: { to: '{{people}}', count: '{{size(people)}}', text: 'Dear {{person.name}}', list: [1, '{{tag}}', null] },
  };

  test('fills every template as its place asks', async () => {
    const seen = await echo();
    const config = { connection: 'api', operations: [operation] };
    expect(Object.keys(portsOf('http', config).inputs)).toEqual(['person', 'copy', 'tag', 'trace', 'people']);
    const inputs = { person: { id: 'a b/é?#', name: 'Ada' }, copy: null, tag: 'a&b', trace: 't', people: ['x', 'y'] };
    const refused = await runStep('http', config, inputs);
    expect(refused.failure).toMatchObject({ code: 'request-invalid' });
    expect(seen).toEqual([]);
    const { outputs } = await runStep('http', config, { ...inputs, person: { id: 'a bé?#', name: 'Ada' } });
    expect(outputs).toMatchObject({ status: 200 });
    expect(seen[0]).toMatchObject({ method: 'POST', url: '/v1/people/a%20b%C3%A9%3F%23/mail?tag=x-a%26b', headers: { 'x-trace': 't' } });
    expect(JSON.parse(seen[0]?.body ?? '')).toEqual({ to: ['x', 'y'], count: 2, text: 'Dear Ada', list: [1, 'a&b', null] });
  });

  test.each(['..', '.', '', '../admin', '%2e%2e', '/', '\\', 'a/b', '..;'])('the value %j cannot lead to another path', async (parcel) => {
    const seen = await echo();
    const config = { connection: 'api', operations: [{ name: 'track', path: '/parcels/{{parcel}}' }] };
    const { failure, outputs } = await runStep('http', config, { parcel });
    if (failure) expect(failure.code).toBe('request-invalid');
    else expect(outputs.body).toEqual({ asked: `/v1/parcels/${encodeURIComponent(parcel)}` });
    for (const { url } of seen) expect(url).toMatch(/^\/v1\/parcels\/[^/]+$/);
  });

  test('a path may hold a query, and be encoded by its author', async () => {
    const seen = await echo();
    await runStep('http', { connection: 'api', operations: [{ name: 'find', path: '/a b/c%20d/é?q={{q}}&n=1' }] }, { q: 'x&y' });
    expect(seen[0]?.url).toBe('/v1/a%20b/c%20d/%C3%A9?q=x%26y&n=1');
  });

  test('says which operation runs', async () => {
    const seen = await echo();
    const operations = [
      { name: 'a', path: '/a' },
      { name: 'b', path: '/b' },
    ];
    expect((await runStep('http', { connection: 'api', operations, operation: 'b' }, {})).outputs).toEqual({ status: 200, body: { asked: '/v1/b' } });
    expect((await runStep('http', { connection: 'api', operations }, {})).failure?.code).toBe('operation-missing');
    expect(seen).toHaveLength(1);
  });
});

describe('http as tools', () => {
  test('parameters are its free variables, text unless told; what it does follows from its method', () => {
    const output: Schema = { type: 'object', properties: { place: { type: 'string' } } };
    const operations = operationsOf('http', {
      connection: 'api',
      operations: [
        {
          name: 'track',
          description: 'Where a parcel is',
          path: '/parcels/{{parcel}}',
          query: { depth: '{{depth}}' },
          params: { depth: { type: 'integer', default: 1 } },
          output,
        },
        { name: 'send', method: 'POST', path: '/parcels' },
        { name: 'find', method: 'POST', path: '/search', effect: 'read' },
        { name: 'put', method: 'PUT', path: '/parcels/{{id}}', idempotent: true },
      ],
    });
    expect(operations.map(({ name, effect, idempotent }) => [name, effect, idempotent])).toEqual([
      ['track', 'read', undefined],
      ['send', 'write', undefined],
      ['find', 'read', undefined],
      ['put', 'write', true],
    ]);
    expect(operations[0]).toMatchObject({
      description: 'Where a parcel is',
      input: {
        type: 'object',
        properties: { parcel: { type: 'string' }, depth: { type: 'integer', default: 1 } },
        required: ['parcel'],
        additionalProperties: false,
      },
      output: { properties: { status: { type: 'integer' }, body: output } },
    });
    expect(operations[1]?.description).toBe('POST /parcels');
  });

  test.each<[JsonObject, string[]]>([
    [{ operations: [{ name: 'a', path: '/a/{{b}}' }] }, []],
    [{ operations: [{ name: 'a', path: 'a' }] }, ['must begin with "/"']],
    [{ operations: [{ name: 'a', path: '//evil' }] }, ['must stay below']],
    [{ operations: [{ name: 'a', path: '/a/../b' }] }, ['must stay below']],
    [{ operations: [{ name: 'a', path: '/a', body: 1 }] }, ['takes no body']],
    [{ operations: [{ name: 'a', path: '/a', method: 'POST', body: { b: ['{{ c'] } }] }, ['In the body of operation "a"']],
    [{ operations: [{ name: 'a', path: '/a', params: { b: {} } }] }, ['no hole of it has {{b}}']],
    [
      {
        operations: [
          { name: 'a', path: '/a' },
          { name: 'a', path: '/b' },
        ],
      },
      ['Two operations are named "a"'],
    ],
    [{ operations: [{ name: 'a', path: '/a' }], operation: 'b' }, ['There is no operation "b"']],
  ])('mistakes: %j', (config, expected) => {
    const problems = problemsOf('http', { connection: 'api', ...config });
    expect(problems).toHaveLength(expected.length);
    for (const [index, part] of expected.entries()) expect(problems[index]).toContain(part);
  });

  test('its summary says what it is set to', () => {
    expect(summaryOf('http', { connection: 'api', operations: [{ name: 'a', path: '/parcels/{{ parcel.id }}' }] })).toBe('GET /parcels/{…}');
    expect(
      summaryOf('http', {
        connection: 'api',
        operations: [
          { name: 'a', path: '/a' },
          { name: 'b', path: '/b' },
        ],
      }),
    ).toBe('api · a, b');
    expect(summaryOf('http', { connection: 'api' })).toBe('api · no operations yet');
  });
});

describe('code', () => {
  const sum = {
    code: 'return orders.reduce((sum, { total }) => sum + total, 0) * factor',
    inputs: { orders: { type: 'array' }, factor: { type: 'number', default: 2 } },
  };

  test('runs as a step, on real wires', async () => {
    expect((await runStep('code', { ...sum, output: { type: 'number' } }, { orders: [{ total: 1 }, { total: 2 }], factor: 10 })).outputs).toEqual({
      result: 30,
    });
  });

  test('gives a result of another shape as a failure', async () => {
    const { failure } = await runStep('code', { code: 'return { a: "x" }', output: { type: 'object', properties: { a: { type: 'number' } } } }, {});
    expect(failure).toMatchObject({ code: 'output-invalid', retry: 'never', node: 'node' });
    expect(failure?.message).toContain('/a');
  });

  test('says where it went wrong', async () => {
    const { failure } = await runStep('code', { code: 'const a = 1;\nthrow new Error("no stock")' }, {});
    expect(failure).toMatchObject({ code: 'code-failed', message: 'The code failed: no stock (line 2).' });
  });

  test('is a tool with its inputs as parameters', () => {
    const [operation] = operationsOf('code', { ...sum, purpose: 'Adds up orders', output: { type: 'number' } });
    expect(operation).toMatchObject({
      name: 'run',
      description: 'Adds up orders',
      effect: 'read',
      input: { required: ['orders'], properties: sum.inputs },
      output: { type: 'number' },
    });
    expect(operationsOf('code', sum)[0]?.description).toBe('Runs the code of "The node"');
  });

  test('names what cannot be an input, and code that is not there', () => {
    expect(problemsOf('code', { code: ' ', inputs: { await: {}, list: {}, fine: {} } })).toEqual([
      'code: There is no code yet. Write the body of a function, such as "return a + b;".',
      'inputs: "await" cannot be an input: the word is reserved. Name it otherwise.',
      'inputs: "list" cannot be an input: the word is reserved. Name it otherwise.',
    ]);
    expect(summaryOf('code', { code: 'return 1' })).toBe('1 line of JavaScript');
    expect(summaryOf('code', { code: 'a;\nb;', purpose: 'Adds' })).toBe('Adds');
  });
});
