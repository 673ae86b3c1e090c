import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createReasoningFilter, splitReasoning } from './reasoning.ts';

function stream(pieces: readonly string[]): string {
  const told: string[] = [];
  const filter = createReasoningFilter((text) => told.push(text));
  for (const piece of pieces) filter.take(piece);
  filter.end();
  return told.join('');
}

test.each([
  ['Fine <think>.', 'Fine <think>.', undefined],
  ['<think>\nHm.\n</think>\n\nFine.', 'Fine.', 'Hm.'],
  [' \n<think>a</think>b</think>', 'b</think>', 'a'],
  ['<think></think>\n\nQuick.', 'Quick.', undefined],
  ['<think>never done', '', 'never done'],
  ['It wonders.\n</think>\n\nFine.', 'Fine.', 'It wonders.'],
  ['The tag </think> ends it.', 'The tag </think> ends it.', undefined],
])('%j is the answer %j', (said, text, reasoning) => {
  expect(splitReasoning(said)).toEqual({ text, ...(reasoning !== undefined && { reasoning }) });
});

test('reasoning that the endpoint told apart comes first, and all is capped', () => {
  expect(splitReasoning('<think>b</think>c', 'a')).toEqual({ text: 'c', reasoning: 'ab' });
  expect(splitReasoning('c', 'x'.repeat(30_000)).reasoning).toHaveLength(20_001);
});

test('streamed text is that of the answer, however it is cut', () => {
  const answer = fc.oneof(fc.string(), fc.constantFrom('Fine.', '<b>bold</b>', '<thinking>', '', 'a </think> b'));
  const thought = fc.string().filter((text) => !text.includes('<'));
  fc.assert(
    fc.property(fc.option(thought), answer, fc.infiniteStream(fc.integer({ min: 1, max: 9 })), (before, after, sizes) => {
      const said = before === null ? after : `<think>${before}</think>\n${after}`;
      const pieces: string[] = [];
      for (let at = 0; at < said.length; ) {
        const size = sizes.next().value as number;
        pieces.push(said.slice(at, at + size));
        at += size;
      }
      expect(stream(pieces)).toBe(before === null ? after : after.trimStart());
    }),
  );
});
