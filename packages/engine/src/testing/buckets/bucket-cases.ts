/** The kind `objects` on a bucket, as tests: the same cases for each server that speaks S3. */
import { answerSignal, type Answer, type Flow, type Json } from '@switchyard/shared';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { failureOf } from '../../adapters/testing/host-bench.ts';
import { BucketBench } from './bucket-bench.ts';
import type { BucketServer } from '../servers/bucket-server.ts';
import { pdfOf } from '../pdf-file.ts';
import { scriptedTurns, testRun } from '../test-run.ts';

/** Registers the cases on a server that is started once; `more` are cases of that server alone. */
export function bucketCases<Server extends BucketServer>(
  name: string,
  start: () => Promise<Server>,
  more: (bench: () => BucketBench, server: () => Server) => void = () => undefined,
): void {
  describe(`a bucket of ${name}`, () => {
    let server: Server;
    let bench: BucketBench;
    beforeAll(async () => {
      server = await start();
    }, 120_000);
    afterAll(() => server.stop());
    beforeEach(async () => {
      bench = await BucketBench.open(server);
    });
    afterEach(() => bench.close());
    contentCases(() => bench);
    keyCases(() => bench);
    failureCases(() => bench);
    approvalCases(() => bench);
    more(
      () => bench,
      () => server,
    );
  });
}

/** Names that are written otherwise in an address, in a signature or in XML. */
export const oddKeys = [
  "!*'() -_.~/x.txt",
  '#?&=;:@$,.txt',
  '%2F%20%.txt',
  '+ + plus.txt',
  '<a>&amp;"b".txt',
  'a b/ü (1).csv',
  'a  two spaces .txt',
  'e\u0301 and \u00e9.txt',
  '日本語/привет.txt',
  '\uff5e wide.txt',
  '😀 apart.txt',
];

/** As S3 orders them. */
export const inByteOrder = (keys: readonly string[]) => keys.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));

function contentCases(bench: () => BucketBench): void {
  test('is written, listed, read and removed', async () => {
    const { act, write, read, keys, code } = methodsOf(bench());
    expect(await act('write', { key: 'a b/ü (1).csv', text: 'n\n1\n', mediaType: 'text/csv' }, 'write')).toEqual({ key: 'a b/ü (1).csv', size: 4 });
    await act('write', { key: 'b.bin', base64: 'AAEC/w==' }, 'write');
    await write('empty.txt', '');
    expect(await keys()).toEqual(['a b/ü (1).csv', 'b.bin', 'empty.txt']);
    expect(await keys({ after: 'b.bin' })).toEqual(['empty.txt']);
    expect(await read('a b/ü (1).csv')).toMatchObject({ form: 'rows', rows: [{ n: 1 }] });
    expect(await read('b.bin')).toMatchObject({ form: 'base64', base64: 'AAEC/w==', size: 4 });
    expect(await read('empty.txt')).toMatchObject({ text: '', size: 0 });
    await write('empty.txt', 'no more');
    expect(await read('empty.txt')).toMatchObject({ text: 'no more', size: 7 });
    expect(await act('remove', { key: 'b.bin' }, 'write')).toEqual({ key: 'b.bin', removed: true });
    expect(await code('read', { key: 'b.bin' })).toBe('object-missing');
    // A store of S3 says nothing about whether there was something.
    expect(await act('remove', { key: 'b.bin' }, 'write')).toEqual({ key: 'b.bin', removed: true });
  });

  test('gives text, JSON, rows and the text of a PDF, by name or by media type', async () => {
    const { act, write, read } = methodsOf(bench());
    const put = (key: string, base64: Buffer, mediaType: string) => act('write', { key, base64: base64.toString('base64'), mediaType }, 'write');
    await write('a.md', '# Title\nText');
    await write('b.json', '{"a":[1,2],"__proto__":{"x":1}}');
    await put('c', Buffer.from('id;name\n007;Ada\n8;"Bo;b"\n'), 'text/csv');
    await put('d', Buffer.from('{"b":1}'), 'application/json');
    await put('e.pdf', Buffer.from(pdfOf(['First page', 'Second page'])), 'application/pdf');
    expect(await read('a.md')).toEqual({ key: 'a.md', size: 12, form: 'text', text: '# Title\nText' });
    expect(JSON.stringify((await read('b.json')).json)).toBe('{"a":[1,2],"__proto__":{"x":1}}');
    expect(await read('c')).toMatchObject({
      columns: ['id', 'name'],
      rows: [
        { id: '007', name: 'Ada' },
        { id: 8, name: 'Bo;b' },
      ],
    });
    expect(await read('d')).toMatchObject({ json: { b: 1 } });
    expect(await read('e.pdf')).toMatchObject({ form: 'pdf', pages: 2, text: expect.stringMatching(/First page\s*\f\s*Second page/) as string });
    expect(await read('b.json', { as: 'text', offset: 1, characters: 3 })).toMatchObject({ text: '"a"', truncated: true, offset: 1 });
  });

  test('gives a link that anybody can follow, for what is there alone', async () => {
    const { act, write, code } = methodsOf(bench());
    await write('a.txt', 'hello');
    const { url } = await act('link', { key: 'a.txt', seconds: 60 });
    expect(String(url)).toContain('X-Amz-Expires=60');
    expect(await (await fetch(String(url))).text()).toBe('hello');
    expect(await code('link', { key: 'none.txt' })).toBe('object-missing');
  });

  test('reads no more of a large object than it gives', async () => {
    const { write, read, code } = methodsOf(bench());
    await write('big.txt', 'x'.repeat(4_900_000));
    expect(await read('big.txt', { as: 'base64' })).toMatchObject({ size: 4_900_000, truncated: true });
    expect(await read('big.txt', { characters: 10 })).toMatchObject({ size: 4_900_000, text: 'xxxxxxxxxx', truncated: true });
    expect(await code('write', { key: 'big', text: 'x'.repeat(5_100_000) }, 'write')).toBe('object-too-large');
    // What was left of the first answers holds up nothing.
    expect((await read('big.txt', { offset: 4_899_999 })).text).toBe('x');
  });
}

function keyCases(bench: () => BucketBench): void {
  test('is listed after a key and below a prefix', async () => {
    const { write, keys } = methodsOf(bench());
    for (const key of ['a.txt', 'b/c.txt', 'b/d.txt']) await write(key, 'x');
    expect(await keys({ count: 2, after: 'a.txt' })).toEqual(['b/c.txt', 'b/d.txt']);
    expect(await keys({ prefix: 'b/' })).toEqual(['b/c.txt', 'b/d.txt']);
    expect(await keys({ prefix: 'x' })).toEqual([]);
  });

  test.each(oddKeys)('keeps the key %j as it is', async (key) => {
    const { act, write, read, keys, code } = methodsOf(bench());
    await write(key, key);
    expect(await keys()).toEqual([key]);
    expect(await keys({ prefix: key })).toEqual([key]);
    expect(await keys({ after: key })).toEqual([]);
    expect(await read(key, { as: 'text' })).toMatchObject({ key, text: key });
    expect(await (await fetch(String((await act('link', { key })).url))).text()).toBe(key);
    await act('remove', { key }, 'write');
    expect(await code('read', { key })).toBe('object-missing');
  });

  test('is jailed by the prefix of its connection', async () => {
    const { write, keys, code } = methodsOf(bench());
    await write('other.txt', 'secret');
    bench().set({ prefix: 'team/' });
    await write('a.txt', 'x');
    expect(await keys()).toEqual(['a.txt']);
    for (const key of ['../other.txt', '/other.txt', './a.txt', 'a//b']) expect(await code('read', { key }), key).toBe('key-invalid');
    expect(await code('read', { key: 'other.txt' })).toBe('object-missing');
    bench().set({ prefix: '' });
    expect(await keys()).toEqual(['other.txt', 'team/a.txt']);
  });
}

function failureCases(bench: () => BucketBench): void {
  test('tells what is wrong with a bucket, a key and a store that is gone', async () => {
    const { act, code } = methodsOf(bench());
    bench().set({ bucket: 'nowhere' });
    expect(await failureOf(act('list'))).toMatchObject({ code: 'connection-invalid', message: expect.stringContaining('no such bucket') as string });
    for (const action of ['read', 'link']) expect(await code(action, { key: 'a.txt' }), action).toBe('connection-invalid');
    bench().set({ accessKeyId: 'UNKNOWN' });
    expect(await code('list')).toBe('connection-denied');
    bench().set({ endpoint: 'http://127.0.0.1:1' });
    expect(await failureOf(act('list'))).toMatchObject({ code: 'connection-unreachable', retry: 'policy' });
  });

  test('is tried out by what is in it', async () => {
    await bench().write('a.txt', 'x');
    const host = await bench().host();
    expect(await host.checkConnection('store', { signal: new AbortController().signal, timeoutMs: 5000, onDelta: () => undefined })).toBe(
      'It opens and has 1 object.',
    );
  });
}

function approvalCases(bench: () => BucketBench): void {
  const writeOnce = async (answer: Answer) => {
    const model = scriptedTurns([[['store_write', { key: 'by hand.txt', text: 'approved' }]], 'Done.']);
    const host = await bench().host();
    const { events } = await testRun(approvalFlow, {
      inputs: { request: 'Write it' },
      host: {
        pool: () => ({ concurrency: 8 }),
        perform: async (call, context) => (call.kind === 'model' ? { result: model.answer(call) } : await host.perform(call, context)),
      },
      onStart: (port) => port.signal(answerSignal('boss#t1.store.write.0.approval'), answer as Json),
    });
    return events.filter(({ type }) => type === 'wait-start').length;
  };

  test('is written by a control node once a person has approved it, and not where nobody did', async () => {
    expect(await writeOnce({ choice: 'reject', reason: 'Not today.' })).toBe(1);
    expect(await bench().keys()).toEqual([]);
    expect(await writeOnce({ choice: 'approve' })).toBe(1);
    expect(await bench().read('by hand.txt')).toMatchObject({ text: 'approved' });
  });
}

const approvalFlow: Flow = {
  format: 'switchyard.flow',
  version: 1,
  name: 'test',
  nodes: {
    given: { kind: 'input', config: { fields: { request: { type: 'string' } } } },
    boss: { kind: 'control', config: { model: 'm', instructions: 'Be exact.' } },
    store: { kind: 'objects', config: { connection: 'store', access: 'write' } },
    told: { kind: 'output', config: { fields: { answer: {} } } },
  },
  links: [
    { from: 'given.request', to: 'boss.request' },
    { from: 'boss.answer', to: 'told.answer' },
  ],
  grants: [{ from: 'boss', to: 'store' }],
};

/** Of whichever bench is there now. */
function methodsOf(bench: BucketBench) {
  return {
    act: bench.act.bind(bench),
    write: bench.write.bind(bench),
    read: bench.read.bind(bench),
    keys: bench.keys.bind(bench),
    code: bench.code.bind(bench),
  };
}
