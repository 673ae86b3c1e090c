import { kinds } from '@switchyard/engine/nodes';
import type { Json } from '@switchyard/shared';
import { expect, test } from 'vitest';
import { connectionAsked, offeredBy } from './offered-operations.ts';

/** Kinds whose operations follow from what their connection tells and that may write, each with a connection chosen. */
const readers = [...kinds.values()].flatMap((kind) => {
  const parsed = kind.config.safeParse({ ...kind.initial, connection: 'shop', access: 'write' });
  return kind.catalogue && kind.operations && parsed.success ? [{ kind, config: parsed.data, title: 'Shop' }] : [];
});

test('a kind that reads a catalogue tells whose; one that reads in another way offers what its settings say', () => {
  const asked = readers.map(connectionAsked);
  expect(asked.filter((connection) => connection === 'shop').length).toBeGreaterThan(2);
  expect(asked.every((connection) => connection === 'shop' || connection === undefined)).toBe(true);
  for (const reader of readers.filter((each) => connectionAsked(each) === undefined)) expect(offeredBy(reader, undefined)).not.toEqual([]);
});

test('what a connection tells is offered, with what it does', () => {
  const operation = { description: 'One', method: 'POST', path: '/x', tags: [], parameters: [], input: { type: 'object' }, document: 'mutation { x }' };
  const told: Json = {
    title: 'Shop',
    operations: [
      { ...operation, name: 'look', effect: 'read' },
      { ...operation, name: 'change', effect: 'write' },
    ],
  };
  const byKind = readers.map((reader) => offeredBy(reader, told).map(({ name, effect }) => `${name} ${effect}`));
  expect(byKind.filter((offered) => offered.includes('look read') && offered.includes('change write')).length).toBeGreaterThan(1);
});

test('what does not fit a kind breaks nothing', () => {
  for (const reader of readers)
    for (const told of [undefined, null, 5, {}, { operations: 7 }, { tools: null }] as (Json | undefined)[]) offeredBy(reader, told);
});

test('what runs a flow that only reads is offered as a read', () => {
  const runners = [...kinds.values()].flatMap((kind) => {
    const parsed = kind.config.safeParse({ ...kind.initial, flow: 'price' });
    return kind.subflow && kind.operations && parsed.success ? [{ kind, config: parsed.data, title: 'Price' }] : [];
  });
  expect(runners.length).toBeGreaterThan(0);
  for (const effect of ['read', 'write'] as const) {
    const flow = { inputs: { item: {} }, optional: [], outputs: {}, effect };
    for (const runner of runners) expect(offeredBy({ ...runner, flow }, undefined).map((operation) => operation.effect)).toEqual([effect]);
  }
});
