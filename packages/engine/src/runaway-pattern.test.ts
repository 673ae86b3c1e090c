import { expect, it } from 'vitest';
import { isRunaway } from './runaway-pattern.ts';

it.each([
  '^(a+)+$',
  '(\\w+\\s*)+$',
  '(\\s*\\w+)*',
  '(?:[a-z0-9]+[_-]?)+$',
  '((a*))*b',
  '(x|a+)*$',
  '(?<word>\\p{L}+)+!',
  '(?=(a+)+$)',
  '(a{2,})+',
  '((?:a+)?)*',
  '([)]+)+',
])('tells %s', (pattern) => {
  expect(new RegExp(pattern, 'u')).toBeDefined();
  expect(isRunaway(pattern)).toBe(true);
});

it.each([
  '^[^@\\s]+@([\\w-]+\\.)+[\\w-]+$',
  '^(?:\\d{1,3}\\.){3}\\d{1,3}$',
  '^\\w+(,\\w+)*$',
  '(foo|bar)+',
  '(\\s+\\w+)*',
  '^(\\+\\d+)?$',
  '[(+]+\\(a+\\)+',
  '(a+){2}',
  '(?:a+$|b)',
  '\\u{1F600}+(\\k<x>a?)*(?<x>b)',
  '',
])('lets %s be', (pattern) => {
  expect(new RegExp(pattern, 'u')).toBeDefined();
  expect(isRunaway(pattern)).toBe(false);
});
