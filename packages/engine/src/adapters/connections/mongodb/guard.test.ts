/** What always holds of the guard, whatever a model writes. */
import { isJsonObject, type Json, type JsonObject } from '@switchyard/shared';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkPipeline, checkValue } from './guard.ts';

const words = [
  '$match',
  '$group',
  '$facet',
  '$lookup',
  '$unionWith',
  '$graphLookup',
  '$out',
  '$merge',
  '$limit',
  'pipeline',
  'from',
  'coll',
  'a',
  'orders',
  'salaries',
];
const word = fc.constantFrom(...words);
const { value: anyValue } = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof({ maxDepth: 6 }, word, fc.integer(), fc.array(tie('value'), { maxLength: 3 }), fc.dictionary(word, tie('value'), { maxKeys: 3 })),
}));

const passes = (check: () => void) => {
  try {
    check();
    return true;
  } catch {
    return false;
  }
};

/** The pipeline as a server runs it: every stage of it and of those within, and every collection that one names. */
function stagesOf(pipeline: Json): { name: string; collections: Json[] }[] {
  return (Array.isArray(pipeline) ? pipeline : []).flatMap((stage) =>
    Object.entries(isJsonObject(stage) ? stage : {}).flatMap(([name, value]) => {
      const parts: JsonObject = isJsonObject(value) ? value : {};
      const inner = name === '$facet' ? Object.values(parts) : ['$lookup', '$unionWith'].includes(name) ? [parts.pipeline ?? null] : [];
      const collections = name === '$unionWith' ? [typeof value === 'string' ? value : (parts.coll ?? null)] : /lookup/i.test(name) ? [parts.from ?? null] : [];
      return [{ name, collections }, ...inner.flatMap(stagesOf)];
    }),
  );
}

test('a pipeline that passes has no stage that writes, and names no collection that was not granted', () => {
  let passed = 0;
  fc.assert(
    fc.property(fc.array(fc.dictionary(word, anyValue, { minKeys: 1, maxKeys: 1 }), { maxLength: 3 }), (pipeline) => {
      if (!passes(() => checkPipeline(pipeline, ['orders']))) return;
      passed += 1;
      for (const { name, collections } of stagesOf(pipeline)) {
        expect(name).not.toMatch(/^\$(out|merge)$/);
        for (const collection of collections) expect(collection).toBe('orders');
      }
    }),
    { numRuns: 2000 },
  );
  expect(passed).toBeGreaterThan(50);
});

test('JavaScript and writes are found wherever they stand', () => {
  const refused = fc.constantFrom('$where', '$function', '$accumulator', '$code', '$out', '$merge', '_bsontype');
  const wrapped = fc.array(fc.oneof(word, fc.constant(0)), { maxLength: 20 });
  fc.assert(
    fc.property(refused, wrapped, anyValue, (name, path, beside) => {
      let value: Json = { [name]: 1 };
      for (const step of path) value = typeof step === 'number' ? [beside, value] : { beside, [step]: value };
      expect(passes(() => checkValue(value))).toBe(false);
    }),
  );
});
