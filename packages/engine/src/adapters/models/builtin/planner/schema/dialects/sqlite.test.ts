/** Days that are counted from today on, as SQLite counts them. */
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import type { Column } from '../model.ts';
import type { Moment } from '../moment.ts';
import { sqlite } from './sqlite.ts';

test.each<[Moment, string]>([
  [{ kind: 'from-today' }, '2025-05-31'],
  [{ kind: 'from-today', change: { count: -30, unit: 'day' } }, '2025-05-01'],
  // As on other databases: there is no 31st of February, and its last day stands for it.
  [{ kind: 'from-today', change: { count: -3, unit: 'month' } }, '2025-02-28'],
  [{ kind: 'from-today', startOf: 'month', change: { count: 1, unit: 'month' } }, '2025-06-01'],
  [{ kind: 'from-today', startOf: 'year', change: { count: -1, unit: 'year' } }, '2024-01-01'],
])('on 31 May 2025 %j is %s', (moment, day) => {
  const database = new DatabaseSync(':memory:');
  const text = sqlite.moment(moment, {} as Column).replace("'now'", "'2025-05-31'");
  expect(database.prepare(`SELECT ${text} AS day`).get()).toEqual({ day });
  database.close();
});
