/** What a real server of S3 does and s3rver does not: cut listings, checked signatures, users and their rights, limits, versions, parts. */
import { request } from 'node:http';
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  UploadPartCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ask, failureOf } from '../../adapters/testing/host-bench.ts';
import type { BucketBench } from './bucket-bench.ts';
import { connectOutside } from '../servers/bucket-server.ts';
import type { CephGateway } from '../servers/ceph-gateway.ts';
import { inByteOrder, oddKeys } from './bucket-cases.ts';

/** Registers the cases. */
export function cephCases(bench: () => BucketBench, server: () => CephGateway): void {
  let outside: S3Client;
  beforeEach(() => {
    outside = connectOutside(server());
  });
  afterEach(() => outside.destroy());
  const put = async (keys: readonly string[]) => {
    await Promise.all(keys.map((Key) => outside.send(new PutObjectCommand({ Bucket: bench().bucket, Key, Body: 'x' }))));
  };
  describe('listings', () => listingCases(bench, put));
  describe('signatures', () => signatureCases(bench));
  describe('users', () => userCases(bench, server, () => outside));
  describe('objects of others', () => foreignCases(bench, () => outside));
  describe('addresses', () => addressCases(bench, server));
}

function listingCases(bench: () => BucketBench, put: (keys: readonly string[]) => Promise<void>): void {
  test('come page by page, whole and in order', async () => {
    const keys = Array.from({ length: 25 }, (_, index) => `${index % 2 ? 'b/' : 'a '}${String(index).padStart(2, '0')}.txt`).toSorted();
    await put(keys);
    const pages = await bench().pages(7);
    expect(pages.map(({ length }) => length)).toEqual([7, 7, 7, 4]);
    expect(pages.flat()).toEqual(keys);
    expect((await bench().pages(5, { prefix: 'b/' })).flat()).toEqual(keys.filter((key) => key.startsWith('b/')));
    // A page that is just full is the last.
    expect(await bench().pages(25)).toEqual([keys]);
  });

  test('go on after every odd key', async () => {
    await put(oddKeys);
    expect((await bench().pages(1)).flat()).toEqual(inByteOrder(oddKeys));
    bench().set({ prefix: oddKeys[0]?.slice(0, 4) as string });
    expect((await bench().pages(1)).flat()).toEqual([oddKeys[0]?.slice(4)]);
  });

  test('end at 1,000, and say so', async () => {
    await put(Array.from({ length: 1001 }, (_, index) => `${index}.txt`));
    expect((await bench().pages(1000)).map(({ length }) => length)).toEqual([1000, 1]);
    const host = await bench().host();
    const found = await host.checkConnection('store', { signal: new AbortController().signal, timeoutMs: 15_000, onDelta: () => undefined });
    expect(found).toBe('It opens and has more than 1000 objects.');
  });

  test('leave out what stands for a folder, also where a page holds nothing else', async () => {
    await put(['a/', 'b/', 'c/', 'c/1.txt', 'd/', 'e.txt', 'f/']);
    expect(await bench().keys()).toEqual(['c/1.txt', 'e.txt']);
    expect((await bench().pages(1)).flat()).toEqual(['c/1.txt', 'e.txt']);
  });

  test('have keys with characters that XML cannot hold', async () => {
    const keys = ['a\u0001b.txt', 'line\nbreak.txt', 'tab\tand\rreturn.txt', 'z.txt'];
    await put(keys);
    expect(await bench().keys()).toEqual(keys);
    expect((await bench().pages(1)).flat()).toEqual(keys);
  });
}

function signatureCases(bench: () => BucketBench): void {
  test('of a wrong secret are refused, whatever is asked', async () => {
    await bench().write('a.txt', 'x');
    bench().secrets.S3_SECRET = 'wrong';
    expect(await failureOf(bench().act('list'))).toMatchObject({
      code: 'connection-denied',
      message: expect.stringContaining('SignatureDoesNotMatch') as string,
    });
    expect(await bench().code('read', { key: 'a.txt' })).toBe('connection-denied');
    expect(await failureOf(bench().act('link', { key: 'a.txt' }))).toMatchObject({ message: expect.stringContaining('SignatureDoesNotMatch') as string });
    expect(await bench().code('write', { key: 'a.txt', text: 'y' }, 'write')).toBe('connection-denied');
    expect(await bench().code('remove', { key: 'a.txt' }, 'write')).toBe('connection-denied');
  });

  test('of a link hold for its object, its time and its signature alone', async () => {
    await bench().write('a b+ü.csv', 'mine');
    await bench().write('other.txt', 'other');
    const linkOf = async (key: string, seconds: number) => new URL(String((await bench().act('link', { key, seconds })).url));
    const link = await linkOf('a b+ü.csv', 60);
    expect(await (await fetch(link)).text()).toBe('mine');
    const elsewhere = new URL(link);
    elsewhere.pathname = elsewhere.pathname.replace(/[^/]+$/, 'other.txt');
    const longer = new URL(link);
    longer.searchParams.set('X-Amz-Expires', '600000');
    expect([(await fetch(elsewhere)).status, (await fetch(longer)).status, (await fetch(link, { method: 'DELETE' })).status]).toEqual([403, 403, 403]);
    const brief = await linkOf('other.txt', 3);
    expect((await fetch(brief)).status).toBe(200);
    await vi.waitFor(async () => expect((await fetch(brief)).status).toBe(403), { timeout: 10_000, interval: 500 });
  });

  test('of another time are told as what they are', async () => {
    await bench().write('a.txt', 'x');
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 3_600_000 });
    try {
      expect(await failureOf(bench().act('list'))).toMatchObject({ code: 'connection-denied', message: expect.stringContaining('clock') as string });
    } finally {
      vi.useRealTimers();
    }
  });

  // Amazon refuses it; see the answer of such a server in objects.test.ts.
  test('for another region are taken: Ceph asks for none', async () => {
    await bench().write('a.txt', 'x');
    bench().set({ region: 'eu-central-1' });
    expect(await bench().keys()).toEqual(['a.txt']);
  });
}

let users = 0;

function userCases(bench: () => BucketBench, server: () => CephGateway, outside: () => S3Client): void {
  let user: string;
  beforeEach(async () => {
    user = `user${++users}`;
    await server().admin('user', 'create', `--uid=${user}`, `--display-name=${user}`, `--access-key=${user}-key`, '--secret-key=another');
    await bench().write('a.txt', 'x');
    bench().set({ accessKeyId: `${user}-key` });
    bench().secrets.S3_SECRET = 'another';
  });
  const allow = async (...actions: string[]) => {
    const { bucket: Bucket } = bench();
    const Resource = [`arn:aws:s3:::${Bucket}`, `arn:aws:s3:::${Bucket}/*`];
    const statement = { Effect: 'Allow', Principal: { AWS: [`arn:aws:iam:::user/${user}`] }, Action: actions, Resource };
    await outside().send(new PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify({ Version: '2012-10-17', Statement: [statement] }) }));
  };

  test('without rights see nothing', async () => {
    expect(await failureOf(bench().act('list'))).toMatchObject({ code: 'connection-denied', message: expect.stringContaining('may not do this') as string });
    for (const action of ['read', 'link']) expect(await bench().code(action, { key: 'a.txt' }), action).toBe('connection-denied');
    expect(await bench().code('remove', { key: 'a.txt' }, 'write')).toBe('connection-denied');
  });

  test('who may only read change nothing', async () => {
    await allow('s3:GetObject', 's3:ListBucket');
    expect(await bench().keys()).toEqual(['a.txt']);
    expect(await bench().read('a.txt')).toMatchObject({ text: 'x' });
    expect(await (await fetch(String((await bench().act('link', { key: 'a.txt' })).url))).text()).toBe('x');
    expect(await bench().code('read', { key: 'none.txt' })).toBe('object-missing');
    expect(await bench().code('write', { key: 'b.txt', text: 'y' }, 'write')).toBe('connection-denied');
    expect(await bench().code('remove', { key: 'a.txt' }, 'write')).toBe('connection-denied');
    expect(await bench().keys()).toEqual(['a.txt']);
  });

  test('who are suspended are refused', async () => {
    await allow('s3:GetObject', 's3:ListBucket');
    expect(await bench().keys()).toEqual(['a.txt']);
    await server().admin('user', 'suspend', `--uid=${user}`);
    expect(await bench().code('list')).toBe('connection-denied');
  });

  test('who have no room left are told so', async () => {
    bench().set({});
    bench().secrets.S3_SECRET = server().secretAccessKey;
    await server().admin('quota', 'set', '--quota-scope=bucket', `--bucket=${bench().bucket}`, '--max-objects=1');
    await server().admin('quota', 'enable', '--quota-scope=bucket', `--bucket=${bench().bucket}`);
    expect(await failureOf(bench().write('b.txt', 'y'))).toMatchObject({ code: 'connection-full', message: expect.stringContaining('no room') as string });
    expect(await bench().keys()).toEqual(['a.txt']);
  });
}

function foreignCases(bench: () => BucketBench, outside: () => S3Client): void {
  test('that came in parts are read as one, and no further than is asked', async () => {
    const at = { Bucket: bench().bucket, Key: 'parts.txt' };
    const { UploadId } = await outside().send(new CreateMultipartUploadCommand({ ...at, ContentType: 'text/plain' }));
    const parts = await Promise.all(
      ['a', 'b', 'c'].map(async (letter, index) => {
        const PartNumber = index + 1;
        const { ETag } = await outside().send(new UploadPartCommand({ ...at, UploadId, PartNumber, Body: letter.repeat(5_242_880) }));
        return { ETag, PartNumber };
      }),
    );
    await outside().send(new CompleteMultipartUploadCommand({ ...at, UploadId, MultipartUpload: { Parts: parts } }));
    const size = 3 * 5_242_880;
    for (let times = 0; times < 10; times += 1) expect(await bench().read('parts.txt', { as: 'base64' })).toMatchObject({ size, truncated: true });
    expect(await bench().read('parts.txt', { offset: 4_999_999 })).toMatchObject({ size, text: 'a', truncated: true });
    expect(await bench().code('read', { key: 'parts.txt', as: 'json' })).toBe('object-unreadable');
  });

  test('of which versions are kept are read as they are now', async () => {
    await outside().send(new PutBucketVersioningCommand({ Bucket: bench().bucket, VersioningConfiguration: { Status: 'Enabled' } }));
    await bench().write('a.txt', 'first');
    await bench().write('a.txt', 'second');
    await bench().write('b.txt', 'b');
    expect(await bench().read('a.txt')).toMatchObject({ text: 'second' });
    await bench().act('remove', { key: 'a.txt' }, 'write');
    expect(await bench().keys()).toEqual(['b.txt']);
    for (const action of ['read', 'link']) expect(await bench().code(action, { key: 'a.txt' }), action).toBe('object-missing');
  });
}

function addressCases(bench: () => BucketBench, server: () => CephGateway): void {
  const resolve = async () => [{ address: '127.0.0.1', family: 4 as const }];

  test('may name the bucket in the host, in links too', async () => {
    const key = 'a b+ü/(1).txt';
    await bench().write(key, 'hello');
    bench().set({ endpoint: `http://${server().domain}`, forcePathStyle: false });
    const host = await bench().host({ resolve });
    const act = (action: string, args: Record<string, string>) =>
      ask<Record<string, unknown>>(host, 'connect', { connection: 'store', action, arguments: args });
    expect(await act('list', {})).toMatchObject({ objects: [{ key }] });
    expect(await act('read', { key })).toMatchObject({ text: 'hello' });
    const url = new URL(String((await act('link', { key })).url));
    expect(url.host).toBe(`${bench().bucket}.${server().domain}`);
    expect(await getByName(url, server())).toBe('hello');
  });
}

/** Of an address whose name nobody resolves. */
async function getByName(url: URL, { endpoint }: CephGateway): Promise<string> {
  return await new Promise((resolve, reject) => {
    request(endpoint, { path: url.pathname + url.search, headers: { host: url.host } }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => resolve(text));
    })
      .on('error', reject)
      .end();
  });
}
