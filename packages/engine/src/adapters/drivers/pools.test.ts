import { describe, expect, test } from 'vitest';
import { Pools } from './pools.ts';

const never = new AbortController().signal;

describe('pools', () => {
  test('keep to their concurrency and let the next in when a place is given back', async () => {
    const pools = new Pools(() => ({ concurrency: 2 }));
    const first = await pools.acquire('p', 'a', never);
    await pools.acquire('p', 'a', never);
    let isIn = false;
    const third = pools.acquire('p', 'a', never).then(() => {
      isIn = true;
    });
    await Promise.resolve();
    expect(isIn).toBe(false);
    first();
    await third;
    expect(isIn).toBe(true);
  });

  test('take turns between runs, first in first out within a run', async () => {
    const pools = new Pools(() => ({ concurrency: 1 }));
    const order: string[] = [];
    let release = await pools.acquire('p', 'large', never);
    const waiting = ['large 1', 'large 2', 'large 3', 'small 1', 'small 2'].map((name) =>
      pools.acquire('p', name.split(' ')[0] as string, never).then((give) => {
        order.push(name);
        release = give;
      }),
    );
    for (const _ of waiting) {
      release();
      await new Promise((resolve) => setImmediate(resolve));
    }
    await Promise.all(waiting);
    expect(order).toEqual(['large 1', 'small 1', 'large 2', 'small 2', 'large 3']);
  });

  test('a caller that gives up leaves the queue and keeps no place', async () => {
    const pools = new Pools(() => ({ concurrency: 1 }));
    const release = await pools.acquire('p', 'a', never);
    const controller = new AbortController();
    const gone = pools.acquire('p', 'b', controller.signal);
    controller.abort(new Error('gone'));
    await expect(gone).rejects.toThrow('gone');
    const next = pools.acquire('p', 'c', never);
    release();
    await expect(next).resolves.toBeTypeOf('function');
  });

  test('hold back what exceeds the rate', async () => {
    const pools = new Pools(() => ({ concurrency: 8, requestsPerMinute: 2 }));
    (await pools.acquire('p', 'a', never))();
    (await pools.acquire('p', 'a', never))();
    let isIn = false;
    const controller = new AbortController();
    const third = pools.acquire('p', 'a', controller.signal).then(
      () => {
        isIn = true;
      },
      () => undefined,
    );
    await new Promise((resolve) => setImmediate(resolve));
    expect(isIn).toBe(false);
    controller.abort(new Error('enough'));
    await third;
  });
});
