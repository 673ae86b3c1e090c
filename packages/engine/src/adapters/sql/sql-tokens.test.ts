/** Tokens of SQL: what is a parameter to a server, and what only looks like one. */
import { sqlParameters } from '@switchyard/shared';
import { expect, test } from 'vitest';
import { sqlTokens } from './sql-tokens.ts';

const parameters = (sql: string) => sqlTokens(sql, 'standard').flatMap(({ kind, text }) => (kind === 'parameter' ? [text] : []));

test.each([
  ['SELECT x::int, (:a)::text', ['a']],
  ['SELECT ARRAY[:a, [:b]]', ['a', 'b']],
  ['SELECT tags[low:high], tags[1:2], tags[:i], tags[1 : :n]', ['i', 'n']],
  ['SELECT \':a\', "b:c", f(:d)', ['d']],
])('%s', (sql, names) => {
  expect(parameters(sql)).toEqual(names);
  expect(sqlParameters(sql).names, 'as the node sees them').toEqual(names);
});
