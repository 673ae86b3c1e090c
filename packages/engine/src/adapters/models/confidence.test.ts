import { expect, test } from 'vitest';
import { confidenceOf, readLogProbabilities, type TokenProbability } from './confidence.ts';

const tokens = (...pairs: [string, number][]): TokenProbability[] => pairs.map(([token, probability]) => ({ token, logProbability: Math.log(probability) }));

test('an answer as JSON is as sure as its least sure value; names and braces do not count', () => {
  const written = tokens(['{"', 0.1], ['mood', 0.1], ['":"', 0.2], ['ups', 0.5], ['et', 0.9], ['","', 0.1], ['n', 1], ['":', 1], ['7', 0.8], ['}', 1]);
  expect(confidenceOf('{"mood":"upset","n":7}', written)).toBe(0.45);
});

test('a long value and a text are as sure as their tokens on average', () => {
  const long = Array.from({ length: 20 }, (_, index): [string, number] => [`w${index} `, 0.5]);
  expect(confidenceOf(long.map(([token]) => token).join(''), tokens(...long))).toBe(0.5);
  expect(confidenceOf(JSON.stringify(long.map(([token]) => token).join('')), tokens(['"', 0.1], ...long, ['"', 0.1]))).toBe(0.5);
});

test('reasoning before the answer does not count', () => {
  expect(confidenceOf('"yes"', tokens(['<think>"yes"?', 0.1], ['</think>', 0.1], ['"', 1], ['yes', 0.7], ['"', 1]))).toBe(0.7);
});

test('nothing is known where the endpoint tells nothing, and foreign entries are passed over', () => {
  expect(confidenceOf('yes', [])).toBeUndefined();
  const read: TokenProbability[] = [];
  readLogProbabilities({ content: [null, { token: 7 }, { token: 'a', logprob: 'x' }, { token: 'b', logprob: 0.5 }] }, read);
  readLogProbabilities({ content: 7 }, read);
  expect(read).toEqual([{ token: 'b', logProbability: 0 }]);
});
