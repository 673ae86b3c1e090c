/** How long ago something was. */
import { expect, test } from 'vitest';
import { ageText } from './age-text.ts';

const now = new Date(2026, 5, 15, 12).getTime();
const hours = (count: number) => now - count * 3_600_000;

test.each([
  [hours(0), 'just now'],
  [now - 5 * 60_000, '5 min ago'],
  [hours(3), '3 h ago'],
  [hours(30), 'yesterday'],
  [hours(24 * 10), '5 Jun'],
  [hours(24 * 400), '11 May 2025'],
])('%d reads %s', (at, text) => {
  expect(ageText(at, now)).toBe(text);
});
