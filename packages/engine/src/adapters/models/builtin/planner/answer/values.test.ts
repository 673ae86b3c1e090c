/** Values as the planner tells them. */
import { expect, test } from 'vitest';
import { valueText } from './values.ts';

test.each([
  ['2025-03-01 23:30:00', '2025-03-01 23:30'],
  ['2025-03-01T23:30:00.125Z', '2025-03-01 23:30'],
  ['2025-03-01 23:30:00+00', '2025-03-01 23:30'],
  ['2025-03-01 23:30:00+02', '2025-03-01 23:30:00+02'],
  ['2025-03-01', '2025-03-01'],
])('%s is told as %s', (value, told) => {
  expect(valueText(value)).toBe(told);
});
