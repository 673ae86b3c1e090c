/** The kind `objects` on a real folder and on a server that speaks S3: every form of content, what is jailed, refused and cut. */
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Json, JsonObject } from '@switchyard/shared';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ask, failureOf } from '../../adapters/testing/host-bench.ts';
import { bucketCases } from '../../testing/buckets/bucket-cases.ts';
import { startS3rver } from '../../testing/servers/bucket-server.ts';
import { cephCases } from '../../testing/buckets/ceph-cases.ts';
import { cephPackages, findCeph, startCeph } from '../../testing/servers/ceph-gateway.ts';
import { pdfOf } from '../../testing/pdf-file.ts';
import { RoomBench } from '../../testing/room-bench.ts';
import { isThorough } from '../../testing/thorough.ts';

let bench = new RoomBench('objects');
afterEach(async () => {
  await bench.close();
  bench = new RoomBench('objects');
});

const act = async (action: string, args: JsonObject = {}, effect: 'read' | 'write' = 'read') =>
  await ask<JsonObject>(await bench.host(), 'connect', { connection: 'store', action, arguments: args }, { effect });
const read = (key: string, more: JsonObject = {}) => act('read', { key, ...more });
const keysOf = (listed: JsonObject) => (listed.objects as { key: string }[]).map(({ key }) => key);
const code = async (promise: Promise<unknown>) => (await failureOf(promise)).code;

describe('a folder', () => {
  let folder: string;
  const put = async (key: string, content: string | Buffer) => {
    await mkdir(join(folder, key, '..'), { recursive: true });
    await writeFile(join(folder, key), content);
  };
  beforeEach(async () => {
    folder = join(await bench.directory(), 'folder');
    await mkdir(folder);
    bench.connections.store = { type: 'files', url: 'file:folder' };
  });

  test('gives text, JSON, rows, the text of a PDF, and bytes', async () => {
    await put('a.md', '# Title\nText');
    await put('b.json', '{"a":[1,2],"__proto__":{"x":1}}');
    await put('c.csv', 'id;name;id\n007;Ada;3\n8;"Bo;b";4.5\n');
    await put('d.pdf', pdfOf(['First page', 'Second page']));
    await put('e.bin', Buffer.from([0, 1, 2, 255]));
    await put('plain', 'no ending');
    expect(await read('a.md')).toEqual({ key: 'a.md', size: 12, form: 'text', text: '# Title\nText' });
    expect(JSON.stringify((await read('b.json')).json)).toBe('{"a":[1,2],"__proto__":{"x":1}}');
    expect(await read('c.csv')).toMatchObject({
      columns: ['id', 'name', 'id_2'],
      rows: [
        { id: '007', name: 'Ada', id_2: 3 },
        { id: 8, name: 'Bo;b', id_2: 4.5 },
      ],
    });
    expect(await read('d.pdf')).toMatchObject({ form: 'pdf', pages: 2, text: expect.stringMatching(/First page\s*\f\s*Second page/) as string });
    expect(await read('e.bin')).toMatchObject({ form: 'base64', base64: 'AAEC/w==' });
    expect(await read('plain')).toMatchObject({ form: 'text', text: 'no ending' });
    expect(await read('b.json', { as: 'text', offset: 1, characters: 3 })).toMatchObject({ text: '"a"', truncated: true, offset: 1 });
  });

  test('tells what cannot be read in the form that was asked for', async () => {
    await put('a.json', '{oops');
    await put('deep.json', '['.repeat(100_000));
    await put('b.pdf', 'no PDF at all');
    expect(await failureOf(read('a.json'))).toMatchObject({ code: 'object-unreadable', message: expect.stringContaining('Read it as text') as string });
    expect(await code(read('deep.json'))).toBe('object-unreadable');
    expect(await code(read('b.pdf'))).toBe('object-unreadable');
    expect(await code(read('none.md'))).toBe('object-missing');
  });

  test('cuts what is long, and says so', async () => {
    await put('long.txt', 'x'.repeat(6_000_000));
    await put('rows.csv', `n\n${Array.from({ length: 3000 }, (_, index) => index).join('\n')}`);
    expect(await read('long.txt', { characters: 10 })).toMatchObject({ size: 6_000_000, text: 'xxxxxxxxxx', truncated: true });
    const rows = await read('rows.csv');
    expect([(rows.rows as Json[]).length, rows.truncated]).toEqual([1000, true]);
  });

  test('lists in the order of keys, page by page, below a prefix', async () => {
    for (const key of ['b/2.md', 'a.md', 'b/1.md', 'b-c.md', 'b/c/3.md', 'd.md']) await put(key, key);
    const all = keysOf(await act('list'));
    expect(all).toEqual(['a.md', 'b-c.md', 'b/1.md', 'b/2.md', 'b/c/3.md', 'd.md']);
    expect(all).toEqual([...all].sort());
    const paged: string[] = [];
    for (let after = ''; ; after = paged.at(-1) ?? '') {
      const page = await act('list', { count: 2, ...(after !== '' && { after }) });
      paged.push(...keysOf(page));
      if (!page.truncated) break;
    }
    expect(paged).toEqual(all);
    expect(keysOf(await act('list', { prefix: 'b/' }))).toEqual(['b/1.md', 'b/2.md', 'b/c/3.md']);
    expect(keysOf(await act('list', { prefix: 'b/', after: 'b/1.md', count: 1 }))).toEqual(['b/2.md']);
    expect(keysOf(await act('list', { prefix: 'x' }))).toEqual([]);
  });

  test('leads nowhere else: no parent, link, hidden file, pipe or folder', async () => {
    await writeFile(join(await bench.directory(), 'outside.txt'), 'secret');
    await put('sub/in.txt', 'in');
    await put('.env', 'secret');
    await put('.git/config', 'secret');
    await symlink('../outside.txt', join(folder, 'link.txt'));
    await symlink('..', join(folder, 'up'));
    await symlink('sub', join(folder, 'alias'));
    for (const key of ['../outside.txt', 'sub/../../outside.txt', '/etc/passwd', './sub/in.txt', 'sub//in.txt', 'sub/', 'a\\b', 'a\0b'])
      expect(await code(read(key)), key).toBe('key-invalid');
    for (const key of ['link.txt', 'up/outside.txt', 'alias/in.txt', '.env', '.git/config', 'sub', `${'x/'.repeat(40)}y`])
      expect(await code(read(key)), key).toBe('object-missing');
    expect(keysOf(await act('list'))).toEqual(['sub/in.txt']);
    expect((await read('sub/in.txt')).text).toBe('in');
  });

  test('is read only', async () => {
    expect(await code(act('write', { key: 'a', text: 'x' }, 'write'))).toBe('action-unavailable');
    expect(await code(act('remove', { key: 'a' }, 'write'))).toBe('action-unavailable');
    expect(await code(act('link', { key: 'a' }))).toBe('action-unavailable');
    expect(await code(act('write', { key: 'a', text: 'x' }))).toBe('access-read-only');
  });

  test('is tried out by what is in it', async () => {
    await put('a.md', 'x');
    const host = await bench.host();
    const check = () => host.checkConnection('store', { signal: new AbortController().signal, timeoutMs: 5000, onDelta: () => undefined });
    expect(await check()).toBe('It opens and has 1 object.');
    await rm(folder, { recursive: true });
    expect(await failureOf(check())).toMatchObject({ code: 'connection-unreachable', retry: 'policy' });
  });

  test('as a step fills its key, and cannot leave its prefix', async () => {
    await put('reports/5.csv', 'sold\n3\n');
    await put('other.txt', 'x');
    const config = { connection: 'store', prefix: 'reports/', key: '{{ key }}' };
    expect(Object.keys(bench.ports(config).inputs)).toEqual(['key']);
    expect((await bench.runStep(config, { key: 'reports/5.csv' })).outputs).toEqual({ value: [{ sold: 3 }], truncated: false });
    for (const key of ['other.txt', 'reports', '', 'reports/../other.txt']) expect((await bench.runStep(config, { key })).failure?.code, key).toMatch(/^key-/);
    const listed = await bench.runStep({ ...config, action: 'list', key: '' }, {});
    expect((listed.outputs.value as { key: string }[]).map(({ key }) => key)).toEqual(['reports/5.csv']);
    expect((await bench.runStep({ ...config, action: 'list', key: 'rep' }, {})).failure?.code).toBe('key-not-granted');
  });
});

bucketCases('s3rver', startS3rver);

// A cluster of its own, which npm run test:long starts.
if (isThorough) {
  if (!findCeph()) process.stderr.write(`Ceph is not installed (Debian's ${cephPackages.join(', ')}): its tests of buckets are skipped.\n`);
  describe.skipIf(!findCeph())('a real server', () => bucketCases('Ceph', startCeph, cephCases));
}

describe('a bucket behind canned answers', () => {
  beforeEach(() => {
    bench.secrets.S3_SECRET = 'secret';
  });
  const bucketAt = (endpoint: string) => {
    bench.connections.store = {
      type: 's3',
      endpoint,
      bucket: 'reports',
      region: 'us-east-1',
      accessKeyId: 'READER',
      secretAccessKey: { secret: 'S3_SECRET' },
      prefix: '',
      forcePathStyle: true,
    };
  };

  test('in another region than the connection says is told so', async () => {
    const answers = new Map([
      ['AuthorizationHeaderMalformed', { status: 400, code: 'connection-denied' }],
      ['PermanentRedirect', { status: 301, code: 'connection-invalid' }],
      ['IllegalLocationConstraintException', { status: 400, code: 'connection-invalid' }],
    ]);
    for (const [said, { status, code: expected }] of answers) {
      bucketAt(
        await bench.serve((_request, response) => {
          response.writeHead(status, { 'content-type': 'application/xml' }).end(`<Error><Code>${said}</Code><Message>Another region</Message></Error>`);
        }),
      );
      const told = await failureOf(act('list'));
      expect(told).toMatchObject({ code: expected, message: expect.stringContaining('region') as string });
    }
  });

  test('is listed past pages that hold folders alone, to as many objects as were asked for', async () => {
    const pages: Record<string, { keys: string[]; next?: string }> = {
      '': { keys: ['a/', 'b/'], next: 'one' },
      one: { keys: ['c/', 'c/1.txt', 'd/'], next: 'two' },
      two: { keys: ['e.txt', 'f.txt'] },
    };
    bucketAt(
      await bench.serve((request, response) => {
        const { keys, next } = pages[new URL(request.url ?? '', 'http://store').searchParams.get('continuation-token') ?? ''] as {
          keys: string[];
          next?: string;
        };
        const contents = keys.map((key) => `<Contents><Key>${key}</Key><Size>1</Size></Contents>`).join('');
        const more = next === undefined ? '' : `<IsTruncated>true</IsTruncated><NextContinuationToken>${next}</NextContinuationToken>`;
        response.end(`<ListBucketResult>${contents}${more}</ListBucketResult>`);
      }),
    );
    const listed = async (count: number) => {
      const { objects, truncated } = await act('list', { count });
      return [(objects as { key: string }[]).map(({ key }) => key), truncated];
    };
    expect(await listed(1)).toEqual([['c/1.txt'], true]);
    expect(await listed(2)).toEqual([['c/1.txt', 'e.txt'], true]);
    expect(await listed(3)).toEqual([['c/1.txt', 'e.txt', 'f.txt'], undefined]);
  });

  test('that lists without an end is cut off', async () => {
    bucketAt(
      await bench.serve((_request, response) => {
        const more = () => {
          while (response.write('<Contents><Key>a</Key></Contents>'.repeat(2000)));
        };
        response.on('drain', more).write('<ListBucketResult>');
        more();
      }),
    );
    expect((await failureOf(act('list'))).code).toBe('response-too-large');
  });

  test('that never answers is given up in time', async () => {
    const silent = createServer((socket) => socket.resume());
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    bucketAt(`http://127.0.0.1:${(silent.address() as AddressInfo).port}`);
    const asked = { connection: 'store', action: 'list', arguments: {} };
    expect(await code(ask(await bench.host(), 'connect', asked, { timeoutMs: 300 }))).toBe('timeout');
    await new Promise((resolve) => silent.close(resolve));
  });

  test('whose name leads to an address that may not be reached is refused', async () => {
    bucketAt('http://store.example');
    const host = await bench.host({ resolve: async () => [{ address: '169.254.169.254', family: 4 }] });
    expect(await code(ask(host, 'connect', { connection: 'store', action: 'list', arguments: {} }))).toBe('egress-refused');
  });
});

test('offers what its access allows', () => {
  const names = (access: string) => bench.operations({ connection: 'store', access }).map(({ name, effect }) => `${name} ${effect}`);
  expect(names('read')).toEqual(['list read', 'read read', 'link read']);
  expect(names('write').slice(3)).toEqual(['write write', 'remove write']);
  expect(bench.problems({ connection: 'store', action: 'write' })[0]).toContain('access');
});
