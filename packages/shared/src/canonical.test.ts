/** Equal documents give equal bytes, and reading and writing again changes none. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  canonicalFlow,
  emptyFlow,
  flowText,
  readFlow,
  readWorkspace,
  sortKeys,
  stableText,
  workspaceText,
  type Flow,
  type Json,
  type JsonObject,
  type Workspace,
} from './index.ts';

const ids = ['ask', 'planner', 'reply', 'a', 'b_2'];
const json = fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.parse(JSON.stringify(value).replaceAll('__proto__', 'proto')) as Json);
const end = fc.tuple(fc.constantFrom(...ids), fc.constantFrom('x', 'toString', 'Answer')).map(([node, port]) => `${node}.${port}`);
const optional = <Value>(key: string, value: fc.Arbitrary<Value>) =>
  fc.oneof(
    fc.constant({}),
    value.map((given) => ({ [key]: given })),
  );
const node = fc
  .tuple(
    fc.constantFrom('input', 'sql', 'unknown'),
    optional('title', fc.string({ maxLength: 20 })),
    fc.dictionary(
      fc.string({ minLength: 1, maxLength: 8 }).filter((key) => key !== '__proto__'),
      json,
    ),
  )
  .map(([kind, title, config]) => ({ kind, ...title, config }));
const grant = fc
  .tuple(
    fc.constantFrom(...ids),
    fc.constantFrom(...ids),
    optional('operations', fc.array(fc.constantFrom('query', 'ask'))),
    optional('approval', fc.constantFrom('never', 'always')),
  )
  .map(([from, to, operations, approval]) => ({ from, to, ...operations, ...approval }));
const flows = fc
  .tuple(
    fc.dictionary(fc.constantFrom(...ids), node),
    fc.array(fc.record({ from: end, to: end })),
    fc.array(grant),
    optional('limits', fc.record({ tokens: fc.constant(5), seconds: fc.constant(1.5), depth: fc.constant(2) })),
    optional('layout', fc.dictionary(fc.constantFrom(...ids), fc.tuple(fc.integer(), fc.integer()))),
    optional(
      'flows',
      fc.dictionary(
        fc.constantFrom('sub', 'other'),
        fc.record({ nodes: fc.dictionary(fc.constantFrom(...ids), node), links: fc.constant([]), grants: fc.constant([]) }),
      ),
    ),
    optional('requires', fc.constant({ secrets: ['S'], connections: ['b', 'a'], models: [] })),
  )
  .map(
    ([nodes, links, grants, ...rest]) =>
      ({
        format: 'switchyard.flow',
        version: 1,
        name: 'Any',
        nodes,
        links,
        grants,
        ...Object.fromEntries(rest.flatMap((part) => Object.entries(part))),
      }) as unknown as Flow,
  );

/** A copy whose objects have their keys in another order. */
function permuted<T>(value: T, salt: number): T {
  if (Array.isArray(value)) return value.map((item) => permuted(item, salt)) as T;
  if (typeof value !== 'object' || value === null) return value;
  const keys = Object.keys(value).sort((a, b) => ((a.length * 7 + a.charCodeAt(0) * salt) % 13) - ((b.length * 7 + b.charCodeAt(0) * salt) % 13));
  return Object.fromEntries(keys.map((key) => [key, permuted((value as JsonObject)[key], salt)])) as T;
}

it('the order of keys makes no difference', () => {
  fc.assert(
    fc.property(flows, fc.integer({ min: 1, max: 12 }), (flow, salt) => {
      expect(flowText(permuted(flow, salt))).toBe(flowText(flow));
      expect(stableText(permuted(flow as unknown as Json, salt))).toBe(stableText(flow as unknown as Json));
    }),
    { numRuns: process.env.SWITCHYARD_THOROUGH === '1' ? 2_000 : 300 },
  );
});

it('text that is read and written again is the same bytes, and means the same', () => {
  fc.assert(
    fc.property(flows, (flow) => {
      const text = flowText(flow);
      const { document, diagnostics } = readFlow(text);
      expect(diagnostics).toEqual([]);
      expect(flowText(document as Flow)).toBe(text);
      expect(document).toEqual(flow);
      expect(Object.hasOwn(document as Flow, 'layout')).toBe(Object.hasOwn(flow, 'layout'));
    }),
    { numRuns: process.env.SWITCHYARD_THOROUGH === '1' ? 2_000 : 300 },
  );
});

it('known keys stand in schema order, ids and free keys by code unit, lists as they are', () => {
  const text = flowText({
    layout: { b: [0, 1], a: [2, 3] },
    links: [
      { to: 'b.x', from: 'a.y' },
      { to: 'a.x', from: 'b.y' },
    ],
    grants: [{ approval: 'always', operations: ['z', 'a'], to: 'b', from: 'a' }],
    nodes: { b: { config: { é: 1, z: { d: 1, B: 2 }, Z: 3 }, kind: 'k', title: 'B' }, a: { config: {}, kind: 'k' } },
    name: 'N',
    version: 1,
    format: 'switchyard.flow',
    description: 'D',
    limits: { depth: 1, seconds: 2 },
  });
  expect(text.endsWith('}\n')).toBe(true);
  expect(JSON.stringify(JSON.parse(text))).toBe(
    '{"format":"switchyard.flow","version":1,"name":"N","description":"D","nodes":{"a":{"kind":"k","config":{}},"b":{"kind":"k","title":"B","config":{"Z":3,"z":{"B":2,"d":1},"é":1}}},"links":[{"from":"a.y","to":"b.x"},{"from":"b.y","to":"a.x"}],"grants":[{"from":"a","to":"b","operations":["z","a"],"approval":"always"}],"limits":{"seconds":2,"depth":1},"layout":{"a":[2,3],"b":[0,1]}}',
  );
});

it('free keys that are numbers stand by code unit too, and all else is written as JSON.stringify does', () => {
  const config = { 9: 1, 10: { 2: 'b', 11: 'a' }, '-': 0, b: [], a: {} };
  const text = flowText({ ...emptyFlow('Numbers'), nodes: { n: { kind: 'k', config } } });
  expect([...text.matchAll(/"([^"]+)":/g)].map(([, key]) => key).slice(6, 13)).toEqual(['config', '-', '10', '11', '2', '9', 'a']);
  fc.assert(
    fc.property(flows, (flow) => {
      const plain = JSON.stringify(flow).replaceAll(/"(\d+)":/g, '"n$1":');
      const document = JSON.parse(plain) as Flow;
      expect(flowText(document)).toBe(`${JSON.stringify(canonicalFlow(document), null, 2)}\n`);
    }),
    { numRuns: 300 },
  );
});

it('a workspace too reads and writes the same bytes', () => {
  const workspace: Workspace = {
    format: 'switchyard.workspace',
    version: 1,
    models: { z: { provider: 'ollama', model: 'm' }, a: { model: 'n', provider: 'builtin' } },
    connections: { c: { url: 'file:x', type: 'sqlite' } },
  };
  const text = workspaceText(workspace);
  expect(workspaceText(permuted(workspace, 3))).toBe(text);
  expect(workspaceText(readWorkspace(text).document as Workspace)).toBe(text);
});

it('sortKeys copies and leaves hostile keys as plain data', () => {
  const hostile = JSON.parse('{"b": 1, "__proto__": {"x": 1}, "a": 2}') as JsonObject;
  const sorted = sortKeys(hostile);
  expect(JSON.stringify(sorted)).toBe('{"__proto__":{"x":1},"a":2,"b":1}');
  expect((sorted as { x?: number }).x).toBeUndefined();
});

it('a policy has its keys in schema order and its default outputs by code unit', () => {
  const node = {
    policy: { default: { b: 1, a: { d: 1, c: 2 } }, onFailure: 'continue', retry: { on: ['z', 'a'], attempts: 2 } },
    config: {},
    kind: 'x',
  } as const;
  const { policy } = canonicalFlow({ ...emptyFlow('P'), nodes: { n: node as never } }).nodes.n ?? {};
  expect(JSON.stringify(policy)).toBe('{"retry":{"attempts":2,"on":["z","a"]},"onFailure":"continue","default":{"a":{"c":2,"d":1},"b":1}}');
});
