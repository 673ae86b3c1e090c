/** The kind `sql` as a step on a real database, and as tools of a control node. */
import type { Catalogue, Flow, Json, JsonObject } from '@switchyard/shared';
import { afterEach, describe, expect, test } from 'vitest';
import { RoomBench } from '../../testing/room-bench.ts';
import { scriptedTurns, testRun } from '../../testing/test-run.ts';

const shop = `CREATE TABLE orders (id INTEGER PRIMARY KEY, customer TEXT, status TEXT, total REAL);
  INSERT INTO orders VALUES (1, 'Ada', 'open', 20), (2, 'Ada', 'done', 30), (3, 'Grace', 'open', 5)`;

let bench = new RoomBench('sql');
afterEach(async () => {
  await bench.close();
  bench = new RoomBench('sql');
});

describe('sql as a step', () => {
  test('binds holes and :name parameters, whatever they hold', async () => {
    await bench.database('shop', shop);
    const config = {
      connection: 'shop',
      query: 'SELECT id FROM orders WHERE customer = {{ customer.name }} AND status = :status AND id > {{ least - 1 }} ORDER BY id',
    };
    expect(Object.keys(bench.ports(config).inputs)).toEqual(['customer', 'least', 'status']);
    expect((await bench.runStep(config, { customer: { name: 'Ada' }, status: 'open', least: 1 })).outputs).toEqual({ rows: [{ id: 1 }], truncated: false });
    const evil = await bench.runStep(config, { customer: { name: "' OR 1=1; DROP TABLE orders; --" }, status: "open'; --", least: 0 });
    expect(evil).toMatchObject({ status: 'done', outputs: { rows: [] } });
  });

  test('keeps its own holes apart from a parameter of the same name', async () => {
    await bench.database('shop', shop);
    const config = { connection: 'shop', query: 'SELECT :hole_1 AS named, {{ a }} AS bound' };
    expect((await bench.runStep(config, { hole_1: 'n', a: 'b' })).outputs).toEqual({ rows: [{ named: 'n', bound: 'b' }], truncated: false });
  });

  test('with a wrong query fails and says why', async () => {
    await bench.database('shop', shop);
    expect((await bench.runStep({ connection: 'shop', query: 'SELECT idd FROM orders' }, {})).failure).toMatchObject({ code: 'sql-invalid', node: 'node' });
    expect((await bench.runStep({ connection: 'shop', query: 'DELETE FROM orders' }, {})).failure).toMatchObject({ code: 'sql-refused', node: 'node' });
  });

  test('that may write changes rows, and still reads as a reader', async () => {
    await bench.database('shop', shop);
    expect(
      (await bench.runStep({ connection: 'shop', access: 'write', query: 'DELETE FROM orders WHERE id = {{ id }} RETURNING id' }, { id: 1 })).outputs,
    ).toEqual({
      rows: [{ id: 1 }],
      truncated: false,
      affected: 1,
    });
    expect((await bench.runStep({ connection: 'shop', access: 'write', query: 'SELECT count(*) AS n FROM orders' }, {})).outputs).toEqual({
      rows: [{ n: 2 }],
      truncated: false,
      affected: null,
    });
  });

  test('says that there are more rows than it gives', async () => {
    await bench.database('shop', shop);
    const query = 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :most) SELECT i FROM n';
    expect((await bench.runStep({ connection: 'shop', query }, { most: 1000 })).outputs).toMatchObject({ rows: { length: 1000 }, truncated: false });
    expect((await bench.runStep({ connection: 'shop', query }, { most: 1001 })).outputs).toMatchObject({ rows: { length: 1000 }, truncated: true });
  });
});

describe('sql as tools', () => {
  const catalogue: Catalogue = { dialect: 'sqlite', tables: [{ name: 'orders', rows: 3, columns: [{ name: 'id', type: 'INTEGER', nullable: false }] }] };

  test('offers free SQL, told of the tables, and its named operations', () => {
    const operations = bench.operations(
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
    const description = bench.operations({ connection: 'shop' }, { catalogue: { dialect: 'sqlite', tables } })[0]?.description ?? '';
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
    const problems = bench.problems({ connection: 'shop', ...config });
    expect(problems).toHaveLength(expected.length);
    for (const [index, start] of expected.entries()) expect(problems[index]).toContain(start);
  });

  test('its summary says what it is set to', () => {
    expect(bench.summary({ connection: 'shop' })).toBe('shop · read only');
    expect(bench.summary({ connection: 'shop', access: 'write' })).toBe('shop · read and write');
  });
});
