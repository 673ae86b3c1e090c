import { expect, test } from 'vitest';
import { waitKind } from './wait.ts';

test('what is missing is told with all that may be waited for, and only a time that is there twice as one too many', () => {
  const told = (config: object) => waitKind.problems?.(waitKind.config.parse(config)).map(({ message }) => message);
  expect(told({})).toEqual(['Say what to wait for: so many seconds, until a moment, or for an event.']);
  expect(told({ seconds: 1, until: '2026-03-01T09:00:00Z' })).toEqual(['Say how long to wait: either so many seconds, or until a moment.']);
  for (const whole of [{ seconds: 1 }, { until: '2026-03-01T09:00:00Z' }, { event: 'paid' }, { event: 'paid', seconds: 1 }]) expect(told(whole)).toEqual([]);
});
