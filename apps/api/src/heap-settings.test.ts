import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { giveBackAtRest } from './heap-settings.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A process whose work and memory the test sets. */
function processOf() {
  const state = { share: 0, taken: 100_000_000, collections: 0 };
  const stop = giveBackAtRest({
    share: () => state.share,
    taken: () => state.taken,
    collect() {
      state.collections += 1;
      state.taken = 30_000_000;
      return Promise.resolve();
    },
  });
  return { state, stop };
}

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

test('gives memory back once the process rests, and not while it works', async () => {
  const { state, stop } = processOf();
  state.share = 0.3;
  await pass(5_000);
  expect(state.collections).toBe(0);
  state.share = 0.001;
  await pass(1_000);
  expect(state.collections).toBe(1);
  stop();
});

test('collects again only where much was taken since, and no more than once a minute', async () => {
  const { state, stop } = processOf();
  await pass(1_000);
  await pass(300_000);
  expect(state.collections).toBe(1);
  state.taken = 40_000_000;
  await pass(300_000);
  expect(state.collections).toBe(1);
  for (let second = 0; second < 120; second += 1) {
    state.taken = 90_000_000;
    await pass(1_000);
  }
  expect(state.collections).toBe(3);
  stop();
  state.taken = 90_000_000;
  await pass(300_000);
  expect(state.collections).toBe(3);
});

test('V8 gives back what a burst took', async () => {
  vi.useRealTimers();
  const before = process.memoryUsage().heapTotal;
  let burst: unknown[] = Array.from({ length: 1_000_000 }, (_, index) => ({ index }));
  const during = process.memoryUsage().heapTotal;
  expect(during - before).toBeGreaterThan(16_000_000);
  burst = [];
  const stop = giveBackAtRest();
  await expect.poll(() => process.memoryUsage().heapTotal, { timeout: 20_000, interval: 1_500 }).toBeLessThan(during - 10_000_000);
  stop();
  expect(burst).toHaveLength(0);
}, 30_000);
