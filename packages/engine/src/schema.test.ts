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
