/** Schemas that are made to be dear. */
import { buildSchema } from 'graphql';
import { expect, test } from 'vitest';
import { operationsOf } from './operations-of.ts';

const many = (count: number, each: (index: number) => string) => Array.from({ length: count }, (_, index) => each(index)).join(' ');

test('a wide input type that holds itself is told as deep as there is room for', { timeout: 5000 }, () => {
  const told = (fields: number) => operationsOf(buildSchema(`input I { ${many(fields, (index) => `f${index}: I`)} } type Query { q(i: I!): String }`));
  const [narrow] = told(2);
  expect(JSON.stringify(narrow?.input)).toContain('"f1":{"type":"object"');
  for (const fields of [16, 40, 5000]) {
    const [operation] = told(fields);
    expect(JSON.stringify(operation).length).toBeLessThan(50_000);
    expect(operation?.input).toMatchObject({ required: ['i'], properties: { i: expect.any(Object) as object } });
  }
});

test('the catalogue has an end, however many operations share long types', { timeout: 10_000 }, () => {
  const name = 'n'.repeat(20_000);
  const operations = operationsOf(
    buildSchema(`
      enum E { ${many(5000, (index) => `VALUE_${index}`)} }
      type T { id: ID ${many(50, (index) => `${name}${index}: String`)} }
      input I { ${many(400, (index) => `field_${index}: E`)} }
      type Query { ${many(500, (index) => `q${index}(e: E, i: I): T`)} }`),
  );
  expect(operations).toHaveLength(500);
  expect(JSON.stringify(operations).length).toBeLessThan(4_500_000);
  expect(operations[0]?.document).toBe('query ($e: E, $i: I) { q0(e: $e, i: $i) { id } }');
});

test('an operation whose document could not be sent is not offered', () => {
  const name = 'n'.repeat(15_000);
  expect(operationsOf(buildSchema(`type Query { long(${name}: Int): Int short: Int }`)).map((operation) => operation.name)).toEqual(['short']);
});
