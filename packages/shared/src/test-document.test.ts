/** Recorded tests as documents: what is read comes back byte for byte, and what is wrong is told with its place. */
import { describe, expect, it } from 'vitest';
import { emptyFlow, readTest, testText, type TestDocument } from './index.ts';

const document: TestDocument = {
  format: 'switchyard.test',
  version: 1,
  name: 'Small',
  run: 'r1',
  startedAt: 5,
  flow: { ...emptyFlow('Small'), nodes: { b: { kind: 'llm', config: { z: 1, a: 2 } }, a: { kind: 'input', config: {} } } },
  inputs: { q: 'x' },
  calls: [
    { key: 'b', kind: 'model', at: 3, request: { z: 1, a: 2 }, result: { z: 1, a: 2 }, usage: { modelCalls: 1 } },
    {
      key: 'c',
      kind: 'model',
      at: 4,
      request: null,
      failure: { code: 'x', message: 'y', retry: 'policy', cause: { code: 'z', message: '', retry: { afterMs: 5 } } },
    },
    { key: 'd', kind: 'wait', at: 4, hash: 'abc' },
  ],
  expected: { status: 'failed', outputs: {}, failure: 'x' },
};

describe('a recorded test', () => {
  it('is read and written byte for byte; the order of keys within requests is theirs', () => {
    const text = testText({ ...document, expected: { failure: 'x', outputs: {}, status: 'failed' } });
    expect(testText(readTest(text).document as TestDocument)).toBe(text);
    expect(text).toMatch(/"z": 1,\s+"a": 2/);
    expect(text.indexOf('"status"')).toBeLessThan(text.indexOf('"outputs"'));
  });

  it('is refused with every mistake and its place', () => {
    const { diagnostics } = readTest({ ...document, more: 1, flow: { ...document.flow, nodes: 5 }, expected: { status: 'waiting', outputs: {} } });
    expect(diagnostics.map(({ path }) => path).sort()).toEqual(['/expected/status', '/flow/nodes', '/more']);
    expect(readTest({ ...document, version: 2 }).diagnostics).toMatchObject([{ code: 'version-newer' }]);
    expect(readTest('{"format":"switchyard.flow"}').diagnostics).toMatchObject([{ code: 'format-unknown' }]);
  });
});
