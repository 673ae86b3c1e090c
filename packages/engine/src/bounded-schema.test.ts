/** Whatever a schema holds, its bounded form is within its bound, refers to nothing, and takes every value that the whole one takes. */
import fc from 'fast-check';
import { isJsonObject, type Json, type Schema } from '@switchyard/shared';
import { describe, expect, test } from 'vitest';
import { boundedSchema } from './bounded-schema.ts';
import { validate } from './schema.ts';

const names = ['a', 'b', 'c'];

/** Schemas that may refer to the shared ones, with words of every sort. */
const { schema } = fc.letrec<{ schema: Schema }>((tie) => ({
  schema: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom<Schema>(
      { type: 'string', description: 'A text. '.repeat(30) },
      { type: 'integer', minimum: 1 },
      { enum: ['x', 'y', 1] },
      { type: ['string', 'null'] },
      {},
    ),
    fc.constantFrom(...names).map((name): Schema => ({ $ref: `#/schemas/${name}` })),
    fc.constantFrom(...names).map((name): Schema => ({ $ref: `#/schemas/${name}`, description: 'beside', minProperties: 1 })),
    tie('schema').map((items): Schema => ({ type: 'array', items })),
    fc.tuple(tie('schema'), tie('schema')).map(([a, b]): Schema => ({ anyOf: [a, b] })),
    fc.tuple(tie('schema'), tie('schema')).map(([a, b]): Schema => ({ allOf: [a, b] })),
    fc
      .tuple(fc.dictionary(fc.constantFrom('p', 'q', 'r'), tie('schema')), fc.subarray(['p', 'q']), fc.boolean())
      .map(([properties, required, isOpen]): Schema => ({ type: 'object', properties, required, ...(!isOpen && { additionalProperties: false }) })),
    tie('schema').map((additionalProperties): Schema => ({ type: 'object', additionalProperties })),
  ),
}));
const shared = fc.record({ a: schema, b: schema, c: schema }) as fc.Arbitrary<Record<string, Schema>>;
const value = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom<Json>('x', 'text', 1, 2, null, true),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('p', 'q', 'r'), tie('value')),
  ),
})).value;

function holdsReference(json: Json): boolean {
  if (Array.isArray(json)) return json.some(holdsReference);
  return isJsonObject(json) && (typeof json.$ref === 'string' || Object.values(json).some(holdsReference));
}

describe('a bounded schema', () => {
  test.each([80, 400, 3_000])('in %i characters', (most) => {
    fc.assert(
      fc.property(schema, shared, value, (whole, schemas, given) => {
        const bounded = boundedSchema(whole, schemas, { most });
        expect(holdsReference(bounded)).toBe(false);
        // Where no form fits, one remains that says nearly nothing.
        expect(JSON.stringify(bounded).length).toBeLessThanOrEqual(Math.max(most, 1_000));
        const fuller = boundedSchema(whole, schemas, { most: 100_000 });
        const along = boundedSchema(whole, schemas, { most: 100_000, value: given });
        expect(holdsReference(along)).toBe(false);
        if (validate(fuller, given).length > 0) expect(validate(along, given)).not.toEqual([]);
        if (validate(along, given).length === 0) expect(validate(bounded, given)).toEqual([]);
      }),
      { numRuns: 400 },
    );
  });

  test('along a value, is whole to any depth, though it holds itself', () => {
    const node: Schema = {
      type: 'object',
      properties: { id: { type: 'integer' }, next: { $ref: '#/schemas/node' }, all: { type: 'array', items: { $ref: '#/schemas/node' } } },
      required: ['id'],
    };
    const nested = (depth: number, last: Json): Json => (depth === 0 ? last : { id: depth, next: nested(depth - 1, last), all: [{ id: 1 }] });
    const wrong = (value: Json) => validate(boundedSchema({ $ref: '#/schemas/node' }, { node }, { most: 20_000, value }), value).length > 0;
    expect([wrong(nested(30, { id: 1 })), wrong(nested(30, {})), wrong(nested(30, { id: 1, all: [{ id: 1 }, { id: '1' }] }))]).toEqual([false, true, true]);
    expect(validate(boundedSchema({ $ref: '#/schemas/node' }, { node }, { most: 20_000 }), nested(30, {}))).toEqual([]);
  });

  test('tells in words what stood where it was cut', () => {
    const person: Schema = {
      type: 'object',
      description: 'Who it is.',
      properties: { name: { type: 'string' }, boss: { $ref: '#/schemas/person' }, ids: { type: 'array', items: { type: 'integer' } } },
    };
    const once = boundedSchema({ $ref: '#/schemas/person' }, { person }, { most: 2_000 });
    expect(once.properties).toMatchObject({
      boss: { type: 'object', description: 'Who it is. An object with name, boss, ids.' },
      ids: { items: { type: 'integer' } },
    });
    const deep: Schema = {
      type: 'object',
      properties: { filter: { type: 'object', properties: Object.fromEntries(Array.from({ length: 60 }, (_, n) => [`field${n}`, { type: 'string' }])) } },
    };
    const cut = boundedSchema(deep, {}, { most: 700 });
    expect(cut).toMatchObject({
      properties: { filter: { type: 'object', description: expect.stringMatching(/^An object with field0, field1, .* and 35 more\.$/) as string } },
    });
  });

  test('for what is sent, leaves out what the server alone sets', () => {
    const whole: Schema = { type: 'object', properties: { id: { type: 'string', readOnly: true }, name: { type: 'string' } }, required: ['id', 'name'] };
    expect(boundedSchema(whole, {}, { most: 500, isSent: true })).toEqual({ type: 'object', properties: { name: { type: 'string' } }, required: ['name'] });
    expect(boundedSchema(whole, {}, { most: 500 }).required).toEqual(['id', 'name']);
  });

  test('of a schema with thousands of fields, takes no longer than its bound lets it', () => {
    const wide: Schema = {
      type: 'object',
      properties: Object.fromEntries(Array.from({ length: 20_000 }, (_, n) => [`field_${n}`, { $ref: '#/schemas/wide' }])),
    };
    const bounded = boundedSchema({ $ref: '#/schemas/wide' }, { wide }, { most: 6_000 });
    expect(JSON.stringify(bounded).length).toBeLessThan(6_000);
    expect(bounded).toMatchObject({ type: 'object', description: expect.stringContaining('19975 more') as string });
  });
});
