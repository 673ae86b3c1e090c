/** Numbers as people read them. */
import { expect, test } from 'vitest';
import { costText, counted, countText, durationText } from './figures.ts';
import { tableColumns } from './value-view.tsx';

test.each([
  [0, '0 ms'],
  [3.4, '3 ms'],
  [999, '999 ms'],
  [999.7, '1.0 s'],
  [1900, '1.9 s'],
  [59_949, '59.9 s'],
  [59_950, '1 min'],
  [600_000, '10 min'],
  [125_000, '2 min 5 s'],
  [7_260_000, '2 h 1 min'],
  [7_200_000, '2 h'],
])('%d ms reads %s', (ms, text) => {
  expect(durationText(ms)).toBe(text);
});

test('counts and costs', () => {
  expect([countText(3412), counted(1, 'turn'), counted(2, 'turn'), costText(0), costText(0.0021), costText(1.5)]).toEqual([
    '3,412',
    '1 turn',
    '2 turns',
    '$0',
    '$0.0021',
    '$1.50',
  ]);
});

test('a list of flat rows is a table; anything else is not', () => {
  expect(tableColumns([{ a: 1 }, { a: 2, b: null }])).toEqual(['a', 'b']);
  for (const value of [[], [1], [{ a: {} }], [[1]], [null], { a: 1 }, 'text']) expect(tableColumns(value)).toBeUndefined();
});
