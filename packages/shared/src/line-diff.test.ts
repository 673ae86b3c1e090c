import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { diffLines } from './line-diff.ts';
import { visibleLine, visibleText } from './visible-text.ts';

const drawn = (before: string | undefined, now: string | undefined) => diffLines(before, now).map(({ mark, text }) => mark + text);

describe('two texts line by line', () => {
  test('what stays is told once, what changed as taken out and put in', () => {
    expect(drawn('a\nb\nc\nd', 'a\nx\nc\nd\ne')).toEqual([' a', '-b', '+x', ' c', ' d', '+e']);
    expect(drawn('same', 'same')).toEqual([' same']);
    expect(drawn(undefined, 'a\nb')).toEqual(['+a', '+b']);
    expect(drawn('a', undefined)).toEqual(['-a']);
    expect(drawn('', 'a')).toEqual(['-', '+a']);
  });

  test('whatever the texts, both can be read off it', () => {
    const text = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 12 }).map((lines) => lines.join('\n'));
    const side = (lines: ReturnType<typeof diffLines>, not: string) =>
      lines
        .filter(({ mark }) => mark !== not)
        .map((line) => line.text)
        .join('\n');
    fc.assert(
      fc.property(text, text, (before, now) => {
        const lines = diffLines(before, now);
        expect([side(lines, '+'), side(lines, '-')]).toEqual([before, now]);
      }),
    );
  });

  test('texts too long to be compared in the middle are told whole', () => {
    const many = (word: string) => Array.from({ length: 1500 }, (_, index) => `${word}${index}`).join('\n');
    const lines = diffLines(`first\n${many('a')}\nlast`, `first\n${many('b')}\nlast`);
    expect(lines).toHaveLength(3002);
    expect([lines[0], lines[1], lines.at(-2), lines.at(-1)]).toMatchObject([{ mark: ' ' }, { mark: '-' }, { mark: '+' }, { mark: ' ' }]);
  });
});

test('what is not seen, or moves what is seen, is written out', () => {
  expect(visibleText('plain, größer, 日本 👍\nnext')).toBe('plain, größer, 日本 👍\nnext');
  expect(visibleText('a\u001b[2Jb\rc\td')).toBe('a\\u{1b}[2Jb\\u{d}c\\u{9}d');
  expect(visibleText('a\u202eb\u200bc\u{e0041}d\ufe0fe\u3164f\u2028g\ud800')).toBe('a\\u{202e}b\\u{200b}c\\u{e0041}d\\u{fe0f}e\\u{3164}f\\u{2028}g\\u{d800}');
  expect(visibleText('a\r\nb')).toBe('a\nb');
  expect(visibleLine('a\nb')).toBe('a\\u{a}b');
});
