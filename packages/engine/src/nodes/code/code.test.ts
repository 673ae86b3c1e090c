/** The kind `code` as a step in the real sandbox, and as a tool. */
import { afterEach, describe, expect, test } from 'vitest';
import { RoomBench } from '../../testing/room-bench.ts';

let bench = new RoomBench('code');
afterEach(async () => {
  await bench.close();
  bench = new RoomBench('code');
});

describe('code', () => {
  const sum = {
    code: 'return orders.reduce((sum, { total }) => sum + total, 0) * factor',
    inputs: { orders: { type: 'array' }, factor: { type: 'number', default: 2 } },
  };

  test('runs as a step, on real wires', async () => {
    expect((await bench.runStep({ ...sum, output: { type: 'number' } }, { orders: [{ total: 1 }, { total: 2 }], factor: 10 })).outputs).toEqual({
      result: 30,
    });
  });

  test('gives a result of another shape as a failure', async () => {
    const { failure } = await bench.runStep({ code: 'return { a: "x" }', output: { type: 'object', properties: { a: { type: 'number' } } } }, {});
    expect(failure).toMatchObject({ code: 'output-invalid', retry: 'never', node: 'node' });
    expect(failure?.message).toContain('/a');
  });

  test('says where it went wrong', async () => {
    const { failure } = await bench.runStep({ code: 'const a = 1;\nthrow new Error("no stock")' }, {});
    expect(failure).toMatchObject({ code: 'code-failed', message: 'The code failed: no stock (line 2).' });
  });

  test('is a tool with its inputs as parameters', () => {
    const [operation] = bench.operations({ ...sum, purpose: 'Adds up orders', output: { type: 'number' } });
    expect(operation).toMatchObject({
      name: 'run',
      description: 'Adds up orders',
      effect: 'read',
      input: { required: ['orders'], properties: sum.inputs },
      output: { type: 'number' },
    });
    expect(bench.operations(sum)[0]?.description).toBe('Runs the code of "The node"');
  });

  test('names what cannot be an input, and code that is not there', () => {
    expect(bench.problems({ code: ' ', inputs: { await: {}, list: {}, fine: {} } })).toEqual([
      'code: There is no code yet. Write the body of a function, such as "return a + b;".',
      'inputs: "await" cannot be an input: the word is reserved. Name it otherwise.',
    ]);
    expect(bench.summary({ code: 'return 1' })).toBe('1 line of JavaScript');
    expect(bench.summary({ code: 'a;\nb;', purpose: 'Adds' })).toBe('Adds');
  });
});
