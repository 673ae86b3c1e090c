/** Patterns of keys: what is a name and what is not, and that each pattern matches its keys. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { keyPatterns } from './key-patterns.ts';

const told = (keys: string[], prefix = '') => Object.fromEntries([...keyPatterns(keys, prefix)].map(([name, members]) => [name, members.length]));

test('numbers and ids become stars, names stay', () => {
  expect(told(['session:17', 'session:9', 'user:4:cart', 'user:5:cart', 'user:5:seen', 'config:theme', 'config:lang', 'v2:flags'])).toEqual({
    'session:*': 2,
    'user:*:cart': 2,
    'user:*:seen': 1,
    'config:theme': 1,
    'config:lang': 1,
    'v2:flags': 1,
  });
  expect(told(['day:2026-01-02:sum', 'id:9f1c2d3e-8a7b-4c5d-9e0f-112233445566', 'user-42', 'user-7', 'hunter-2024', 'one*two', 'plain'])).toEqual({
    'day:*:sum': 1,
    'id:*': 1,
    'user-*': 2,
    '*': 2,
    plain: 1,
  });
});

test('many names in one place become a star', () => {
  const people = ['ada', 'bo', 'cy', 'di', 'ed', 'fay', 'gus', 'hal', 'ida'];
  expect(told(people.map((name) => `session:${name}`))).toEqual({ 'session:*': 9 });
  expect(Object.keys(told(people.slice(1).map((name) => `session:${name}`)))).toHaveLength(8);
});

test('the prefix of a node stays as it is', () => {
  expect(told(['team-7:a1', 'team-7:a2'], 'team-7:')).toEqual({ 'team-7:*': 2 });
  expect(told(['a*b:1'], 'a*')).toEqual({ 'a\\*b:*': 1 });
});

/** What a scan's pattern matches. */
function matcher(pattern: string): RegExp {
  const source = pattern.replaceAll(/\\([\s\S])|\*|[\s\S]/g, (sign, escaped: string | undefined) =>
    sign === '*' ? '[\\s\\S]*' : (escaped ?? sign).replaceAll(/[$^.*+?()[\]{}|\\/-]/g, '\\$&'),
  );
  return new RegExp(`^${source}$`);
}

test('every key is in one pattern, and that matches it', () => {
  const key = fc.array(fc.constantFrom('a', 'user', ':', '-', '*', '[', '\\', '7', '2026', '.', 'x'.repeat(50), 'é'), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(
      fc.uniqueArray(
        key.map((parts) => parts.join('')),
        { maxLength: 40 },
      ),
      (keys) => {
        const patterns = keyPatterns(keys, '');
        expect([...patterns.values()].flat().sort()).toEqual([...keys].sort());
        for (const [pattern, members] of patterns) for (const member of members) expect(member).toMatch(matcher(pattern));
      },
    ),
  );
});
