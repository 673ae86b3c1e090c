import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { TimeLimits, type TimeLimit } from './time-limits.ts';

beforeEach(() => void vi.useFakeTimers({ now: 0 }));
afterEach(() => void vi.useRealTimers());

describe('time limits', () => {
  test('each is reached at its time unless it was taken back, whatever comes and goes beside it', () => {
    const step = fc.oneof(
      fc.record({ begin: fc.constantFrom(5, 20, 300) }),
      fc.record({ end: fc.nat(30) }),
      fc.record({ pass: fc.integer({ min: 1, max: 40 }) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        vi.setSystemTime(0);
        const limits = new TimeLimits();
        const begin = performance.now();
        const now = () => performance.now() - begin;
        const all: { limit: TimeLimit; due: number; reached: number[]; isTakenBack: boolean }[] = [];
        for (const one of steps) {
          if ('begin' in one) {
            const reached: number[] = [];
            all.push({ limit: limits.begin(one.begin, { outOfTime: () => reached.push(now()) }), due: now() + one.begin, reached, isTakenBack: false });
          } else if ('pass' in one) vi.advanceTimersByTime(one.pass);
          else {
            const taken = all[one.end];
            if (!taken) continue;
            taken.isTakenBack ||= taken.reached.length === 0;
            limits.end(taken.limit);
          }
        }
        vi.advanceTimersByTime(1000);
        for (const { due, reached, isTakenBack } of all) {
          expect(reached).toHaveLength(isTakenBack ? 0 : 1);
          if (!isTakenBack) expect((reached[0] as number) - due).toBeLessThanOrEqual(1);
          if (!isTakenBack) expect(reached[0]).toBeGreaterThanOrEqual(due);
        }
        expect(vi.getTimerCount()).toBe(0);
      }),
    );
  });

  test('a limit that is reached may set another of the same length', () => {
    const limits = new TimeLimits();
    let count = 0;
    const again = { outOfTime: () => ++count < 3 && limits.begin(10, again) };
    limits.begin(10, again);
    vi.advanceTimersByTime(35);
    expect(count).toBe(3);
  });
});

test('a line in which nobody waits does not keep the process up, one in which somebody does keeps it', () => {
  vi.useRealTimers();
  const active = () => process.getActiveResourcesInfo().filter((what) => what === 'Timeout').length;
  const limits = new TimeLimits();
  const before = active();
  const limit = limits.begin(60_000, { outOfTime: () => {} });
  expect(active()).toBe(before + 1);
  limits.end(limit);
  expect(active()).toBe(before);
  const second = limits.begin(60_000, { outOfTime: () => {} });
  expect(active()).toBe(before + 1);
  limits.end(second);
});
