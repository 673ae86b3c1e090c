/** A node `sql` that is kept to some tables: as a step, by its named operations, and as what a control node is told and may ask. */
import type { Flow } from '@switchyard/shared';
import { afterEach, expect, test } from 'vitest';
import { RoomBench } from '../../testing/room-bench.ts';
import { scriptedTurns, testRun } from '../../testing/test-run.ts';

const shop = `CREATE TABLE orders (id INTEGER PRIMARY KEY, customer TEXT); INSERT INTO orders VALUES (1, 'Ada');
  CREATE TABLE salaries (person TEXT, amount REAL); INSERT INTO salaries VALUES ('Grace', 4242)`;
const config = { connection: 'shop', tables: ['orders'] };

let bench = new RoomBench('sql');
afterEach(async () => {
  await bench.close();
  bench = new RoomBench('sql');
});

test('as a step it reads those and no others', async () => {
  await bench.database('shop', shop);
  expect((await bench.runStep({ ...config, query: 'SELECT id FROM orders' }, {})).outputs).toEqual({ rows: [{ id: 1 }], truncated: false });
  const { failure } = await bench.runStep({ ...config, query: 'SELECT amount FROM salaries' }, {});
  expect(failure).toMatchObject({ code: 'sql-refused', node: 'node' });
  expect(failure?.message).toContain('salaries, which is not among the tables of the node');
});

test('a control node is told of those alone, and reaches no others', async () => {
  await bench.database('shop', shop);
  const model = scriptedTurns([
    [['data_query', { sql: 'SELECT amount FROM salaries' }]],
    [['data_query', { sql: 'SELECT amount FROM salaries', tables: ['salaries'] }]],
    [['data_pay', {}]],
    [['data_query', { sql: 'SELECT customer FROM orders' }]],
    'Ada.',
  ]);
  const real = await bench.host();
  const operations = [{ name: 'pay', description: 'What people earn', sql: 'SELECT amount FROM salaries' }];
  const flow: Flow = {
    format: 'switchyard.flow',
    version: 1,
    name: 'test',
    nodes: {
      ask: { kind: 'input', config: { fields: { question: {} } } },
      planner: { kind: 'control', config: { model: 'm' } },
      data: { kind: 'sql', config: { ...config, operations } },
      reply: { kind: 'output', config: { fields: { answer: {} } } },
    },
    links: [
      { from: 'ask.question', to: 'planner.request' },
      { from: 'planner.answer', to: 'reply.answer' },
    ],
    grants: [{ from: 'planner', to: 'data' }],
  };
  const host = {
    pool: (name: string) => real.pool(name),
    perform: (...[call, scope]: Parameters<typeof real.perform>) =>
      call.kind === 'model' ? Promise.resolve({ result: model.answer(call) }) : real.perform(call, scope),
  };
  const { result } = await testRun(flow, { host, inputs: { question: 'Who ordered?' } });
  expect(result).toMatchObject({ status: 'done', outputs: { answer: 'Ada.' } });
  const [first] = model.requests;
  expect(JSON.stringify(first)).toContain('customer');
  expect(JSON.stringify(first)).not.toContain('salaries');
  const told = model.requests.at(-1)?.messages.filter(({ role }) => role === 'tool') ?? [];
  expect(told).toHaveLength(4);
  expect(told[0]?.text).toContain('not among the tables of the node');
  // The second asks for a list of its own.
  expect(JSON.stringify(told.slice(0, 3))).not.toContain('4242');
  expect(told[2]?.text).toContain('not among the tables of the node');
  expect(told[3]?.text).toContain('Ada');
});
