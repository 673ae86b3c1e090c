/** The rate limiter: a burst, then a steady rate, each key for itself. */
import { expect, it } from 'vitest';
import { RateLimiter } from './rate-limit.ts';

it('lets a burst pass, then as many as refill', () => {
  const limiter = new RateLimiter({ burst: 3, perSecond: 0.5 });
  expect([0, 0, 0, 0].map(() => limiter.take('a', 1000))).toEqual([0, 0, 0, 2]);
  expect(limiter.take('b', 1000)).toBe(0);
  expect(limiter.take('a', 2999)).toBe(1);
  expect([limiter.take('a', 3001), limiter.take('a', 3001)]).toEqual([0, 2]);
  expect([0, 0, 0, 0].map(() => limiter.take('a', 60_000))).toEqual([0, 0, 0, 2]);
});

it('is not misled by a clock that goes back', () => {
  const limiter = new RateLimiter({ burst: 1, perSecond: 1 });
  expect([limiter.take('a', 10_000), limiter.take('a', 5_000)]).toEqual([0, 1]);
});
