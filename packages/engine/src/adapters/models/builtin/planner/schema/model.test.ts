/** What the planner takes the values of a catalogue for. */
import type { CatalogueColumn } from '@switchyard/shared';
import { expect, test } from 'vitest';
import { readSchema } from './model.ts';

function read(more: Partial<CatalogueColumn>) {
  const column = { name: 'city', type: 'text', nullable: true, ...more };
  const [table] = readSchema({ dialect: 'postgres', tables: [{ name: 'shops', columns: [column] }] }).tables;
  return table?.columns[0];
}

test('only values that are told to be all there are count as all', () => {
  expect(read({ values: ['Bremen', 'Kiel'] })).toMatchObject({ values: ['Bremen', 'Kiel'], isComplete: true });
  expect(read({ values: ['Bremen', 'Kiel'], moreValues: true })).toMatchObject({ values: ['Bremen', 'Kiel'], isComplete: false });
});

test('samples are no known values', () => {
  expect(read({ samples: ['Bremen', 'Kiel', 'Ghent'] })).toMatchObject({ values: [], isComplete: false });
});
