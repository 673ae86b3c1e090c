/** Foreign text and JSON: what is refused, how it is told, and that nothing is slow or changed. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  defaultLimits,
  documentLimits,
  emptyFlow,
  isPortName,
  jsonDepth,
  linkEnd,
  parseJson,
  pointer,
  readFlow,
  readWorkspace,
  type Json,
  type JsonObject,
} from './index.ts';

const minimal = { format: 'switchyard.flow', version: 1, name: 'Small', nodes: {} };
const only = (source: unknown, read: typeof readFlow | typeof readWorkspace = readFlow) => {
  const { document, diagnostics } = read(source);
  expect(document).toBeUndefined();
  expect(diagnostics).toHaveLength(1);
  return diagnostics[0];
};

/** A generous bound: what it stands against takes many seconds, or the process. */
function quickly<T>(work: () => T): T {
  const started = performance.now();
  const result = work();
  expect(performance.now() - started).toBeLessThan(2_000);
  return result;
}

describe('what is refused as a whole, by one clear error', () => {
  it.each<[string, unknown, string, string]>([
    ['malformed JSON', '{"format": ', 'document-unreadable', ''],
    ['nothing', '', 'document-unreadable', ''],
    ['a list', '[]', 'format-unknown', ''],
    ['null', null, 'format-unknown', ''],
    ['a number', 7, 'format-unknown', ''],
    ['no format', { ...minimal, format: undefined }, 'format-unknown', '/format'],
    ['another format', { ...minimal, format: 'other.flow' }, 'format-unknown', '/format'],
    ['a workspace', { ...minimal, format: 'switchyard.workspace' }, 'format-unknown', '/format'],
    ['a newer version', { ...minimal, version: 2, nodes: 'of another shape' }, 'version-newer', '/version'],
    ['an unknown older version', { ...minimal, version: 0 }, 'document-invalid', '/version'],
    ['a version in words', { ...minimal, version: '1' }, 'document-invalid', '/version'],
    [
      'a reserved key',
      '{"format":"switchyard.flow","version":1,"name":"x","nodes":{"a":{"kind":"input","config":{"fields":{"__proto__":{}}}}}}',
      'name-refused',
      '/nodes/a/config/fields/__proto__',
    ],
  ])('%s', (_what, source, code, path) => expect(only(source)).toMatchObject({ code, path, severity: 'error' }));

  it('10,001 nodes, while 10,000 are read', () => {
    const nodes = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`n${index}`, { kind: 'input' }]));
    expect(only({ ...minimal, nodes: nodes(documentLimits.nodes + 1) })).toMatchObject({
      code: 'document-too-large',
      path: '/nodes',
      message: expect.stringContaining('10001 nodes') as string,
    });
    expect(readFlow({ ...minimal, nodes: nodes(documentLimits.nodes) }).diagnostics).toEqual([]);
  });

  it('more links and grants than are read are refused, however many are no links', { timeout: 5000 }, () => {
    const links = new Array<number>(documentLimits.links).fill(1);
    expect(readFlow({ ...minimal, links }).diagnostics.length).toBe(documentLimits.links);
    for (const more of [{ links: [...links, 1] }, { links, grants: [1] }, { links, flows: { inner: { nodes: {}, links: [1] } } }])
      expect(only({ ...minimal, ...more })).toMatchObject({ code: 'document-too-large', message: expect.stringContaining('50001 links and grants') as string });
  });

  it('counts the nodes of the flows within it', () => {
    const nodes = Object.fromEntries(Array.from({ length: documentLimits.nodes }, (_, index) => [`n${index}`, { kind: 'input' }]));
    expect(only({ ...minimal, nodes: { a: { kind: 'input' } }, flows: { inner: { nodes } } })).toMatchObject({
      code: 'document-too-large',
      message: expect.stringContaining('10001 nodes') as string,
    });
  });

  it('over 5 MB, before it is parsed; of letters of three bytes there are fewer', () => {
    expect(only(`{"name": "${'x'.repeat(documentLimits.bytes)}`)?.code).toBe('document-too-large');
    expect(only(`{"name": "${'€'.repeat(documentLimits.bytes / 3)}`)?.code).toBe('document-too-large');
  });

  it('a number that JSON could only write as null, by its place', () => {
    const text = '{"format":"switchyard.flow","version":1,"name":"x","nodes":{"a":{"kind":"input","config":{"fields":{"n":{"default":[1, 1e999]}}}}}}';
    expect(only(text)).toMatchObject({ code: 'document-invalid', path: '/nodes/a/config/fields/n/default/1', node: 'a', field: 'fields' });
  });

  it('a million brackets, as text and as a value, at once', () => {
    const deep = '['.repeat(1_000_000);
    expect(quickly(() => only(deep))?.code).toBe('document-too-deep');
    expect(quickly(() => only(`{"format":"switchyard.flow","version":1,"name":"x","nodes":${'{"a":'.repeat(500_000)}`))?.code).toBe('document-too-deep');
    const value = JSON.parse(deep + ']'.repeat(1_000_000)) as unknown;
    expect(quickly(() => only({ ...minimal, nodes: value }))?.code).toBe('document-unreadable');
  });

  it('depth 65, while 64 is read', () => {
    const config = (depth: number) => ({
      ...minimal,
      nodes: { a: { kind: 'input', config: { deep: JSON.parse('['.repeat(depth) + ']'.repeat(depth)) as Json } } },
    });
    expect(readFlow(config(60)).diagnostics).toEqual([]);
    expect(only(config(61))?.code).toBe('document-too-deep');
  });

  it('a value that refers to itself', () => {
    const circular: JsonObject = { ...minimal };
    circular.self = circular;
    expect(only(circular)?.code).toBe('document-unreadable');
  });
});

describe('mistakes of a part', () => {
  it('are told all at once, each with its pointer and node', () => {
    const { document, diagnostics } = readFlow({
      ...minimal,
      name: '',
      nodes: { 'Bad Id': { kind: 'input' }, prototype: { kind: 'input' }, a: { config: [] }, b: { kind: 'x', more: 1, 'a/b~c': 2 } },
      links: [{ from: 'a', to: 'b.c' }],
      extra: true,
    });
    expect(document).toBeUndefined();
    expect(diagnostics.map(({ code, path, node }) => [code, path, node])).toEqual([
      ['document-invalid', '/name', undefined],
      ['name-refused', '/nodes/Bad Id', 'Bad Id'],
      ['name-refused', '/nodes/prototype', 'prototype'],
      ['document-invalid', '/nodes/a/kind', 'a'],
      ['document-invalid', '/nodes/a/config', 'a'],
      ['document-invalid', '/nodes/b/more', 'b'],
      ['document-invalid', '/nodes/b/a~1b~0c', 'b'],
      ['document-invalid', '/links/0/from', undefined],
      ['document-invalid', '/extra', undefined],
    ]);
    expect(diagnostics.map(({ message }) => message)).toEqual(
      expect.arrayContaining(['"name" must not be empty.', '"kind" is missing.', '"config" must be an object, but is a list.']),
    );
  });

  it('are keys that stand twice, wherever they do and however they are written', () => {
    const text = String.raw`{"format":"switchyard.flow","version":1,"name":"a: \"a\"",
      "nodes": {"a": {"kind":"input","config":{"list":[{"x":1},{"x":1,"y":"x","\u0078" : 2}]}}, "b": {"kind":"input"}, "a": {"kind":"output"}}}`;
    const { document, diagnostics } = readFlow(text);
    expect(document).toBeUndefined();
    expect(diagnostics.map(({ code, path, node }) => [code, path, node])).toEqual([
      ['document-invalid', '/nodes/a/config/list/1/x', 'a'],
      ['document-invalid', '/nodes/a', 'a'],
    ]);
    const large = `{"format":"switchyard.flow","version":1,"name":"x","nodes":{"a":{"kind":"x","config":{"l":[${'{"a":"\\n","b":[1]},'.repeat(40_000)}0]}}}}`;
    expect(quickly(() => readFlow(large)).diagnostics).toEqual([]);
  });

  it('of a workspace are told the same way', () => {
    const { diagnostics } = readWorkspace({
      format: 'switchyard.workspace',
      version: 1,
      models: { 'bad name': { provider: 'ollama', model: 'm' }, ok: { provider: 'nobody', model: '' } },
      connections: { shop: { type: 'sqlite' }, api: { type: 'http', baseUrl: 'file:///etc/passwd' } },
    });
    expect(diagnostics.map(({ code, path }) => [code, path])).toEqual([
      ['name-refused', '/models/bad name'],
      ['document-invalid', '/models/ok/provider'],
      ['document-invalid', '/models/ok/model'],
      ['document-invalid', '/connections/shop/url'],
      ['document-invalid', '/connections/api/baseUrl'],
    ]);
  });
});

describe('reading', () => {
  it('fills the defaults of the document and nothing else', () => {
    expect(readFlow({ ...minimal, nodes: { a: { kind: 'anything' } } }).document).toEqual({
      ...minimal,
      nodes: { a: { kind: 'anything', config: {} } },
      links: [],
      grants: [],
    });
    expect(defaultLimits).toEqual({ seconds: 600, modelCalls: 25, toolCalls: 200, callsPerTurn: 16, identicalCalls: 3, tokens: 200_000, depth: 5 });
  });

  it('changes nothing of what it was given and never throws', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const before = JSON.stringify(value);
        readFlow(value);
        readFlow(before);
        readWorkspace({ format: 'switchyard.workspace', version: 1, models: value });
        expect(JSON.stringify(value)).toBe(before);
      }),
      { numRuns: process.env.SWITCHYARD_THOROUGH === '1' ? 20_000 : 300 },
    );
  });

  it('takes text with a byte order mark', () => {
    expect(readFlow(`\ufeff${JSON.stringify(minimal)}`).diagnostics).toEqual([]);
  });

  it('keeps a placeholder of an unknown kind whole', () => {
    const node = { kind: 'from_tomorrow', title: 'New', config: { deep: [{ kept: null }] } };
    expect(readFlow({ ...minimal, nodes: { a: node } }).document?.nodes.a).toEqual(node);
  });
});

describe('small words', () => {
  it('jsonDepth counts brackets outside strings and stops above its limit', () => {
    expect(jsonDepth('[{"a": "[[[\\"[["}]')).toBe(2);
    expect(jsonDepth('7')).toBe(0);
    expect(jsonDepth('['.repeat(100), 10)).toBe(11);
  });

  it('parseJson reads what JSON can write again, and nothing else', () => {
    for (const text of ['null', '[1e99, "1e999"]', '{"a":-0}']) expect(parseJson(text)).toEqual(JSON.parse(text));
    for (const text of ['', '{', '1e999', '{"a":[-1E+400]}', '9'.repeat(310)]) expect(parseJson(text)).toBeUndefined();
  });

  it('pointer escapes, linkEnd splits, isPortName refuses', () => {
    expect(pointer(['nodes', 'a/b', '~', 0])).toBe('/nodes/a~1b/~0/0');
    expect(linkEnd('ask.question')).toEqual({ node: 'ask', port: 'question' });
    for (const name of ['a', '_x', 'Total2', 'toString']) expect(isPortName(name)).toBe(true);
    for (const name of ['', '2a', 'a-b', 'a b', '__proto__', 'constructor', 'map', 'in', 'true', 'if']) expect(isPortName(name)).toBe(false);
    expect(emptyFlow('New')).toEqual({ ...minimal, name: 'New', links: [], grants: [] });
  });
});
