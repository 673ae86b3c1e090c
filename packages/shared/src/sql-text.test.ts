/** Parameters of SQL text, and what may stand after a statement. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sqlParameters, withoutSqlTail } from './sql-text.ts';

test.each<[string, string[], string[]]>([
  ['SELECT 1', [], []],
  ['SELECT :a, :b, :a', ['a', 'b'], []],
  ['SELECT :_x1+:é', ['_x1', 'é'], []],
  ['SELECT \':a\' || ":b" || `:c` || [:d]', [], []],
  ["SELECT 'it''s :a', :b", ['b'], []],
  ['SELECT 1 -- :a\n, :b', ['b'], []],
  ['SELECT /* :a */ :b /* :c', ['b'], []],
  ['SELECT ?, ?12, @a, $b, :c', ['c'], ['?', '?12', '@a', '$b']],
  ["SELECT ':a", [], []],
  ['SELECT a:b', ['b'], []],
  ['SELECT a$b, x_:y', ['y'], []],
  ["SELECT json ->> '$.a'", [], []],
  ['SELECT x::int, (:a)::text, :b::numeric(10, 2)', ['a', 'b'], []],
  ["SELECT '2026-01-01'::date, x :: text", [], []],
  ['SELECT ARRAY[:a, :b], array [:c]', ['a', 'b', 'c'], []],
  ['SELECT ARRAY[[1, :a], [:b, 2]] || [:c]', ['a', 'b'], []],
  ['SELECT tags[:i], tags[1:2], tags[low:high], (f(x))[1 : :n], "t"[:j]', ['i', 'n', 'j'], []],
  ['SELECT t.[a:b], [c:d] FROM [e:f] WHERE x IN (:g)', ['g'], []],
  ["SELECT ARRAY['x:y', :a]::text[] || :b", ['a', 'b'], []],
  ['SELECT [open :a', [], []],
])('parameters of %s', (sql, names, others) => {
  expect(sqlParameters(sql)).toEqual({ names, others });
});

test.each([
  ['SELECT 1', 'SELECT 1'],
  ['SELECT 1;', 'SELECT 1'],
  ['SELECT 1 ; ;\n\t;', 'SELECT 1'],
  ['SELECT 1 -- done; really', 'SELECT 1'],
  ['SELECT 1 /* a; */ ; -- b', 'SELECT 1'],
  ["SELECT ';' ;", "SELECT ';'"],
  ["SELECT '--'", "SELECT '--'"],
  ['SELECT 1; SELECT 2;', 'SELECT 1; SELECT 2'],
  ["SELECT 'open", "SELECT 'open"],
  ['-- only', ''],
  ['', ''],
])('%j without its tail', (sql, expected) => {
  expect(withoutSqlTail(sql)).toBe(expected);
});

test('the text without its tail is a beginning of the text, and has no tail of its own', () => {
  const piece = fc.constantFrom("'", '"', '`', '[', ']', '--', '/*', '*/', ';', ' ', '\n', ':a', '?', 'x', '-', '/', '*');
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      const sql = pieces.join('');
      const kept = withoutSqlTail(sql);
      return sql.startsWith(kept) && withoutSqlTail(kept) === kept;
    }),
    { numRuns: 2_000 },
  );
});

test('long texts are read in time that grows with their length alone', () => {
  for (const text of ["'".repeat(100_001), '/*'.repeat(50_000), '['.repeat(100_000), '-'.repeat(100_000), ':'.repeat(100_000)]) {
    const startedAt = performance.now();
    sqlParameters(text);
    withoutSqlTail(text);
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  }
});
