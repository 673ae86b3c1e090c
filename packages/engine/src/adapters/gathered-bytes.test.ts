/** What a body in pieces keeps of memory. */
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { exchangeHttp } from './connections/http/exchange-http.ts';
import { createEgress } from './egress/index.ts';
import { GatheredBytes, unshared } from './gathered-bytes.ts';

test('pieces are given whole, and nothing of what they came in is kept', () => {
  const gathered = new GatheredBytes();
  expect(gathered.whole()).toEqual(Buffer.alloc(0));
  const pieces = Array.from({ length: 5000 }, (_, index) => Buffer.alloc(4096, String(index)).subarray(0, 1 + (index % 40)));
  for (const piece of pieces) gathered.add(piece);
  expect(gathered.whole().equals(Buffer.concat(pieces))).toBe(true);
  expect(gathered.length).toBe(gathered.whole().length);
  expect(gathered.whole().buffer.byteLength).toBeLessThanOrEqual(2 * gathered.length);
});

test('a piece that is most of its block is taken as it is, one that is little of it is copied', () => {
  const block = Buffer.from(new ArrayBuffer(1000));
  expect(unshared(block.subarray(0, 600)).buffer).toBe(block.buffer);
  expect(unshared(block.subarray(0, 10)).buffer).not.toBe(block.buffer);
});

test('an answer of a byte at a time, each in much wrapping, takes no more memory than its bytes', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const egress = createEgress();
  const sent = Promise.withResolvers<() => void>();
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => void send());
    const send = async () => {
      socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n');
      for (let count = 0; count < 1000; count += 1) if (!socket.write(`1;${'x'.repeat(65_000)}\r\ny\r\n`)) await once(socket, 'drain');
      sent.resolve(() => socket.end('0\r\n\r\n'));
    };
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  collect();
  const before = process.memoryUsage().arrayBuffers;
  const answer = exchangeHttp(egress.dispatcher([origin]), {
    options: { origin, path: '/', method: 'GET', headers: {}, body: null },
    signal: AbortSignal.timeout(20_000),
    maxResponseBytes: 5_000_000,
    what: 'The answer',
  });
  const end = await sent.promise;
  await new Promise((resolve) => setTimeout(resolve, 200));
  collect();
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(15_000_000);
  end();
  expect((await answer).body.toString()).toBe('y'.repeat(1000));
  await egress.close();
  server.close();
});
