/** The command bar finds by every word, what begins with them first. */
import { expect, test } from 'vitest';
import { findAll, type Entry } from './find-entries.ts';

const entry = (text: string, more: Partial<Entry> = {}): Entry => ({ id: text, icon: 'x', text, run: () => undefined, ...more });
const groups = [
  { title: 'Actions', entries: [entry('Undo', { isDisabled: true }), entry('Download as JSON'), entry('Show the run')] },
  { title: 'Nodes', entries: [entry('Runner', { words: 'runner control' }), entry('Shop orders', { note: 'shop · read only', words: 'orders sql' })] },
];
const found = (words: string) => findAll(groups, words, 10).flatMap((group) => group.entries.map((each) => each.text));

test('without words, what can be done and the first nodes', () => {
  expect(found('')).toEqual(['Download as JSON', 'Show the run', 'Runner', 'Shop orders']);
});

test('by beginning, part, note and further words', () => {
  expect(found('run')).toEqual(['Show the run', 'Runner']);
  expect(found('read only')).toEqual(['Shop orders']);
  expect(found('sql')).toEqual(['Shop orders']);
  expect(found('json down')).toEqual(['Download as JSON']);
  expect(found('nothing such')).toEqual([]);
});
