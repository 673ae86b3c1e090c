/** Text from a command line or a form as the value that a schema asks for; and that the published schemas, read by a validator, refuse what the reader refuses. */
import { FailureError, flowJsonSchema, readFlow, readWorkspace, workspaceJsonSchema, type JsonObject } from '@switchyard/shared';
import { expect, it } from 'vitest';
import { fromText, validate } from './schema.ts';

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

it('a schema that the validator stumbles over is told as a failure', () => {
  for (const schema of [{ required: 1 }, { allOf: {} }, { $ref: '#/nowhere' }]) expect(() => validate(schema, { a: 1 })).toThrow(FailureError);
});

it('a schema whose pattern would run for hours is refused, with the place of the pattern', { timeout: 5000 }, () => {
  const pattern = '^(a+)+$';
  const value = `${'a'.repeat(40)}!`;
  const places: [string, JsonObject, JsonObject | string][] = [
    ['/pattern', { type: 'string', pattern }, value],
    ['/properties/pattern/items/pattern', { properties: { pattern: { items: { pattern } } } }, {}],
    ['/$defs/enum/pattern', { $defs: { enum: { pattern } }, $ref: '#/$defs/enum' }, value],
    ['/components/x/pattern', { components: { x: { pattern } }, $ref: '#/components/x' }, value],
    ['/patternProperties/^(a+)+$', { patternProperties: { [pattern]: {} } }, { [value]: 1 }],
  ];
  for (const [place, schema, given] of places)
    expect(() => validate(schema, given)).toThrow(`its pattern at ${place} may not be used. "^(a+)+$" repeats a group that is itself`);
  expect(validate({ enum: [{ pattern }], default: { pattern } }, { pattern })).toEqual([]);
});

it('a schema of references that name one another again and again is given up, not followed for years', { timeout: 20_000 }, () => {
  const twice = (name: string): JsonObject[] => [{ $ref: `#/$defs/${name}` }, { $ref: `#/$defs/${name}` }];
  const chain = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`a${index + 1}`, { allOf: twice(`a${index}`) }]));
  expect(() => validate({ $defs: { a0: {}, ...chain }, $ref: '#/$defs/a40' }, 'x')).toThrow(/more than 2 million steps/);
  const deep = (levels: number): JsonObject => (levels === 0 ? {} : { x: deep(levels - 1) });
  const tree: JsonObject = { $defs: { n: { anyOf: ['y', 'z'].map((title) => ({ title, properties: { x: { $ref: '#/$defs/n' } } })) } }, $ref: '#/$defs/n' };
  expect(() => validate(tree, deep(40))).toThrow(/more than 2 million steps/);
  expect(validate(tree, { y: 1, x: { z: 1 } })).toEqual([]);
});

it('a long list is not searched for equal items, which would take its length squared', { timeout: 5000 }, () => {
  const schema = { type: 'array', uniqueItems: true };
  expect(() =>
    validate(
      schema,
      Array.from({ length: 200_000 }, (_, index) => index),
    ),
  ).toThrow(/unique items/);
  expect(validate(schema, [1, 2, 1])).toHaveLength(1);
});

it('a schema is not changed by the values that are checked by it', () => {
  const schema = { $defs: { a: { type: 'string' } }, properties: { $ref: { $ref: '#/$defs/a' } }, required: ['x'] };
  const before = JSON.stringify(schema);
  expect(validate(schema, { $ref: 1, x: 1 }).map(({ path }) => path)).toContain('/$ref');
  expect([JSON.stringify(schema), Object.getOwnPropertyNames(schema)]).toEqual([before, ['$defs', 'properties', 'required']]);
});

it.each(['constructor', 'prototype'])('the published schemas refuse the name %s', (name) => {
  const flow = (id: string): JsonObject => ({ format: 'switchyard.flow', version: 1, name: 'Small', nodes: { [id]: { kind: 'input' } } });
  const workspace = (model: string): JsonObject => ({
    format: 'switchyard.workspace',
    version: 1,
    models: { [model]: { provider: 'ollama', model: 'm' } },
  });
  for (const [read, schema, document] of [
    [readFlow, flowJsonSchema(), flow],
    [readWorkspace, workspaceJsonSchema(), workspace],
  ] as const) {
    expect([validate(schema, document('a')).length, read(document('a')).diagnostics.length]).toEqual([0, 0]);
    expect(validate(schema, document(name))).not.toEqual([]);
    expect(read(document(name)).document).toBeUndefined();
  }
});
