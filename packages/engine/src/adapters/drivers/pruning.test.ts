import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { keepPruned, type Kept } from './pruning.ts';

const log = { warn: vi.fn() };
beforeEach(() => {
  vi.useFakeTimers({ now: 100 * 24 * 60 * 60_000 });
  log.warn.mockClear();
});
afterEach(() => vi.useRealTimers());

/** A store with so many slices to prune; each may be made to fail. */
function storeWith(slices: number) {
  const asked: Kept[] = [];
  const store = {
    asked,
    left: slices,
    error: undefined as Error | undefined,
    async slice(kept: Kept) {
      asked.push(kept);
      if (store.error) throw store.error;
      store.left -= 1;
      return store.left > 0;
    },
  };
  return store;
}

describe('keeping a store pruned', () => {
  test('goes on with pauses while anything is left, then looks again from time to time', async () => {
    const store = storeWith(5);
    const close = keepPruned(store, { days: 30, runs: 7 }, log);
    await vi.advanceTimersByTimeAsync(1000);
    expect(store.asked).toHaveLength(5);
    expect(store.asked[0]).toEqual({ endedAfter: Date.now() - 1000 + 40 - 30 * 24 * 60 * 60_000, runs: 7 });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(store.asked).toHaveLength(6);
    await close();
    await vi.advanceTimersByTimeAsync(600_000);
    expect(store.asked).toHaveLength(6);
  });

  test('0 is without a limit', async () => {
    const [some, none] = [storeWith(1), storeWith(1)];
    const ends = [keepPruned(some, { days: 0, runs: 3 }, log), keepPruned(none, { days: 0, runs: 0 }, log)];
    await vi.advanceTimersByTimeAsync(200_000);
    expect(some.asked[0]).toEqual({ runs: 3 });
    expect(none.asked).toEqual([]);
    for (const end of ends) await end();
  });

  test('a failure is told, and tried again later', async () => {
    const store = storeWith(1);
    store.error = new Error('database or disk is full');
    const close = keepPruned(store, { days: 1, runs: 0 }, log);
    await vi.advanceTimersByTimeAsync(1000);
    expect(log.warn.mock.calls).toEqual([['Old runs could not be removed: database or disk is full']]);
    store.error = undefined;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(store.left).toBe(0);
    await close();
  });
});
