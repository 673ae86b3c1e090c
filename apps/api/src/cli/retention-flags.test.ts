import { expect, test } from 'vitest';
import { retentionOf } from './retention-flags.ts';

test('flags go before the environment, the environment before what is usual; 0 keeps all', () => {
  expect(retentionOf({}, {})).toEqual({ days: 30, runs: 10_000 });
  expect(retentionOf({ days: '7' }, { days: '90', runs: '500' })).toEqual({ days: 7, runs: 500 });
  expect(retentionOf({ days: '0', runs: '0' }, { days: '', runs: '' })).toEqual({ days: 0, runs: 0 });
});

test.each(['-1', '1.5', 'all', ' ', '1e9', '99999999999'])('"%s" is refused', (text) => {
  expect(() => retentionOf({ days: text }, {})).toThrow(/--keep-days/);
  expect(() => retentionOf({}, { runs: text })).toThrow(/SWITCHYARD_KEEP_RUNS/);
});
