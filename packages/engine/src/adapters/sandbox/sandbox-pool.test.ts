/** The sandbox's threads, without a host around them: who ends them, and that the next is there. */
import { afterEach, expect, test } from 'vitest';
import { SandboxPool } from './sandbox-pool.ts';
import type { GuestJob } from './sandbox-protocol.ts';

const pools: SandboxPool[] = [];
afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.close()));
});

function poolOf(size: number): SandboxPool {
  const pool = new SandboxPool({ size });
  pools.push(pool);
  return pool;
}

const job = (code: string, budgetMs = 5_000): GuestJob => ({ code, names: [], inputs: '{}', budgetMs });
const { signal } = new AbortController();

// One step of the language that takes minutes: the interpreter is not asked within it, so that only the watchdog ends it.
const native = 'return "a".repeat(1e6).indexOf("a".repeat(5e5) + "b")';

test('the watchdog ends a thread that is deep inside one native step', async () => {
  const pool = poolOf(1);
  const startedAt = performance.now();
  expect(await pool.run(job(native, 100), signal)).toMatchObject({ failure: { code: 'code-timeout' }, isTainted: true });
  expect(performance.now() - startedAt).toBeLessThan(15_000);
  expect(await pool.run(job('return 1'), signal)).toEqual({ result: '1', logs: '[]' });
});

test('jobs start in the order they came', async () => {
  const pool = poolOf(1);
  const ended: number[] = [];
  const runs = [1, 2, 3, 4].map((number) => pool.run(job(`return ${number}`), signal).then(() => ended.push(number)));
  await Promise.all(runs);
  expect(ended).toEqual([1, 2, 3, 4]);
});

test('a job that waits can be given up without touching the one that runs', async () => {
  const pool = poolOf(1);
  const controller = new AbortController();
  const running = pool.run(job('let n = 0; while (n < 3e6) n += 1; return n'), signal);
  const waiting = pool.run(job('return 2'), controller.signal);
  controller.abort();
  expect(await waiting).toBeUndefined();
  expect(await running).toEqual({ result: '3000000', logs: '[]' });
});

test('a closed pool gives up what runs and what waits, and takes nothing more', async () => {
  const pool = poolOf(1);
  const jobs = [pool.run(job('for (;;);'), signal), pool.run(job('return 1'), signal)];
  const outcomes = Promise.allSettled(jobs);
  await pool.close();
  expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  await expect(pool.run(job('return 1'), signal)).rejects.toThrow('closed');
});
