/** Schemas as lists of properties lose nothing on the way there and back. */
import fc from 'fast-check';
import type { Schema } from '@switchyard/shared';
import { expect, test } from 'vitest';
import { choicesText, freshName, readChoices, readProperties, retype, writeProperties, type Property } from './schema-properties.ts';

const mood: Schema = {
  type: 'object',
  properties: { mood: { enum: ['calm', 'upset'] }, why: { type: 'string', description: 'In few words' } },
  required: ['mood'],
  additionalProperties: false,
};

test('an object schema reads as its properties', () => {
  expect(readProperties(mood)?.map(({ name, type, isRequired }) => ({ name, type, isRequired }))).toEqual([
    { name: 'mood', type: 'choice', isRequired: true },
    { name: 'why', type: 'string', isRequired: false },
  ]);
  expect(readProperties({})).toEqual([]);
});

test.each([
  { type: 'string' },
  { anyOf: [{ type: 'object' }] },
  { type: 'object', properties: { x: { $ref: '#/x' } } },
  { type: 'object', properties: { x: { type: ['string', 'null'] } } },
  { type: 'object', properties: {}, required: ['ghost'] },
])('%j is edited as JSON', (schema) => {
  expect(readProperties(schema as Schema)).toBeUndefined();
});

test('what was read writes back equal', () => {
  const property = fc.record({ type: fc.constantFrom('string', 'number', 'object', 'array', 'boolean'), description: fc.string() });
  const schema = fc.record({ type: fc.constant('object'), properties: fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), property), title: fc.string() });
  fc.assert(
    fc.property(schema, fc.boolean(), (drawn, isAllRequired) => {
      const names = Object.keys(drawn.properties);
      const before = { ...drawn, ...(isAllRequired && names.length > 0 && { required: names }) } as unknown as Schema;
      expect(writeProperties(before, readProperties(before) as Property[])).toEqual(before);
    }),
  );
});

test('another type keeps the words, and drops what only the old type means', () => {
  expect(retype({ type: 'string', title: 'T', description: 'D', maxLength: 3 }, 'integer')).toEqual({ type: 'integer', title: 'T', description: 'D' });
  expect(retype({ type: 'string' }, 'choice')).toEqual({ enum: ['first', 'second'] });
  expect(retype({ type: 'string', title: 'T' }, 'any')).toEqual({ title: 'T' });
});

test('choices are typed one a line', () => {
  expect(readChoices(' calm \n\nupset\n2\ntrue\ncalm')).toEqual(['calm', 'upset', 2, true]);
  expect(choicesText(['calm', 2, null])).toBe('calm\n2\nnull');
});

test('a fresh name is not taken', () => {
  expect([freshName('field', []), freshName('field', ['field']), freshName('field', ['field', 'field2'])]).toEqual(['field', 'field2', 'field3']);
});
