/** Ticks are round and lie on the axis, whatever a run's length. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { axisTicks } from './time-axis.ts';

test('round ticks for short, usual and long runs', () => {
  expect(axisTicks(2000).map((tick) => tick.label)).toEqual(['0', '0.5 s', '1.0 s', '1.5 s', '2.0 s']);
  expect(axisTicks(3).map((tick) => tick.label)).toEqual(['0', '1 ms', '2 ms', '3 ms']);
  expect(axisTicks(600_000).map((tick) => tick.label)).toEqual(['0', '2 min', '4 min', '6 min', '8 min', '10 min']);
});

test('any length has between two and twelve ticks, none beyond its end', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_000_000_000 }), (total) => {
      const ticks = axisTicks(total);
      expect(ticks.length).toBeGreaterThanOrEqual(2);
      expect(ticks.length).toBeLessThanOrEqual(12);
      expect(ticks.at(-1)?.ms).toBeLessThanOrEqual(total * 1.001 + 1);
    }),
  );
});
