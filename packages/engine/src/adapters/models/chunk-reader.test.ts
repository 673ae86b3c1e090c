/** Whatever stands around and in a piece of text, a chunk is read as if it were parsed whole. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ChunkReader } from './chunk-reader.ts';

function readAll(lines: readonly string[]): unknown[] {
  const reader = new ChunkReader();
  return lines.map((line) => structuredClone(reader.read(line)));
}

const parsed = (lines: readonly string[]) => lines.map((line) => JSON.parse(line) as unknown);

const content = (text: string, more: object = {}) => JSON.stringify({ id: 'c1', choices: [{ index: 0, delta: { content: text }, ...more }] });
const call = (index: number, text: string, more: object = {}) =>
  JSON.stringify({ id: 'c1', choices: [{ delta: { tool_calls: [{ index, ...more, function: { arguments: text } }] } }] });

test('any chunks, of answers and of calls, with anything in their pieces', () => {
  const piece = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('', '"', '\\', '\\"', '","x":"', '"content":"x"', '\u0000', 'é', '\ud800'));
  const line = fc.oneof(
    piece.map((text) => content(text)),
    piece.map((text) => content(text, { finish_reason: 'stop' })),
    fc.tuple(fc.nat(2), piece).map(([index, text]) => call(index, text)),
    fc.tuple(fc.nat(2), piece).map(([index, text]) => call(index, text, { id: 'a' })),
    piece.map((text) => JSON.stringify({ note: { content: text }, choices: [{ delta: { content: 'same' } }] })),
    piece.map((text) => JSON.stringify({ choices: [{ delta: { content: text } }] }, null, 1)),
    piece.map((text) => JSON.stringify({ choices: [{ delta: { content: [{ text }] } }] })),
    fc
      .jsonValue()
      .filter((value) => typeof value === 'object' && value !== null && !Array.isArray(value))
      .map((value) => JSON.stringify(value)),
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 30 }), (lines) => {
      expect(readAll(lines)).toEqual(parsed(lines));
    }),
  );
});

test('of two values under one key the last counts', () => {
  const lines = ['a', 'b', 'c'].map((text) => `{"choices":[{"delta":{"content":"${text}","content":"last"}}]}`);
  expect(readAll(lines)).toEqual(parsed(lines));
});

test('more than one value in the place of a piece is no piece', () => {
  const lines = [content('a'), content('b'), '{"id":"c1","choices":[{"index":0,"delta":{"content":"a","refusal":"b"}}]}', content('c')];
  expect(readAll(lines)).toEqual(parsed(lines));
});

test('what is no JSON object is none, also after chunks that are', () => {
  const broken = content('b').replace('"b"', 'b"');
  expect(readAll([content('a'), broken, '[1]', 'null', content('d')])).toEqual([
    JSON.parse(content('a')),
    undefined,
    undefined,
    undefined,
    JSON.parse(content('d')),
  ]);
});

test('of chunks that differ in their piece alone, the piece alone is parsed', () => {
  const reader = new ChunkReader();
  const first = reader.read(content('a'));
  expect(reader.read(content('b'))).toBe(first);
  expect(reader.read(content('c'))).toBe(first);
});
