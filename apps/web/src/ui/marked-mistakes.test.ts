import { EditorState } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import type { Span } from '@switchyard/shared';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jsonMistake, tellMistakes, toldMistakes } from './marked-mistakes.ts';

test.each([
  ['{"a": 1,}', ','],
  ['{\n  "a": 1\n  "b": 2\n}', '1'],
  ['[1, two]', 'two'],
  ['{"a": [1, 2', '2'],
  ['nothing', 'nothing'],
])('of %j the place where it stops being JSON is told', (text, meant) => {
  const span = jsonMistake(text);
  expect(text.slice(span?.start, span?.end)).toBe(meant);
});

test.each(['', ' ', '{"a": [1, "two", null]}'])('of %j nothing is told', (text) => {
  expect(jsonMistake(text)).toBeUndefined();
});

test('the place lies within the text, whatever is cut off or put in', () => {
  fc.assert(
    fc.property(fc.json(), fc.nat(), fc.string({ maxLength: 3 }), (json, at, put) => {
      const text = json.slice(0, at % (json.length + 1)) + put;
      const { start, end } = jsonMistake(text) ?? { start: 0, end: 0 };
      expect(start).toBeGreaterThanOrEqual(0);
      expect(end).toBeGreaterThanOrEqual(start);
      expect(end).toBeLessThanOrEqual(text.length);
    }),
    { numRuns: 2000 },
  );
});

const open = (doc: string) => EditorState.create({ doc, extensions: [toldMistakes] });

function marked(state: EditorState): string[] {
  const found: string[] = [];
  for (const set of state.facet(EditorView.decorations)) {
    if (typeof set === 'function') continue;
    set.between(0, state.doc.length, (from, to) => void found.push(state.sliceDoc(from, to)));
  }
  return found;
}

test('what is told goes with the text as it is written, until something else is told', () => {
  const spans: Span[] = [{ start: 4, end: 7 }];
  const told = open('one two three').update({ effects: tellMistakes.of(spans) }).state;
  expect(marked(told)).toEqual(['two']);
  const written = told.update({ changes: { from: 0, insert: 'zero ' } }).state;
  expect(marked(written)).toEqual(['two']);
  expect(marked(written.update({ effects: tellMistakes.of([]) }).state)).toEqual([]);
});

test('what is told of a text that is shorter by now is left out', () => {
  const told = open('one').update({
    effects: tellMistakes.of([
      { start: 1, end: 9 },
      { start: 5, end: 6 },
    ]),
  }).state;
  expect(marked(told)).toEqual(['ne']);
});
