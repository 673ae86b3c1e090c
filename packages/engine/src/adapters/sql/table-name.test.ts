/** A table's name in a catalogue says again what it was made of. */
import { sqlDialects } from '@switchyard/shared';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { tableName, tablePath } from './table-name.ts';

const quoteOf = (mark: string) => (name: string) => mark + name.replaceAll(mark, mark + mark) + mark;

test.each(sqlDialects.filter((dialect) => dialect !== 'sqlite'))('any name of %s is read as it was written', (dialect) => {
  const part = fc.oneof(fc.string({ minLength: 1, maxLength: 8 }), fc.stringMatching(/^[a."`]{1,6}$/));
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 2 }), (path) => {
      expect(tablePath(tableName(path, quoteOf(dialect === 'mysql' || dialect === 'mariadb' ? '`' : '"')), dialect)).toEqual(path);
    }),
  );
});

test('plain names stay as they are', () => {
  expect(tableName(['sales', 'order lines'], quoteOf('"'))).toBe('sales.order lines');
  expect(tableName(['web.visits'], quoteOf('"'))).toBe('"web.visits"');
  expect(tablePath('web.visits', 'sqlite')).toEqual(['web.visits']);
});
