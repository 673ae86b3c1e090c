/** Tables that are made to be dear. */
import type { JsonObject } from '@switchyard/shared';
import { expect, test } from 'vitest';
import { failureOf } from '../testing/host-bench.ts';
import { readRows } from './read-rows.ts';

const read = async (text: string) => (await readRows(text, { isCut: false, what: 'The table', isTabbed: false })) as { columns: string[]; rows: JsonObject[] };

test('a great many columns of one name are named in a moment', { timeout: 5000 }, async () => {
  const { columns } = await read(`${'a,'.repeat(19_000)}a_7\nx\n`);
  expect(columns.slice(0, 3)).toEqual(['a', 'a_2', 'a_3']);
  expect(new Set(columns).size).toBe(19_001);
});

test('a table of more columns than anyone reads is refused, however its head is written', { timeout: 5000 }, async () => {
  for (const head of [','.repeat(1_000_000), `"a\nb"${','.repeat(1_000_000)}`])
    expect((await failureOf(read(`${head}\nx\n`))).message).toBe('The table is no table of rows: it has more than 20000 columns. Read it as text.');
});

test('rows that are short in the file and long as JSON are cut', { timeout: 5000 }, async () => {
  const wide = Array.from({ length: 15_000 }, (_, index) => `column${index}`).join(',');
  const answer = await read(`${wide}\n${'x\n'.repeat(1000)}`);
  expect(answer).toMatchObject({ truncated: true });
  expect(JSON.stringify(answer).length).toBeLessThan(6_000_000);
  expect(answer.rows.length).toBeGreaterThan(5);
  const named = await read(`${'n'.repeat(190_000)}\n${'x\n'.repeat(1000)}`);
  expect(JSON.stringify(named).length).toBeLessThan(6_000_000);
});
