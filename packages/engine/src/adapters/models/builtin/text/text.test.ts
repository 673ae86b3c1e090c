import { describe, expect, test } from 'vitest';
import { findDates } from './dates.ts';
import { findEmails, findIdentifiers, findNumbers } from './patterns.ts';
import { isSameWord, plural, singular, stem, wordsOf } from './words.ts';

describe('dates', () => {
  test.for<[string, [string, string][]]>([
    ['in 2025', [['2025-01-01', '2026-01-01']]],
    [
      'March 2026 and Sept. 2025',
      [
        ['2026-03-01', '2026-04-01'],
        ['2025-09-01', '2025-10-01'],
      ],
    ],
    ['on 5 March 2026', [['2026-03-05', '2026-03-06']]],
    ['March 5th, 2026', [['2026-03-05', '2026-03-06']]],
    ['2024-02-29', [['2024-02-29', '2024-03-01']]],
    ['24.12.2025', [['2025-12-24', '2025-12-25']]],
    ['Q4 2025', [['2025-10-01', '2026-01-01']]],
    ['2025-06', [['2025-06-01', '2025-07-01']]],
    ['31 June 2026', [['2026-06-01', '2026-07-01']]],
    ['order 20250 costs 2025.50 at P-2025', []],
    ['you may go', []],
  ])('%s', ([text, wanted]) => expect(findDates(text).map(({ from, to }) => [from, to])).toEqual(wanted));
});

describe('numbers, identifiers and addresses', () => {
  test.for<[string, number[]]>([
    ['5 of 1,250.50', [5, 1250.5]],
    ['-3 and 0.5', [-3, 0.5]],
    ['P-20481, 2026-01-02, a1b', []],
    ['top 10', [10]],
  ])('numbers: %s', ([text, wanted]) => expect(findNumbers(text).map(({ value }) => value)).toEqual(wanted));

  test.for<[string, string[]]>([
    ['where is P-20481?', ['P-20481']],
    ['INV2026/17, ISBN 978-3-16-148410-0', ['INV2026/17', '978-3-16-148410-0']],
    ['Q1 2026 and 2026-01-02', []],
    ['ada.1@b.example', []],
  ])('identifiers: %s', ([text, wanted]) => expect(findIdentifiers(text).map((found) => found.text)).toEqual(wanted));

  test('addresses', () => expect(findEmails('to ada.smith+x@lab.example, not @home').map((found) => found.text)).toEqual(['ada.smith+x@lab.example']));
});

describe('words', () => {
  test('names and sentences split alike', () => {
    expect(wordsOf('orderedAt')).toEqual(wordsOf('ordered_at'));
    expect(wordsOf("Ada's 3 orders")).toEqual(['ada', '3', 'orders']);
  });

  test.for([
    ['orders', 'ordered'],
    ['categories', 'category'],
    ['shipped', 'ship'],
    ['placing', 'place'],
    ['boxes', 'box'],
    ['people', 'person'],
  ])('%s and %s are one', ([first = '', second = '']) => {
    expect(stem(first)).toBe(stem(second));
  });

  test('synonyms are the same word, strangers are not', () => {
    expect(isSameWord(stem('where'), stem('location'))).toBe(true);
    expect(isSameWord(stem('feels'), stem('mood'))).toBe(true);
    expect(isSameWord(stem('order'), stem('mood'))).toBe(false);
  });

  test.for([
    ['order line', 'order lines'],
    ['category', 'categories'],
    ['box', 'boxes'],
    ['branch', 'branches'],
  ])('one %s, several %s', ([one = '', several = '']) => {
    expect(plural(one)).toBe(several);
    expect(singular(several)).toBe(one);
  });
});
