import { Validator } from '@cfworker/json-schema';
import type { Json, Schema } from '@switchyard/shared';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quickCheck } from './quick-check.ts';

const name = fc.constantFrom('a', 'b', 'c', '__proto__x', 'constructor');
const plain = fc.record({ type: fc.constantFrom('string', 'number', 'boolean'), description: fc.string() }, { requiredKeys: ['type'] });
const schemas = fc
  .record({ properties: fc.dictionary(name, plain), required: fc.uniqueArray(name), additionalProperties: fc.boolean() }, { requiredKeys: [] })
  .map((words) => ({ type: 'object', ...words }) as Schema);
const values = fc.oneof(
  fc.dictionary(name, fc.oneof(fc.string(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean(), fc.constant(null))),
  fc.jsonValue(),
);

describe('a quick check', () => {
  it('says of plain schemas exactly what the validator says', () => {
    fc.assert(
      fc.property(schemas, values, (schema, value) => {
        const check = quickCheck(schema);
        expect(check?.(value as Json)).toBe(new Validator(schema, '2020-12', false).validate(value).valid);
      }),
    );
  });

  it.each([
    { type: 'object', properties: { a: { type: 'string', minLength: 1 } } },
    { type: 'object', properties: { a: { type: 'integer' } } },
    { type: 'object', properties: { a: { enum: ['x'] } } },
    { type: 'object', properties: {}, minProperties: 1 },
    { type: 'object', additionalProperties: { type: 'string' } },
    { type: ['object', 'null'] },
    { properties: {} },
  ] as Schema[])('judges no schema that says more: %j', (schema) => expect(quickCheck(schema)).toBeUndefined());
});
