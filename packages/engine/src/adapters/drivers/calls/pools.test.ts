import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Fifo } from './fifo.ts';
import { Pools } from './pools.ts';

/** Enters the pool "p": `begin` is given what gives the place back. Gives what leaves the queue, where the caller is in it. */
function enter(pools: Pools, run: string, begin: (release: () => void) => void): (() => void) | undefined {
  const waiting = pools.enter('p', run, { enter: (place) => begin(() => pools.leave(place)) });
  return waiting && (() => pools.giveUp(waiting));
}

/** Enters the pool for each name in order; gives the order in which they were let in, and what gives their places back. */
function entering(pools: Pools, names: readonly string[]) {
  const order: string[] = [];
  const releases: (() => void)[] = [];
  const leave = names.map((name) =>
    enter(pools, name.split(' ')[0] as string, (release) => {
      order.push(name);
      releases.push(release);
    }),
  );
  return { order, releases, leave };
}

describe('pools', () => {
  test('keep to their concurrency and let the next in when a place is given back', () => {
    const { order, releases } = entering(new Pools(() => ({ concurrency: 2 })), ['a 1', 'a 2', 'a 3']);
    expect(order).toEqual(['a 1', 'a 2']);
    releases[0]?.();
    expect(order).toEqual(['a 1', 'a 2', 'a 3']);
  });

  test('take turns between runs, first in first out within a run', () => {
    const { order, releases } = entering(new Pools(() => ({ concurrency: 1 })), ['large 0', 'large 1', 'large 2', 'large 3', 'small 1', 'small 2']);
    for (let index = 0; index < 6; index += 1) releases[index]?.();
    expect(order).toEqual(['large 0', 'large 1', 'small 1', 'large 2', 'small 2', 'large 3']);
  });

  test('a caller that gives up leaves the queue and keeps no place', () => {
    const { order, releases, leave } = entering(new Pools(() => ({ concurrency: 1 })), ['a', 'b', 'c']);
    leave[1]?.();
    leave[1]?.();
    releases[0]?.();
    expect(order).toEqual(['a', 'c']);
    leave[2]?.();
    releases[1]?.();
    expect(order).toEqual(['a', 'c']);
  });

  test('hold back what exceeds the rate', () => {
    const { order, releases, leave } = entering(new Pools(() => ({ concurrency: 8, requestsPerMinute: 2 })), ['a 1', 'a 2', 'a 3']);
    for (const release of releases) release();
    expect(order).toEqual(['a 1', 'a 2']);
    leave[2]?.();
  });

  test('let everyone in once who waits and does not leave, in turns, whatever comes and goes', () => {
    const step = fc.oneof(fc.record({ enter: fc.constantFrom('a', 'b', 'c') }), fc.record({ release: fc.nat(20) }), fc.record({ leave: fc.nat(20) }));
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3 }), fc.array(step, { maxLength: 60 }), (concurrency, steps) => {
        const pools = new Pools(() => ({ concurrency }));
        const callers: { run: string; state: 'waiting' | 'in' | 'out'; release?: () => void; leave?: (() => void) | undefined }[] = [];
        for (const [number, what] of steps.entries()) {
          if ('enter' in what) {
            const caller: (typeof callers)[number] = { run: what.enter, state: 'waiting' };
            callers.push(caller);
            caller.leave = enter(pools, what.enter, (release) => {
              expect(caller.state).toBe('waiting');
              expect(callers.find(({ run, state }) => run === caller.run && state === 'waiting')).toBe(caller);
              Object.assign(caller, { state: 'in', release });
            });
          } else {
            const wanted = 'release' in what ? 'in' : 'waiting';
            const caller = callers.filter(({ state }) => state === wanted)[number % 7];
            if (!caller) continue;
            caller.state = 'out';
            if ('release' in what) caller.release?.();
            else caller.leave?.();
          }
          const inside = callers.filter(({ state }) => state === 'in').length;
          const waiting = callers.filter(({ state }) => state === 'waiting').length;
          expect(inside).toBe(Math.min(concurrency, inside + waiting));
        }
      }),
    );
  });

  test('a queue of 100,000 calls costs each of them what a queue of 1,000 does', () => {
    const perCall = (count: number) => {
      const { releases } = entering(
        new Pools(() => ({ concurrency: 10 })),
        Array.from({ length: count }, () => 'a'),
      );
      const begin = performance.now();
      for (let index = 0; index < count; index += 1) releases[index]?.();
      return (performance.now() - begin) / count;
    };
    perCall(1000);
    // Where it grew with the length of the queue, it would be a hundred times as much.
    expect(perCall(100_000)).toBeLessThan(30 * Math.max(perCall(1000), 0.0005));
  });
});

test('a queue that never runs empty gives everything in order', () => {
  const fifo = new Fifo<number>();
  let taken = 0;
  for (let item = 0; item < 10_000; item += 1) {
    fifo.add(item);
    if (item % 3 !== 0) expect(fifo.take()).toBe(taken++);
  }
  expect(fifo.length).toBe(10_000 - taken);
  while (fifo.length > 0) expect(fifo.take()).toBe(taken++);
  expect(fifo.take()).toBeUndefined();
});
