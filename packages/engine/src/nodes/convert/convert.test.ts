import type { Json } from '@switchyard/shared';
import { expect, test } from 'vitest';
import { drawBody, drawFlow, entry, exit } from '../../testing/subflow.ts';
import { testRun } from '../../testing/test-run.ts';

async function convert(to: string, value: Json) {
  const body = drawBody({ ask: entry('value'), convert: ['convert', { to }], reply: exit('value') }, ['ask.value>convert.value', 'convert.value>reply.value']);
  const { result } = await testRun(drawFlow(body), { inputs: { value } });
  return result.failure?.code ?? result.outputs.value;
}

test('a list or an object is neither true nor false, whatever is in it', async () => {
  for (const value of [[true], ['1'], { toString: 'true' }, null]) expect(await convert('boolean', value)).toBe('convert-failed');
  for (const [value, read] of [
    [1, true],
    ['FALSE', false],
    [' 0 ', false],
    [true, true],
  ] as const)
    expect(await convert('boolean', value)).toBe(read);
});

test('JSON with a number that it could not be written with again is not read', async () => {
  expect(await convert('json', '{"n": [1e999]}')).toBe('convert-failed');
  expect(await convert('json', '{"n": [1e99]}')).toEqual({ n: [1e99] });
});
