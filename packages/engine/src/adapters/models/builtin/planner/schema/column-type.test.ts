/** What declared types are taken for. */
import type { SqlDialect } from '@switchyard/shared';
import { expect, test } from 'vitest';
import { readType, type Storage } from './column-type.ts';

test.each<[SqlDialect, string, Storage]>([
  ['postgres', 'integer', 'number'],
  ['postgres', 'numeric(12,2)', 'number'],
  ['postgres', 'double precision', 'number'],
  ['postgres', 'interval', 'other'],
  ['postgres', 'interval day to second', 'other'],
  ['postgres', 'point', 'other'],
  ['postgres', 'int4range', 'other'],
  ['postgres', 'integer[]', 'other'],
  ['postgres', 'timestamp(3) with time zone', 'zoned'],
  ['postgres', 'timestamp without time zone', 'moment'],
  ['postgres', 'time without time zone', 'other'],
  ['postgres', 'date', 'date'],
  ['postgres', 'boolean', 'boolean'],
  ['postgres', 'character varying(40)', 'text'],
  ['postgres', 'jsonb', 'other'],
  ['postgres', 'uuid', 'textlike'],
  ['postgres', 'mood', 'textlike'],
  ['mariadb', 'tinyint(1)', 'boolean'],
  ['mariadb', 'tinyint(4)', 'number'],
  ['mysql', 'int(10) unsigned', 'number'],
  ['mysql', "enum('point','real','date')", 'text'],
  ['mysql', 'year(4)', 'number'],
  ['mysql', 'multipoint', 'other'],
  ['mysql', 'datetime(3)', 'moment'],
  ['duckdb', 'HUGEINT', 'number'],
  ['duckdb', 'UINTEGER', 'number'],
  ['duckdb', 'DECIMAL(18,3)[]', 'other'],
  ['duckdb', 'STRUCT(x INTEGER, y VARCHAR)', 'other'],
  ['duckdb', 'TIMESTAMP WITH TIME ZONE', 'zoned'],
  ['duckdb', 'TIMESTAMP_NS', 'moment'],
  ['sqlite', 'UNSIGNED BIG INT', 'number'],
  ['sqlite', 'INTERVAL', 'other'],
])('of %s, %s is %s', (dialect, type, storage) => {
  expect(readType(type, dialect).storage).toBe(storage);
});

test('a whole number is one by its type', () => {
  expect(['bigint', 'numeric', 'point', 'serial'].map((type) => readType(type, 'postgres').isWhole)).toEqual([true, false, false, true]);
});
