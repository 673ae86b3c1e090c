import { expect, test } from 'vitest';
import { offersOf } from './offers.ts';

test('operations of an API, with what they may do', () => {
  const operations = [
    { name: 'track', description: 'Where a parcel is', effect: 'read', method: 'GET' },
    { name: 'cancel', description: 'Cancels an order', effect: 'write', method: 'POST' },
  ];
  expect(offersOf({ title: 'Carrier', operations })).toEqual([
    { name: 'track', description: 'Where a parcel is', mayWrite: false },
    { name: 'cancel', description: 'Cancels an order', mayWrite: true },
  ]);
});

test('tools of a server: accepted ones, and ones that are not, with the reason', () => {
  const tools = { find: { description: 'Finds notes', isReading: true }, drop: { description: 'Drops one', isReading: false } };
  expect(offersOf({ tools, resources: [], refused: { 'notes.add': 'was never accepted' } })).toEqual([
    { name: 'find', description: 'Finds notes', mayWrite: false },
    { name: 'drop', description: 'Drops one', mayWrite: true },
    { name: 'notes.add', description: '', mayWrite: true, refused: { why: 'was never accepted', word: 'not accepted' } },
  ]);
});

test('anything else is no offer', () => {
  expect(offersOf({ dialect: 'sqlite', tables: [] })).toBeUndefined();
  expect(offersOf([])).toBeUndefined();
  expect(offersOf(null)).toBeUndefined();
});

test('operations of an API that cannot be called stand among the others, with the reason', () => {
  const operations = [{ name: 'list', description: 'Lists', effect: 'read' }];
  expect(offersOf({ operations, refused: { upload: 'it wants a file' } })).toEqual([
    { name: 'list', description: 'Lists', mayWrite: false },
    { name: 'upload', description: '', mayWrite: true, refused: { why: 'it wants a file', word: 'cannot be called' } },
  ]);
});
