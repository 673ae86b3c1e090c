/** For tests: suspects with names that are easily taken for SQL, for patterns, or for the end of a text. */
import fc from 'fast-check';

const chosen = [
  "O'Brien",
  "'; DROP TABLE suspects; --",
  '\\',
  "\\'",
  "x\\' OR 1=1 -- ",
  '100%',
  '_',
  '%',
  ':name',
  '?',
  '$1',
  '`',
  '/* a */',
  '$$',
  '{}',
  '日本',
  '🙂',
  'ß',
  'É',
];

/** Each a name between double quotes, so that it holds none. */
export const oddNames: readonly string[] = [
  ...chosen,
  ...fc.sample(
    fc.string({
      minLength: 1,
      maxLength: 10,
      unit: fc.oneof(fc.constantFrom("'", '\\', '%', '_', '`', '-', ' ', 'a', 'Z'), fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 })),
    }),
    { numRuns: 80, seed: 20260630 },
  ),
].filter((name) => !/["\n\0]/.test(name) && name.trim() !== '');

/** Suspects have those names, signs have them somewhere within theirs. For a server that takes a backslash for a character like any other. */
export const oddNameStatements: readonly string[] = [
  'CREATE TABLE suspects (id int PRIMARY KEY, name varchar(60))',
  'CREATE TABLE signs (id int PRIMARY KEY, name varchar(60))',
  ...oddNames.flatMap((name, index) => [
    `INSERT INTO suspects VALUES (${index}, '${name.replaceAll("'", "''")}')`,
    `INSERT INTO signs VALUES (${index}, 'q${name.replaceAll("'", "''")}q')`,
  ]),
];
