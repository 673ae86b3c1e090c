/** The digest within its budget: what must hold for any catalogue, and what a request brings into it. */
import fc from 'fast-check';
import type { Json, JsonObject } from '@switchyard/shared';
import { expect, test } from 'vitest';
import type { Granted } from '../../../node.ts';
import { bindTools } from '../operations/bound-tools.ts';
import { digest, type DataLayer } from './digest.ts';
import { tokensOf } from './tokens.ts';

function layerOf(catalogues: JsonObject, more: Partial<Granted> = {}): DataLayer {
  const granted = Object.keys(catalogues).map(
    (node): Granted => ({
      node,
      kind: 'sql',
      title: `Data of ${node}`,
      approval: 'writes',
      operations: () => [
        {
          name: 'query',
          description: '',
          input: {},
          effect: 'read',
          *call() {
            return null;
          },
        },
      ],
      ...more,
    }),
  );
  return { granted, tools: bindTools(granted, catalogues), catalogues };
}

const nodesOf = (text: string) => (JSON.parse(text) as { nodes: Record<string, { catalogue?: JsonObject }> }).nodes;

/** Tables with these names, each with many columns that say nothing. */
function tables(names: readonly string[], columns: readonly string[] = ['id', 'note', 'created', 'owner']) {
  return names.map((name) => ({
    name,
    rows: 10,
    columns: columns.map((column) => ({ name: column, type: 'TEXT', nullable: true, values: ['alpha', 'beta', 'gamma'] })),
  }));
}

const filler = (count: number) => Array.from({ length: count }, (_, index) => `filler${index}`);

test('a catalogue that fits is told whole', () => {
  const catalogue = { dialect: 'sqlite', tables: tables(['orders']) };
  expect(nodesOf(digest(layerOf({ shop: catalogue }), { request: 'anything', budget: 12_000 })).shop?.catalogue).toEqual(catalogue);
});

test('what the request is about keeps its detail, the rest is told by name', () => {
  const invoices = { name: 'invoices', rows: 3, columns: [{ name: 'total', type: 'REAL', nullable: false, values: [1, 2] }] };
  const catalogue = { dialect: 'postgres', tables: [...tables(filler(60)), invoices, ...tables(filler(60))] };
  const text = digest(layerOf({ shop: catalogue }), { request: 'What is the total of each invoice?', budget: 1_200 });
  const told = nodesOf(text).shop?.catalogue as { dialect: string; tables: JsonObject[] };
  expect(tokensOf(text)).toBeLessThanOrEqual(1_200);
  expect(told.dialect).toBe('postgres');
  expect(told.tables).toHaveLength(121);
  expect(told.tables[60]).toEqual(invoices);
  expect(JSON.stringify(told.tables.filter(({ name }) => name !== 'invoices'))).not.toContain('values');
  expect(told.tables.at(-1)).toEqual({ name: 'filler59' });
});

test('a value that the request names brings its table and column in; of the others it is told how many there are', () => {
  const columns = Array.from({ length: 40 }, (_, index) => `column${index}`);
  const [wide] = tables(['places'], columns);
  (wide?.columns[7] as { values: Json }).values = ['Bremen', 'Kiel'];
  const catalogue = { dialect: 'sqlite', tables: [...tables(filler(30), columns), wide as Json] };
  const told = nodesOf(digest(layerOf({ shop: catalogue }), { request: 'Parcels to Bremen', budget: 1_000 })).shop?.catalogue as { tables: JsonObject[] };
  const place = told.tables.find(({ name }) => name === 'places') as { columns: JsonObject[] };
  expect(place.columns.find(({ name }) => name === 'column7')).toMatchObject({ values: ['Bremen', 'Kiel'] });
  expect(told.tables.find(({ name }) => name === 'filler0')).toEqual({ name: 'filler0', rows: 10, more: { columns: 40 } });
});

test('names that do not fit are counted', () => {
  const catalogue = { dialect: 'sqlite', tables: tables(filler(2_000)) };
  const told = nodesOf(digest(layerOf({ shop: catalogue }), { request: 'filler1999', budget: 500 })).shop?.catalogue as {
    tables: JsonObject[];
    more: JsonObject;
  };
  expect(told.tables.some(({ name }) => name === 'filler1999')).toBe(true);
  expect(told.more.tables).toBe(2_000 - told.tables.length);
});

test('what the tools say already is not told again', () => {
  const layer = layerOf(
    { api: { title: 'Parcels', operations: [{ name: 'track', input: { type: 'object' } }] } },
    {
      tell: (catalogue) => ({ title: (catalogue as JsonObject).title as string }),
    },
  );
  expect(nodesOf(digest(layer, { request: '', budget: 12_000 })).api?.catalogue).toEqual({ title: 'Parcels' });
  const silent = layerOf({ api: { operations: [] } }, { tell: () => undefined });
  expect(nodesOf(digest(silent, { request: '', budget: 12_000 })).api).not.toHaveProperty('catalogue');
});

const words = fc.constantFrom('order', 'invoices', 'unitPrice', 'größe', '顧客', 'customer_id', 'the', '"quoted"');
const column = fc.record({ name: words, type: fc.constantFrom('TEXT', 'INT'), values: fc.array(fc.oneof(fc.string(), fc.integer()), { maxLength: 6 }) });
const table = fc.record({ name: fc.oneof(words, fc.string()), description: fc.string({ unit: 'grapheme' }), columns: fc.array(column, { maxLength: 12 }) });
const catalogue: fc.Arbitrary<Json> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ dialect: fc.constant('sqlite'), tables: fc.array(table, { maxLength: 40 }) }) as fc.Arbitrary<Json> },
  { weight: 1, arbitrary: fc.jsonValue() as fc.Arbitrary<Json> },
);

test('for any catalogues and request: never above the budget, every node is named, and the same twice', () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.stringMatching(/^[a-z][a-z0-9_]{0,20}$/), catalogue, { minKeys: 1, maxKeys: 8 }),
      fc.oneof(words, fc.string()),
      fc.integer({ min: 200, max: 4_000 }),
      (catalogues, request, budget) => {
        const layer = layerOf(catalogues as JsonObject);
        const text = digest(layer, { request, budget });
        expect(tokensOf(text)).toBeLessThanOrEqual(budget);
        expect(Object.keys(nodesOf(text)).sort()).toEqual(Object.keys(catalogues).sort());
        expect(digest(layerOf(catalogues as JsonObject), { request, budget })).toBe(text);
      },
    ),
  );
});
