import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openOrderDeskRuns, type OrderDeskRuns } from '../../../../testing/order-desk-runs.ts';
import { readDeclarations } from './declarations.ts';

let desk: OrderDeskRuns;
beforeAll(async () => {
  desk = await openOrderDeskRuns();
});
afterAll(() => desk.close());

describe('the built-in planner where code is asked for', () => {
  test.each([0, 1, 2, 3])('answers question %i as it does by calls and by plans, from programs that call the same', async (index) => {
    const question = desk.questions[index] as string;
    const [byTools, byPlan, byCode] = await Promise.all(['tools', 'plan', 'code'].map((strategy) => desk.run(question, { strategy })));
    expect(byCode?.result).toMatchObject({ status: 'done', outputs: byTools?.result.outputs });
    expect(byPlan?.result.outputs).toEqual(byTools?.result.outputs);
    expect(byCode?.result.usage.toolCalls).toBe(byTools?.result.usage.toolCalls);
    const keys = [...(byCode?.view.calls.keys() ?? [])];
    expect(keys).toContain('planner#t1.code.pass.0');
    expect(keys.filter((key) => key.startsWith('planner#t1.orders'))).toEqual([]);
  });
});

describe('declarations are read back', () => {
  test('with names, types and what is said of them', () => {
    const text = `/** Shop "orders" */
declare const orders: {
  /** Finds an order */
  find(args: { /** Number: it is (unique) */ id: number; "odd name"?: string | null; state?: "open" | "closed"; since?: string[]; /** Day (date) */ day?: string; deep?: { a: (1 | 2)[] } }): Promise<any>;
  /** Takes anything */
  any(args?: Record<string, any>): Promise<{ a: string }>;
};
/** A result that was kept for you, whole, by its id. */
declare function kept(id: string): Promise<any>;`;
    expect(readDeclarations(text)).toEqual([
      {
        call: 'orders.find',
        tool: {
          name: 'orders_find',
          description: 'Finds an order',
          parameters: {
            type: 'object',
            required: ['id'],
            properties: {
              id: { type: 'number', description: 'Number: it is (unique)' },
              'odd name': { anyOf: [{ type: 'string' }, { type: 'null' }] },
              state: { enum: ['open', 'closed'] },
              since: { type: 'array', items: { type: 'string' } },
              day: { type: 'string', description: 'Day (date)', format: 'date' },
              deep: { type: 'object', required: ['a'], properties: { a: { type: 'array', items: { enum: [1, 2] } } } },
            },
          },
        },
      },
      { call: 'orders.any', tool: { name: 'orders_any', description: 'Takes anything', parameters: { type: 'object', additionalProperties: {} } } },
    ]);
  });

  test('and whatever stands there ends', () => {
    for (const rest of ['', '{', '{ a', '{ a: ', '{ a: Record<', '((((', '| | |', '{ /** x', '"', '{ a: string; b?: }']) {
      expect(readDeclarations(`declare const x: {\n  /** d */\n  f(args: ${rest}\n};`)).toHaveLength(1);
    }
  });
});
