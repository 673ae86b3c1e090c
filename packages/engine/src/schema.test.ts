/** Text from a command line or a form as the value that a schema asks for. */
import { expect, it } from 'vitest';
import { fromText } from './schema.ts';

it.each([
  [{ type: 'integer' }, '42', 42],
  [{ enum: ['a', 1, true] }, '1', 1],
  [{ enum: ['a', 1, true] }, 'a', 'a'],
  [{ enum: ['1', 1] }, '1', '1'],
  [{ anyOf: [{ type: 'number' }, { type: 'object' }] }, '5', 5],
  [{ anyOf: [{ type: 'number' }, { type: 'object' }] }, '{"a":1}', { a: 1 }],
  [{ anyOf: [{ type: 'number' }, { type: 'string' }] }, '5', '5'],
  [{}, '5', '5'],
  [{ type: 'number' }, '1e300', 1e300],
])('%j reads %s', (schema, text, value) => expect(fromText(schema, text)).toEqual(value));

it('a whole number that would be rounded is refused', () => {
  expect(() => fromText({ type: 'integer' }, '9007199254740993')).toThrow(/too large to be an exact whole number/);
});
