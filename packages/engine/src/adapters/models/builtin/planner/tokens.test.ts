import { describe, expect, test } from 'vitest';
import { splitClauses } from './clauses.ts';
import { findQuotes } from './tokens.ts';

describe('quotations', () => {
  test.for<[string, string[]]>([
    ["The message was: 'third delay, I give up'", ['third delay, I give up']],
    ["the customers' orders and Ada's 'don't ask' note", ["don't ask"]],
    ['"one" and “two”, «three» and ‘four’', ['one', 'two', 'three', 'four']],
    ["it's O'Hara's", []],
    ['"unclosed', []],
  ])('%s', ([text, wanted]) => expect(findQuotes(text).map((quote) => quote.text)).toEqual(wanted));
});

describe('clauses', () => {
  test.for<[string, string[]]>([
    ['Where is it, and how late is it?', ['Where is it, and', 'how late is it?']],
    ['Books by Ursula K. Le Guin', ['Books by Ursula K. Le Guin']],
    ['Ask Dr. Roth. Show the room.', ['Ask Dr. Roth.', 'Show the room.']],
    ['Orders of 1.5 kg and cheaper', ['Orders of 1.5 kg and cheaper']],
    ["She says: 'How? Why? Go.' Where is she?", ["She says: 'How? Why? Go.'", 'Where is she?']],
    ['Top 5 books in 2025, and the number of loans', ['Top 5 books in 2025, and', 'the number of loans']],
  ])('%s', ([text, wanted]) => expect(splitClauses(text).map((clause) => clause.text)).toEqual(wanted));

  test('a clause that only gives something asks nothing, unless nothing else does', () => {
    expect(splitClauses("How does she feel? The message was: 'no'").map(({ isSupply }) => isSupply)).toEqual([false, true]);
    expect(splitClauses('orders in 2025').map(({ isSupply }) => isSupply)).toEqual([false]);
  });
});
