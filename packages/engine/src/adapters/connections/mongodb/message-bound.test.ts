/** Servers whose messages have a length that none has. */
import { createServer, type AddressInfo, type Server } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { ask, failureOf, HostBench } from '../../testing/host-bench.ts';
import { SizedMessageTransform } from 'mongodb/lib/cmap/connection.js';
import { MessageLengths } from './message-bound.ts';

const bench = new HostBench();
let server: Server | undefined;
afterEach(async () => {
  await bench.close();
  server?.close();
});

/** Answers whatever is asked with a message that announces this length. */
async function announcing(length: number): Promise<string> {
  server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', () => {
      const head = Buffer.alloc(64);
      head.writeInt32LE(length, 0);
      socket.write(head);
    });
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return `mongodb://127.0.0.1:${(server.address() as AddressInfo).port}/shop`;
}

/** What a catalogue of the server that stands there fails with. */
async function refusal(url: string): Promise<string> {
  bench.connections.docs = { type: 'mongodb', url };
  const opened = await bench.host();
  const { message } = await failureOf(ask(opened, 'catalogue', { connection: 'docs' }, { timeoutMs: 15_000 }));
  await opened.close();
  return message;
}

test('a message that is too short or too long ends the connection at once', async () => {
  // Unbound, the driver would read for ever, and nobody could say so: so that it is bound is seen first.
  await refusal('mongodb://127.0.0.1:1/shop');
  const reader = new SizedMessageTransform({ connection: {} });
  const broken = new Promise<Error>((resolve, reject) => reader.on('error', resolve).on('data', () => reject(new Error('It was read'))));
  reader.write(Buffer.from([8, 0, 0, 0, 0, 0, 0, 0]));
  expect((await broken).message).toContain('a message of 8 bytes');
  for (const length of [8, 0, 2_000_000_000]) {
    expect(await refusal(await announcing(length))).toContain(`announced a message of ${length} bytes`);
    server?.close();
  }
});

test('lengths are read wherever a message is cut', () => {
  const message = Buffer.alloc(40);
  message.writeInt32LE(40, 0);
  const all = Buffer.concat([message, message, message]);
  for (let size = 1; size <= all.length; size += 1) {
    const lengths = new MessageLengths();
    for (let at = 0; at < all.length; at += size) lengths.take(all.subarray(at, at + size));
    for (const wrong of [0, -1, 15, 48_000_001]) {
      const head = Buffer.alloc(4);
      head.writeInt32LE(wrong, 0);
      expect(() => new MessageLengths().take(head)).toThrow(`a message of ${wrong} bytes`);
    }
    const zero = Buffer.alloc(4);
    expect(() => lengths.take(zero)).toThrow('a message of 0 bytes');
  }
});
