import type { JsonObject } from '@switchyard/shared';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { completionChunks } from '../../testing/servers/scripted-turn.ts';
import { ChatAnswer } from './chat-answer.ts';

function read(chunks: readonly JsonObject[]) {
  const deltas: string[] = [];
  const answer = new ChatAnswer((text) => deltas.push(text), 'call');
  for (const chunk of chunks) answer.take(chunk);
  return { deltas, answer, result: answer.result('asked') };
}

test('an answer is the same however it is cut into chunks', () => {
  const call = fc.record({
    name: fc.stringMatching(/^[a-z_]{1,12}$/),
    arguments: fc.oneof(fc.string(), fc.dictionary(fc.string(), fc.string())),
    fragments: fc.integer({ min: 1, max: 9 }),
  });
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme' })), fc.array(call, { maxLength: 5 }), (pieces, toolCalls) => {
      const { result, deltas } = read(completionChunks({ pieces, toolCalls }, 'm', '', true));
      expect(result.text).toBe(pieces.join(''));
      expect(deltas.join('')).toBe(result.text);
      expect(result.toolCalls.map(({ name, arguments: text }) => [name, text])).toEqual(
        toolCalls.map((one) => [one.name, typeof one.arguments === 'string' ? one.arguments : JSON.stringify(one.arguments)]),
      );
      expect(new Set(result.toolCalls.map(({ id }) => id)).size).toBe(toolCalls.length);
    }),
    { numRuns: 200 },
  );
});

test('whatever JSON a server sends, reading it never throws and gives a whole result', () => {
  const loose = fc.letrec((tie) => ({
    value: fc.oneof({ maxDepth: 4 }, fc.jsonValue({ maxDepth: 1 }), fc.array(tie('value'), { maxLength: 3 }), tie('object')),
    object: fc.dictionary(
      fc.constantFrom(
        'choices',
        'delta',
        'message',
        'content',
        'tool_calls',
        'function',
        'arguments',
        'name',
        'id',
        'index',
        'finish_reason',
        'usage',
        'text',
        'refusal',
        'model',
      ),
      tie('value'),
    ),
  }));
  fc.assert(
    fc.property(fc.array(loose.object), (chunks) => {
      const { result } = read(chunks as JsonObject[]);
      expect(typeof result.text).toBe('string');
      for (const { id, name, arguments: text } of result.toolCalls) expect([typeof id, typeof name, typeof text]).toEqual(['string', 'string', 'string']);
    }),
    { numRuns: 500 },
  );
});
